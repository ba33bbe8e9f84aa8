/// A mark of an axis with what is written at it.
struct Tick: Hashable, Sendable {
  var value: Double
  var label: String
  /// A second line: the year under a day.
  var note = ""
}
