/// A category as ``categoryEntries`` describes it, or an invented one of the long tail.
struct CategoryEntry: Sendable {
  /// The category code, empty for a category without one.
  var code: [UInt8]
  /// The identifiers of the category; several may share one code, the first is the usual one.
  var identifiers: [UInt64]
  /// The share of all events.
  var share: Double
  var productCount: Int
  var medianPrice: Double
  var priceSpread: Double
  /// Purchases for an event, relative to the whole shop.
  var buying: Double
  /// The chance that a buyer's cart was recorded before 8 November.
  var logged: Double
  /// Product identifiers have seven digits, or else eight.
  var hasShortProductIdentifiers: Bool
  /// Brand indices, -1 for none, with weights that sum up to 1.
  var brands: [(index: Int, weight: Double)]

  static func == (left: CategoryEntry, right: StaticString) -> Bool {
    left.code.elementsEqual(
      UnsafeBufferPointer(start: right.utf8Start, count: right.utf8CodeUnitCount))
  }
}
