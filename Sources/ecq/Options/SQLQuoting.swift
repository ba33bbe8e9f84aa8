/// Names and texts as SQL takes them, whatever is in them.
enum SQLQuoting {
  static func name(_ name: String) -> String { quoted(name, by: "\"") }
  static func literal(_ text: String) -> String { quoted(text, by: "'") }

  private static func quoted(_ text: String, by quote: Character) -> String {
    let inner = text.split(separator: quote, omittingEmptySubsequences: false)
      .joined(separator: "\(quote)\(quote)")
    return "\(quote)\(inner)\(quote)"
  }
}
