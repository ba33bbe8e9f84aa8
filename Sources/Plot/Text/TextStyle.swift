/// How a text looks: its size in points, whether it is bold, its colour.
struct TextStyle: Hashable, Sendable {
  var size: Double
  var isBold = false
  var color = Theme.text

  static let title = TextStyle(size: 17, isBold: true)
  static let panelTitle = TextStyle(size: 13.5, isBold: true)
  static let subtitle = TextStyle(size: 12, color: Theme.secondaryText)
  static let panelSubtitle = TextStyle(size: 10.5, color: Theme.secondaryText)
  static let tick = TextStyle(size: 11, color: Theme.secondaryText)
  static let axisTitle = TextStyle(size: 11.5, color: Theme.secondaryText)
  static let name = TextStyle(size: 11.5)
  static let value = TextStyle(size: 11)
  static let small = TextStyle(size: 10, color: Theme.secondaryText)
  static let source = TextStyle(size: 9.5, color: Theme.axis)

  func color(_ color: Color) -> TextStyle {
    var style = self
    style.color = color
    return style
  }

  func bold() -> TextStyle {
    var style = self
    style.isBold = true
    return style
  }

  /// What letters reach above and below the base line.
  var ascent: Double { size * 0.77 }
  var descent: Double { size * 0.24 }
  var height: Double { ascent + descent }
  var lineHeight: Double { size * 1.3 }
}
