import ColStore
import Query

/// A result in memory, for pictures and further steps; of long results the beginning.
final class ResultTable: ResultSink {
  /// No more rows are kept.
  static let rowsMax = 200_000

  private(set) var fields: [Field] = []
  /// Of all rows, also those that are not kept.
  private(set) var rowCount = 0
  private var columns: [[Value]] = []

  func begin(schema: [Field]) throws {
    fields = schema
    columns = schema.map { _ in [] }
    rowCount = 0
  }

  func consume(_ batch: Batch) throws {
    let kept = min(batch.rowCount, max(0, ResultTable.rowsMax - rowCount))
    for (index, column) in batch.columns.enumerated() {
      for row in 0..<kept { columns[index].append(column.value(at: row)) }
    }
    rowCount += batch.rowCount
  }

  func end() throws {}

  /// The rows that are kept.
  var rows: Range<Int> { 0..<min(rowCount, ResultTable.rowsMax) }

  func has(_ name: String) -> Bool { index(of: name) != nil }

  private func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

  /// The column's numbers, times as seconds since 1970; nil for NULL and for what is no number.
  func numbers(_ name: String) -> [Double?] {
    guard let index = index(of: name) else { return rows.map { _ in nil } }
    let type = fields[index].type
    return columns[index].map { ResultTable.number($0, type) }
  }

  /// The column's numbers, with 0 for NULL.
  func counts(_ name: String) -> [Double] { numbers(name).map { $0 ?? 0 } }

  /// The column's texts; NULL is `(none)`.
  func names(_ name: String) -> [String] {
    guard let index = index(of: name) else { return rows.map { _ in "" } }
    let type = fields[index].type
    return columns[index].map { value in
      switch value {
      case .null: "(none)"
      case .string(let text): text.isEmpty ? "(empty)" : text
      case .bool(let flag): flag ? "true" : "false"
      case .int64(let number) where type == .date:
        ResultTable.text { TextWriting.date(number, to: $0) }
      case .int64(let number) where type == .integer || type == .bigint: String(number)
      default: ResultTable.number(value, type).map { "\($0)" } ?? "…"
      }
    }
  }

  func flags(_ name: String) -> [Bool] {
    guard let index = index(of: name) else { return rows.map { _ in false } }
    return columns[index].map { $0 == .bool(true) }
  }

  private static func number(_ value: Value, _ type: DataType) -> Double? {
    let plain: Double
    switch value {
    case .int64(let number): plain = Double(number)
    case .int128(let number): plain = Double(number)
    case .double(let number): return number.isFinite ? number : nil
    default: return nil
    }
    switch type {
    case .decimal(_, let scale):
      return (0..<scale).reduce(plain) { value, _ in value / 10 }
    case .timestamp: return plain / 1e6
    case .date: return plain * 86_400
    case .integer, .bigint: return plain
    default: return nil
    }
  }

  private static func text(_ write: (TextWriting.Output) -> Int) -> String {
    let buffer = TextBuffer()
    buffer.commit(write(buffer.reserve(TextWriting.bytesMax)))
    return buffer.string
  }
}

/// Hands results on to several sinks.
final class SeveralSinks: ResultSink {
  private let sinks: [any ResultSink]

  init(_ sinks: [any ResultSink]) { self.sinks = sinks }

  func begin(schema: [Field]) throws { for sink in sinks { try sink.begin(schema: schema) } }
  func consume(_ batch: Batch) throws { for sink in sinks { try sink.consume(batch) } }
  func end() throws { for sink in sinks { try sink.end() } }
}
