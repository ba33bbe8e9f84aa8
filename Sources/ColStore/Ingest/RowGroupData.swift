import CKernels
import Glibc
import Synchronization

/// The rows of one row group in input order, filled by many threads: each fills its own rows.
final class RowGroupData: @unchecked Sendable {
  let index: Int
  let capacity: Int
  let columns: [ColumnData]
  /// Where the memory of this and other row groups comes from.
  let pool: BufferPool
  /// Grown in turn, before the rows are filled; read when all are.
  var files = RowFiles()
  private let filled = Atomic<Int>(0)

  init(index: Int, capacity: Int, plans: [ColumnPlan], pool: BufferPool) {
    self.pool = pool
    self.index = index
    self.capacity = capacity
    columns = plans.map { ColumnData($0, capacity: capacity, isFilled: index > 0, pool: pool) }
  }

  /// Copies rows `rows` of a chunk to `target` and following.
  func fill(from chunk: ParsedChunk, rows: Range<Int>, at target: Int, codeMaps: [[UInt32]?]) {
    for (number, column) in columns.enumerated() {
      column.fill(from: chunk.columns[number], rows: rows, at: target, codeMap: codeMaps[number])
    }
  }

  /// Says that `count` more rows are filled; true for the call that makes it `total`.
  func finishFilling(_ count: Int, of total: Int) -> Bool {
    filled.add(count, ordering: .acquiringAndReleasing).newValue == total
  }

  var filledCount: Int { filled.load(ordering: .acquiring) }
}

/// One column of a ``RowGroupData``: codes, words, wides or texts.
final class ColumnData: @unchecked Sendable {
  let plan: ColumnPlan
  private let capacity: Int
  /// Codes (`UInt32`), words (`Int64`), wides (`Int128`) or views of ``texts``.
  private(set) var values: Buffer
  /// Texts as the chunks hold them; rows point into them.
  private let texts = Mutex<[TextParser]>([])
  private let validityBuffer = Mutex<Buffer?>(nil)

  init(_ plan: ColumnPlan, capacity: Int, isFilled: Bool, pool: BufferPool) {
    self.plan = plan
    self.capacity = capacity
    let stride =
      plan.usesDictionary
      ? MemoryLayout<UInt32>.stride : plan.type.isStoredAsWords ? 8 : 16
    values = pool.buffer(byteCount: capacity * stride, isFilled: isFilled)
  }

  var codes: UnsafeMutablePointer<UInt32> { values.pointer() }
  var words: UnsafeMutablePointer<UInt64> { values.pointer() }
  var wides: UnsafeMutablePointer<Int128> { values.pointer() }
  var views: UnsafeMutablePointer<StringView> { values.pointer() }

  /// A byte a row, 0 where NULL; nil where no row is.
  var validity: Buffer? { validityBuffer.withLock { $0 } }

  /// Gives the memory back once all rows are encoded.
  func release() {
    values = Self.nothing
    texts.withLock { $0 = [] }
    validityBuffer.withLock { $0 = nil }
  }

  private static let nothing = Buffer(byteCount: 0)

  fileprivate func fill(
    from parser: ColumnParser, rows: Range<Int>, at target: Int, codeMap: [UInt32]?
  ) {
    switch parser {
    case let parser as DictionaryParser:
      guard let codeMap else { preconditionFailure("a dictionary column has a code map") }
      codeMap.withUnsafeBufferPointer { map in
        guard let map = map.baseAddress else { return }
        ecq_gather_u32(map, parser.codes.start + rows.lowerBound, rows.count, codes + target)
      }
      return
    case let parser as SpanColumn:
      let numbers = parser.rows.numbers.start + rows.lowerBound
      if parser.usesDictionary {
        ecq_gather_u32(parser.codes.start, numbers, rows.count, codes + target)
        return
      }
      parser.words.start.withMemoryRebound(to: UInt64.self, capacity: parser.words.count) {
        ecq_gather_u64($0, numbers, rows.count, words + target)
      }
    case let parser as WordParser:
      memcpy(words + target, parser.values.start + rows.lowerBound, rows.count * 8)
    case let parser as WideParser:
      memcpy(wides + target, parser.values.start + rows.lowerBound, rows.count * 16)
    case let parser as TextParser:
      for row in rows {
        let view = parser.view(row)
        views[target + row - rows.lowerBound] =
          view.baseAddress.map { StringView(start: $0, count: view.count) } ?? .empty
      }
      texts.withLock { $0.append(parser) }
    default: preconditionFailure("there is no other parser")
    }
    fillValidity(parser, rows: rows, at: target)
  }

  private func fillValidity(_ parser: ColumnParser, rows: Range<Int>, at target: Int) {
    guard parser.nullRows.count > 0 else { return }
    var isNullIn = false
    for index in 0..<parser.nullRows.count where rows.contains(Int(parser.nullRows[index])) {
      isNullIn = true
      break
    }
    guard isNullIn else { return }
    let valid = validityBuffer.withLock { buffer in
      if let buffer { return buffer.pointer(UInt8.self) }
      let fresh = Buffer(byteCount: capacity)
      memset(fresh.base, 1, capacity)
      buffer = fresh
      return fresh.pointer(UInt8.self)
    }
    for index in 0..<parser.nullRows.count {
      let row = Int(parser.nullRows[index])
      if rows.contains(row) { valid[target + row - rows.lowerBound] = 0 }
    }
  }
}
