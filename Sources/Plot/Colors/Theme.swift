/// The colours of what is not data.
enum Theme {
  static let background = Color.white
  static let text = Color(0x1F2328)
  static let secondaryText = Color(0x57606A)
  static let axis = Color(0x8C959F)
  static let grid = Color(0xE6E8EB)
  static let missing = Color(0xF0F0F0)
  static let hatching = Color(0xB8BEC5)
}
