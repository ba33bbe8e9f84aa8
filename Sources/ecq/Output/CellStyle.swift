import ColStore

/// How a format writes one value: what stands for NULL, and what of a text must be escaped.
///
/// Numbers and booleans are written bare by every format; `quotesTimes` puts dates, times and UUIDs
/// between double quotes. Texts pass through untouched where `needsEscaping` says no.
protocol CellStyle {
  var null: StringView { get }
  var quotesTimes: Bool { get }
  /// Whether numbers that may not fit a double stand between double quotes; see ``LargeNumbers``.
  var quotesLargeNumbers: Bool { get }
  /// The words for NaN and the infinities.
  var nonFinite: NonFiniteWords { get }
  /// Whether ``appendNested(_:row:to:)`` writes final text, or a text that is to be escaped.
  var nestedIsFinal: Bool { get }

  func needsEscaping(_ text: StringView) -> Bool
  /// No escaped text of `count` bytes is longer.
  func escapedBytesMax(_ count: Int) -> Int
  /// Writes the escaped text and returns its bytes.
  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int
  /// A list or a map.
  func appendNested(_ vector: Vector, row: Int, to buffer: TextBuffer)
}

struct NonFiniteWords {
  let nan: StaticString
  let infinity: StaticString
  let negativeInfinity: StaticString

  /// As in CSV and in casts.
  static let short = NonFiniteWords(nan: "nan", infinity: "inf", negativeInfinity: "-inf")
  /// As JavaScript and DuckDB's JSON output.
  static let long = NonFiniteWords(
    nan: "NaN", infinity: "Infinity", negativeInfinity: "-Infinity")

  func word(for value: Double) -> StaticString {
    value.isNaN ? nan : value < 0 ? negativeInfinity : infinity
  }
}

private let usualNull = ("NULL" as StaticString).view

extension CellStyle {
  var null: StringView { usualNull }
  var quotesTimes: Bool { false }
  var quotesLargeNumbers: Bool { false }
  var nonFinite: NonFiniteWords { .short }
  var nestedIsFinal: Bool { false }

  func appendNested(_ vector: Vector, row: Int, to buffer: TextBuffer) {
    buffer.append(vector, row: row)
  }

  /// Whether values of a numeric type stand between quotes.
  func quotes(_ type: DataType) -> Bool {
    guard quotesLargeNumbers else { return false }
    switch type {
    case .bigint: return true
    case .decimal(let precision, _): return precision > 15
    default: return false
    }
  }

  /// A single text as the style writes it; for headers, not for loops over rows.
  func escaped(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
      let view = bytes.baseAddress.map { StringView(start: $0, count: bytes.count) } ?? .empty
      guard needsEscaping(view) else { return String(decoding: bytes, as: UTF8.self) }
      return String(unsafeUninitializedCapacity: escapedBytesMax(bytes.count)) { output in
        output.baseAddress.map { escape(view, to: $0) } ?? 0
      }
    }
  }
}

extension StaticString {
  /// The bytes, which live for ever.
  var view: StringView { StringView(start: utf8Start, count: utf8CodeUnitCount) }
}
