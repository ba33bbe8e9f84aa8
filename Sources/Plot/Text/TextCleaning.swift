/// Texts from data, made fit for a picture.
enum TextCleaning {
  /// No text of a picture is longer, in characters.
  static let charactersMax = 400

  /// The text without control characters, and no longer than is sensible.
  static func cleaned(_ text: String) -> String {
    let isPlain =
      text.utf8.count <= charactersMax && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    if isPlain { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(charactersMax) {
      let isControl =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      scalars.append(isControl ? " " : scalar)
    }
    return String(scalars)
  }

  /// The pieces between which a line may be broken, each with the blank or sign that ends it.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      word.append(character)
      if character == " " || character == "_" || character == "." || character == "-"
        || character == "/"
      {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
