import ColStore

/// GLOB, `~~~`: `*` is any text, `?` any byte, `[a-z]` and `[!a-z]` sets of bytes, `\` takes the next
/// byte as it is.
enum Glob {
  static let function = TextFunctions.predicate(
    "~~~", aliases: ["glob"], signature: "text GLOB pattern"
  ) { text, pattern in
    matches(text.bytes[...], pattern.bytes[...])
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// Of several `*` only the last one is tried again, as those before it could gain nothing.
  private static func matches(_ text: Bytes, _ pattern: Bytes) -> Bool {
    var at = text.startIndex
    var place = pattern.startIndex
    var retry: (at: Int, place: Int)?
    while true {
      if place < pattern.endIndex, pattern[place] == UInt8(ascii: "*") {
        place += 1
        retry = (at, place)
        continue
      }
      if place == pattern.endIndex, at == text.endIndex { return true }
      if at < text.endIndex, place < pattern.endIndex,
        let next = single(text[at], pattern, place)
      {
        at += 1
        place = next
        continue
      }
      guard let last = retry, last.at < text.endIndex else { return false }
      at = last.at + 1
      place = last.place
      retry = (at, place)
    }
  }

  /// The place behind the part of the pattern that stands for one byte, if `byte` fits it.
  private static func single(_ byte: UInt8, _ pattern: Bytes, _ place: Int) -> Int? {
    switch pattern[place] {
    case UInt8(ascii: "?"): return place + 1
    case UInt8(ascii: "\\"):
      let next = place + 1
      return next < pattern.endIndex && pattern[next] == byte ? next + 1 : nil
    case UInt8(ascii: "["):
      var at = place + 1
      let isNegated = at < pattern.endIndex && pattern[at] == UInt8(ascii: "!")
      if isNegated { at += 1 }
      var found = false
      var isFirst = true
      while at < pattern.endIndex, isFirst || pattern[at] != UInt8(ascii: "]") {
        isFirst = false
        if at + 2 < pattern.endIndex, pattern[at + 1] == UInt8(ascii: "-"),
          pattern[at + 2] != UInt8(ascii: "]")
        {
          if byte >= pattern[at] && byte <= pattern[at + 2] { found = true }
          at += 3
        } else {
          if byte == pattern[at] { found = true }
          at += 1
        }
      }
      guard at < pattern.endIndex else { return nil }
      return found != isNegated ? at + 1 : nil
    default: return pattern[place] == byte ? place + 1 : nil
    }
  }
}
