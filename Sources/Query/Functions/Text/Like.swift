import ColStore
import Glibc

/// LIKE and ILIKE: `~~`, `!~~`, `~~*`, `!~~*`, by code point.
enum Like {
  static let functions: [ScalarFunction] = [
    function("~~", aliases: ["like"], ignoresCase: false, negated: false),
    function("!~~", aliases: ["not_like"], ignoresCase: false, negated: true),
    function("~~*", aliases: ["ilike"], ignoresCase: true, negated: false),
    function("!~~*", aliases: ["not_ilike"], ignoresCase: true, negated: true),
    escaped("like_escape", ignoresCase: false, negated: false),
    escaped("not_like_escape", ignoresCase: false, negated: true),
    escaped("ilike_escape", ignoresCase: true, negated: false),
    escaped("not_ilike_escape", ignoresCase: true, negated: true),
  ]

  private static func function(
    _ name: String, aliases: [String], ignoresCase: Bool, negated: Bool
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar, .varchar], .boolean) {
      arguments, count throws(QueryError) in
      try match(
        arguments[0], arguments[1], escape: nil, ignoresCase: ignoresCase, negated: negated, count)
    }
    return ScalarFunction(
      name, aliases: aliases, signature: "text \(ignoresCase ? "ILIKE" : "LIKE") pattern",
      overloads: [overload])
  }

  private static func escaped(_ name: String, ignoresCase: Bool, negated: Bool) -> ScalarFunction {
    let overload = ScalarOverload(
      name: name, [.varchar, .varchar, .varchar], .boolean, canFail: true
    ) { arguments, count throws(QueryError) in
      try match(
        arguments[0], arguments[1], escape: arguments[2], ignoresCase: ignoresCase,
        negated: negated, count)
    }
    return ScalarFunction(name, signature: "\(name)(text, pattern, escape)", overloads: [overload])
  }

  private static func match(
    _ text: Vector, _ pattern: Vector, escape: Vector?, ignoresCase: Bool, negated: Bool,
    _ count: Int
  ) throws(QueryError) -> Vector {
    let texts = Rows<StringView>(text)
    let patterns = Rows<StringView>(pattern)
    let escapes = escape.map { Rows<StringView>($0) }
    let isFixed = pattern.layout == .constant && (escape.map { $0.layout == .constant } ?? true)
    var compiled: LikePattern?
    let output = FlatBuilder<UInt8>(count: count)
    for row in 0..<count {
      if texts.isNull(row) || patterns.isNull(row) || escapes?.isNull(row) ?? false {
        output[row] = 0
        continue
      }
      let matcher: LikePattern
      if isFixed, let compiled {
        matcher = compiled
      } else {
        matcher = try LikePattern(
          patterns[row], escape: escapes?[row], ignoresCase: ignoresCase)
        compiled = matcher
      }
      let view = ignoresCase ? CaseMapping.lower(texts[row], matcher.scratch) : texts[row]
      output[row] = matcher.matches(view) != negated ? 1 : 0
    }
    return withExtendedLifetime((text, pattern)) { output.finish(.boolean) }
  }
}

/// A LIKE pattern cut at its `%`: literal pieces (with `_` holes) that must follow each other.
final class LikePattern {
  /// A piece's bytes, and which of them stand for one code point each (`_`).
  private struct Piece {
    var bytes: [UInt8] = []
    var wild: [Bool] = []
    var hasWild = false
  }

  private var pieces: [Piece]
  private let startsOpen: Bool
  private let endsOpen: Bool
  let scratch = TextBuffer()

  init(_ pattern: StringView, escape: StringView?, ignoresCase: Bool) throws(QueryError) {
    let buffer = TextBuffer()
    if let escape, escape.count > 1 {
      throw QueryError(.value, "the escape of LIKE is one character, not '\(escape.string)'")
    }
    var escapeByte = escape.flatMap { $0.count == 1 ? $0.start[0] : nil }
    var source = pattern
    if ignoresCase {
      // An escape is one in the case that it has: meanwhile it is a byte that the pattern has not.
      var bytes = Array(pattern.bytes)
      if let escape = escapeByte, escape >= 0x41, escape <= 0x5a,
        let mark = (1..<0x20).first(where: { !bytes.contains($0) })
      {
        bytes = bytes.map { $0 == escape ? mark : $0 }
        escapeByte = mark
      }
      source = bytes.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return .empty }
        return CaseMapping.lower(StringView(start: start, count: bytes.count), buffer)
      }
    }
    var pieces: [Piece] = [Piece()]
    var open: [Int] = []
    var at = 0
    let bytes = withExtendedLifetime(buffer) { Array(source.bytes) }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == escapeByte {
        at += 1
        guard at < bytes.count else {
          throw QueryError(.value, "a LIKE pattern ends with its escape character")
        }
        pieces[pieces.count - 1].bytes.append(bytes[at])
        pieces[pieces.count - 1].wild.append(false)
      } else if byte == 0x25 {
        open.append(pieces.count)
        pieces.append(Piece())
      } else {
        pieces[pieces.count - 1].bytes.append(byte)
        pieces[pieces.count - 1].wild.append(byte == 0x5f)
        if byte == 0x5f { pieces[pieces.count - 1].hasWild = true }
      }
      at += 1
    }
    startsOpen = !open.isEmpty && pieces[0].bytes.isEmpty
    endsOpen = !open.isEmpty && pieces[pieces.count - 1].bytes.isEmpty
    isExact = open.isEmpty
    self.pieces = isExact ? pieces : pieces.filter { !$0.bytes.isEmpty }
  }

  private let isExact: Bool

  func matches(_ text: StringView) -> Bool {
    if isExact { return end(of: pieces[0], in: text, at: 0) == text.count }
    var at = 0
    var index = 0
    var last = pieces.count
    if !startsOpen, index < last {
      guard let end = end(of: pieces[0], in: text, at: 0) else { return false }
      at = end
      index = 1
    }
    let anchored = !endsOpen && index < last
    if anchored { last -= 1 }
    while index < last {
      guard let end = find(pieces[index], in: text, from: at) else { return false }
      at = end
      index += 1
    }
    if !endsOpen && pieces.count > 0 && !anchored { return at == text.count }
    if anchored { return endsWith(pieces[last], text, from: at) }
    return true
  }

  /// Where `piece` ends when it starts at `start`; nil where it does not match there.
  private func end(of piece: Piece, in text: StringView, at start: Int) -> Int? {
    if !piece.hasWild {
      guard start + piece.bytes.count <= text.count else { return nil }
      let equal = piece.bytes.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { memcmp($0, text.start + start, bytes.count) == 0 } ?? true
      }
      return equal ? start + piece.bytes.count : nil
    }
    var at = start
    for index in piece.bytes.indices {
      guard at < text.count else { return nil }
      if piece.wild[index] {
        at += 1
        while at < text.count, text.start[at] & 0xc0 == 0x80 { at += 1 }
      } else {
        guard text.start[at] == piece.bytes[index] else { return nil }
        at += 1
      }
    }
    return at
  }

  private func find(_ piece: Piece, in text: StringView, from start: Int) -> Int? {
    if !piece.hasWild {
      return piece.bytes.withUnsafeBufferPointer { bytes in
        TextSearch.find(bytes, in: text, from: start).map { $0 + bytes.count }
      }
    }
    var at = start
    while at <= text.count {
      if let end = end(of: piece, in: text, at: at) { return end }
      at += 1
      while at < text.count, text.start[at] & 0xc0 == 0x80 { at += 1 }
    }
    return nil
  }

  private func endsWith(_ piece: Piece, _ text: StringView, from start: Int) -> Bool {
    if !piece.hasWild {
      let at = text.count - piece.bytes.count
      return at >= start && end(of: piece, in: text, at: at) != nil
    }
    var at = start
    while at <= text.count {
      if end(of: piece, in: text, at: at) == text.count { return true }
      at += 1
      while at < text.count, text.start[at] & 0xc0 == 0x80 { at += 1 }
    }
    return false
  }
}
