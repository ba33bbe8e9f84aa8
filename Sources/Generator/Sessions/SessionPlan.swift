/// What a session is drawn to be before its events are made.
struct SessionPlan {
  enum Outcome {
    case looking
    case carting
    case buying
  }

  var start: Int
  var user: UInt32
  var outcome: Outcome
  var eventCount: Int
  /// Whether the carts of a buying session are recorded.
  var recordsCarts: Bool
  /// The product that is carted or bought, or looked at first.
  var target: Int
}
