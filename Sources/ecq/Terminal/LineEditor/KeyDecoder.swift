/// Turns the bytes that a terminal sends into keys.
///
/// Sequences that have not come to their end are kept for the next bytes; see ``flush()``.
struct KeyDecoder {
  private var bytes: [UInt8] = []
  private static let pasteEnd = Array("\u{1b}[201~".utf8)

  /// Whether the beginning of a sequence waits for its rest.
  var isWaiting: Bool { !bytes.isEmpty }

  mutating func decode(_ more: some Sequence<UInt8>) -> [Key] {
    bytes += more
    var keys: [Key] = []
    var at = 0
    while at < bytes.count, let (key, length) = next(at) {
      if case .text(let text) = key, case .text(let before)? = keys.last {
        keys[keys.count - 1] = .text(before + text)
      } else {
        keys.append(key)
      }
      at += length
    }
    bytes.removeFirst(at)
    return keys
  }

  /// What waits is all that comes: a lone Escape.
  mutating func flush() -> [Key] {
    defer { bytes = [] }
    return bytes.first == 0x1b ? [.escape] : bytes.isEmpty ? [] : [.other]
  }

  /// The key at `start` and its bytes; nil where some are missing.
  private func next(_ start: Int) -> (Key, Int)? {
    switch bytes[start] {
    case 0x1b: return escape(start)
    case 0x0d, 0x0a: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7f, 0x08: return (.backspace, 1)
    case 0x00..<0x20:
      return (.control(Character(UnicodeScalar(bytes[start] | 0x60)).lowercasedKey), 1)
    default:
      guard let (text, length) = character(start) else { return nil }
      return (.text(text), length)
    }
  }

  /// One scalar of UTF-8; a byte that begins none stands for the replacement character.
  private func character(_ start: Int) -> (String, Int)? {
    let length =
      switch bytes[start] {
      case 0xc2...0xdf: 2
      case 0xe0...0xef: 3
      case 0xf0...0xf4: 4
      default: 1
      }
    let found =
      bytes[start...].dropFirst().prefix { $0 & 0xc0 == 0x80 }.prefix(length - 1).count + 1
    if found < length {
      return start + found == bytes.count ? nil : ("\u{fffd}", found)
    }
    return (String(decoding: bytes[start..<start + length], as: UTF8.self), length)
  }

  private func escape(_ start: Int) -> (Key, Int)? {
    guard start + 1 < bytes.count else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return controlSequence(start)
    case UInt8(ascii: "O"):
      guard start + 2 < bytes.count else { return nil }
      return (Self.arrow(bytes[start + 2], isModified: false), 3)
    case 0x0d, 0x0a: return (.metaEnter, 2)
    case 0x7f, 0x08: return (.metaBackspace, 2)
    case 0x1b: return (.escape, 1)
    default:
      guard let (text, length) = character(start + 1), let letter = text.first else { return nil }
      return (.meta(letter), 1 + length)
    }
  }

  /// `ESC [ parameters final`.
  private func controlSequence(_ start: Int) -> (Key, Int)? {
    var end = start + 2
    while end < bytes.count, (0x20...0x3f).contains(bytes[end]) { end += 1 }
    guard end < bytes.count else { return nil }
    let length = end + 1 - start
    let text = String(decoding: bytes[start + 2..<end], as: UTF8.self)
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    let isModified = numbers.count > 1 && (numbers[1] ?? 1) > 1
    guard bytes[end] == UInt8(ascii: "~") else {
      return (Self.arrow(bytes[end], isModified: isModified), length)
    }
    switch numbers.first ?? nil {
    case 1, 7: return (.home, length)
    case 4, 8: return (.end, length)
    case 3: return (isModified ? .meta("d") : .delete, length)
    case 200: return paste(from: end + 1, start)
    default: return (.other, length)
    }
  }

  private func paste(from content: Int, _ start: Int) -> (Key, Int)? {
    guard let end = Self.index(of: Self.pasteEnd, in: bytes, from: content) else { return nil }
    var text = ""
    for character in String(decoding: bytes[content..<end], as: UTF8.self) {
      text.append(character == "\r\n" || character == "\r" ? "\n" : character)
    }
    return (.paste(text), end + Self.pasteEnd.count - start)
  }

  private static func index(of part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count - start >= part.count else { return nil }
    return (start...bytes.count - part.count).first { at in
      bytes[at] == part[0] && bytes[at..<at + part.count].elementsEqual(part)
    }
  }

  private static func arrow(_ final: UInt8, isModified: Bool) -> Key {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): isModified ? .wordRight : .right
    case UInt8(ascii: "D"): isModified ? .wordLeft : .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "Z"): .backTab
    case UInt8(ascii: "M"): .enter
    default: .other
    }
  }
}

extension Character {
  /// Ctrl-_ arrives as the byte 0x1f, which is `_` and not DEL with the bits of letters.
  fileprivate var lowercasedKey: Character { self == "\u{7f}" ? "_" : self }
}
