import Testing

@testable import ecq

@Suite struct HighlightingTests {
  /// Each styled piece with the first letter of its style.
  private func shown(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return highlighted(text).map { piece in
      "\(piece.style) \(String(decoding: bytes[piece.range], as: UTF8.self))"
    }
  }

  @Test(arguments: [
    ("SELECT a", ["keyword SELECT"]), ("count(*) FROM t", ["call count", "keyword FROM"]),
    ("'é' 1.5 $x \"n\"", ["string 'é'", "number 1.5", "parameter $x", "quotedName \"n\""]),
    ("a -- why\nb /* c /* d */ */", ["comment -- why", "comment /* c /* d */ */"]),
    ("SELECT 'open", ["keyword SELECT", "string 'open"]), ("a ` b", ["mistake ` b"]),
    ("left(x, 1) LEFT JOIN", ["call left", "number 1", "keyword LEFT", "keyword JOIN"]),
    (".mode json", ["keyword .mode"]), ("", []),
  ])
  func colours(text: String, pieces: [String]) { #expect(shown(text) == pieces) }
}
