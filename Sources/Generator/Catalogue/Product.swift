/// A product of the shop, as sessions and the row formatter need it.
struct Product: Sendable {
  /// Where `,product_id,category_id,category_code,brand,` stands in the catalogue's text.
  var textOffset: UInt32
  var textBytes: UInt8
  /// The same for the few products that are also listed under another brand, or 0 bytes.
  var otherTextBytes: UInt8
  /// Index of its category entry.
  var category: UInt16
  /// The usual price in cents.
  var price: Int32
  /// In how many periods of constant price the two months fall.
  var pricePeriods: UInt16
  /// Randomness of its own.
  var seed: UInt32
  /// It is for sale from `launch` to `retirement`, in seconds.
  var launch: Int32
  var retirement: Int32
  /// From then on it is listed at 0.00.
  var zeroPriceFrom: Int32
}
