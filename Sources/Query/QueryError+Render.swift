import ColStore

extension QueryError {
  /// The error for a terminal, in one to three lines:
  ///
  ///     unknown name: there is no column "brnd"; did you mean "brand"?
  ///     select brnd from events
  ///            ^
  ///
  /// The middle line is the one of `sql` that the error is about, cut around the place where it is
  /// long. Tabs count as one place and are shown as spaces.
  public func render(sql: String) -> String {
    var text = "\(kind.rawValue): \(message)"
    if let hint { text += "; \(hint)" }
    guard let position else { return text }
    let bytes = Array(sql.utf8)
    let place = min(max(position, 0), bytes.count)
    var start = place
    while start > 0 && bytes[start - 1] != 0x0A { start -= 1 }
    var end = place
    while end < bytes.count && bytes[end] != 0x0A && bytes[end] != 0x0D { end += 1 }
    if start == end && place > 0 {
      // The end of the text behind a last line feed: show the line before it.
      end = place
      while end > 0 && (bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D) { end -= 1 }
      start = end
      while start > 0 && bytes[start - 1] != 0x0A { start -= 1 }
    }
    var before = Self.shown(bytes[start..<min(place, end)])
    var after = Self.shown(bytes[min(place, end)..<end])
    if before.count > Self.contextMax {
      before = Array("…") + before.suffix(Self.contextMax - 1)
    }
    if after.count > Self.contextMax {
      after = Array(after.prefix(Self.contextMax - 1)) + Array("…")
    }
    let line = String(before + after)
    guard !line.isEmpty else { return text }
    let columns = before.reduce(0) { $0 + Self.width(of: $1) }
    return "\(text)\n\(line)\n\(String(repeating: " ", count: columns))^"
  }

  /// Characters shown on each side of the place.
  private static let contextMax = 100

  private static func shown(_ bytes: ArraySlice<UInt8>) -> [Character] {
    String(decoding: bytes, as: UTF8.self).map { character in
      let isControl = character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
      return isControl ? " " : character
    }
  }

  /// Terminal columns of a character: two for wide East Asian ones and emoji.
  private static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first?.value else { return 0 }
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
