/// Colours of categories that colour-blind readers can tell apart.
///
/// Those of Okabe and Ito, "Color Universal Design" (2008), the ones that stand out on white first.
public enum Palette {
  public static let blue = Color(0x0072B2)
  public static let vermilion = Color(0xD55E00)
  public static let green = Color(0x009E73)
  public static let orange = Color(0xE69F00)
  public static let purple = Color(0xCC79A7)
  public static let sky = Color(0x56B4E9)
  public static let grey = Color(0x7F7F7F)
  public static let yellow = Color(0xD6C700)

  public static let categories = [blue, vermilion, green, orange, purple, sky, grey, yellow]

  /// The colour of a category by its number; they repeat.
  public static func category(_ number: Int) -> Color {
    categories[Int(number.magnitude % UInt(categories.count))]
  }
}
