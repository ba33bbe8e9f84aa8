/// Seconds as text.
enum DurationText {
  private static let units: [(seconds: Double, name: String)] = [
    (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"),
  ]

  /// `35 s`, `2.5 min`, `1.2 h`, `3 d`.
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    if seconds == 0 { return "0 s" }
    for (size, name) in units where seconds.magnitude >= size {
      return NumberText.trimmed(seconds / size, seconds.magnitude < 10 * size ? 1 : 0) + " " + name
    }
    return NumberText.significant(seconds, 2) + " s"
  }
}
