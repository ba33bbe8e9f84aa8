import ColStore

/// Shapes of text functions, so that each function is what it does to one row.
enum TextFunctions {
  typealias Text = StringView

  /// A predicate over two texts.
  static func predicate(
    _ name: String, aliases: [String] = [], signature: String,
    _ body: @escaping @Sendable (Text, Text) -> Bool
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar, .varchar], .boolean) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], Text.self, Text.self, UInt8.self, to: .boolean, count: count,
        filler: 0
      ) { body($0, $1) ? 1 : 0 }
    }
    return ScalarFunction(name, aliases: aliases, signature: signature, overloads: [overload])
  }

  /// A number made of one text.
  static func measure(
    _ name: String, aliases: [String] = [], to type: DataType,
    _ body: @escaping @Sendable (Text) -> Int64
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar], type) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], Text.self, Int64.self, to: type, count: count, filler: 0
      ) { body($0) }
    }
    return ScalarFunction(
      name, aliases: aliases, signature: "\(name)(text)", overloads: [overload])
  }

  /// A text made of texts and integers, written into a buffer or borrowed from the first argument.
  static func overload(
    _ name: String, _ parameters: [DataType], canFail: Bool = false,
    _ body: @escaping @Sendable (TextRow, TextBuffer) throws(QueryError) -> Text?
  ) -> ScalarOverload {
    ScalarOverload(name: name, parameters, .varchar, canFail: canFail) {
      arguments, count throws(QueryError) in
      var row = TextRow(arguments)
      let buffer = TextBuilder.rowBuffer()
      var output = TextBuilder(count: count)
      for index in 0..<count {
        row.index = index
        if row.hasNull {
          output.set(index, .empty)
          continue
        }
        buffer.removeAll()
        guard let text = try body(row, buffer) else {
          output.setNull(index)
          continue
        }
        // What lies in the buffer is copied out; what lies in an argument is borrowed.
        let isBuffered =
          text.start >= UnsafePointer(buffer.start)
          && text.start <= UnsafePointer(buffer.start) + buffer.count
        if isBuffered || buffer.hasOverflowed {
          try output.set(index, copying: buffer)
        } else {
          output.set(index, text)
        }
      }
      return output.finish(borrowing: arguments)
    }
  }
}

/// The arguments of one row of a text function.
struct TextRow {
  private let texts: [Rows<StringView>?]
  private let numbers: [Rows<Int64>?]
  private let nulls: [Rows<UInt8>]
  var index = 0
  /// For functions of regular expressions.
  let cache = MachineCache()

  init(_ arguments: [Vector]) {
    texts = arguments.map { $0.type.physical == .string ? Rows<StringView>($0) : nil }
    numbers = arguments.map { $0.type.physical == .int64 ? Rows<Int64>($0) : nil }
    nulls = arguments.map { Rows<UInt8>($0) }
  }

  var hasNull: Bool {
    for column in nulls where column.isNull(index) { return true }
    return false
  }

  func text(_ argument: Int) -> StringView { texts[argument].map { $0[index] } ?? .empty }
  func number(_ argument: Int) -> Int64 { numbers[argument].map { $0[index] } ?? 0 }
}

extension TextBuffer {
  /// All that was appended, until the buffer is used again.
  var view: StringView { StringView(start: UnsafePointer(start), count: count) }
}

/// Code points of UTF-8 text.
enum CodePoints {
  static func count(_ text: StringView) -> Int {
    var count = 0
    for index in 0..<text.count where text.start[index] & 0xc0 != 0x80 { count += 1 }
    return count
  }

  /// The byte offset of code point `index`, or the text's length where it has fewer.
  static func offset(of index: Int, in text: StringView) -> Int {
    if index <= 0 { return 0 }
    var seen = 0
    for at in 0..<text.count where text.start[at] & 0xc0 != 0x80 {
      if seen == index { return at }
      seen += 1
    }
    return text.count
  }

  /// Code points `from..<to`.
  static func slice(_ text: StringView, _ from: Int, _ to: Int) -> StringView {
    guard from < to else { return .empty }
    let start = offset(of: from, in: text)
    let rest = StringView(start: text.start + start, count: text.count - start)
    return StringView(start: rest.start, count: offset(of: to - from, in: rest))
  }

  static func first(_ text: StringView) -> Unicode.Scalar? {
    let end = offset(of: 1, in: text)
    return StringView(start: text.start, count: end).string.unicodeScalars.first
  }
}
