/// A text with its place on a drawing.
struct PlacedText: Sendable {
  var text: String
  /// Where its base line starts.
  var origin: Point
  var width: Double
  var style: TextStyle
  /// Whether it stands, read from below upwards.
  var isUpright = false
}

/// Which part of a text lies at the point that it is put at.
struct TextAnchor: Sendable {
  enum Across: Sendable {
    case top
    case middle
    case baseline
    case bottom
  }

  /// Along the line: 0 its start, ½ its middle, 1 its end.
  var along: Double
  var across: Across

  static let leading = TextAnchor(along: 0, across: .middle)
  static let center = TextAnchor(along: 0.5, across: .middle)
  static let trailing = TextAnchor(along: 1, across: .middle)
  static let topLeading = TextAnchor(along: 0, across: .top)
  static let top = TextAnchor(along: 0.5, across: .top)
  static let topTrailing = TextAnchor(along: 1, across: .top)
  static let bottomLeading = TextAnchor(along: 0, across: .bottom)
  static let bottom = TextAnchor(along: 0.5, across: .bottom)
  static let bottomTrailing = TextAnchor(along: 1, across: .bottom)
}
