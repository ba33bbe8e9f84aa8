/// One row, before it is text.
struct Event {
  /// The session's UUID; both halves 0 for a row without a session.
  var sessionHigh: UInt64
  var sessionLow: UInt64
  /// Seconds since 1 October.
  var time: Int32
  var product: UInt32
  var cents: Int32
  var user: UInt32
  var action: Action
  /// Whether the row shows the product under its other brand.
  var usesOtherText: Bool

  enum Action: UInt8 {
    case view
    case cart
    case purchase
  }
}
