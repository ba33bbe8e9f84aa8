import ColStore
import Query

/// Integers kept in as few bytes as they need: `value = base + step * stored`.
struct NarrowColumn: Sendable {
  private enum Place {
    case memory(Buffer)
    case file(SpillFile, offset: Int)
  }

  let count: Int
  private let base: Int64
  private let step: Int64
  /// Bytes of a stored number: 0, 1, 2, 4 or 8.
  private let width: Int
  private let place: Place

  init(_ values: UnsafePointer<Int64>, count: Int) {
    self.count = count
    var (low, high) = (Int64.max, Int64.min)
    for row in 0..<count {
      low = min(low, values[row])
      high = max(high, values[row])
    }
    let span = count == 0 ? 0 : UInt64(bitPattern: high &- low)
    var step: UInt64 = 1
    // Times are mostly whole seconds.
    if span >= 1 << 32, span / 1_000_000 < 1 << 32,
      (0..<count).allSatisfy({ UInt64(bitPattern: values[$0] &- low) % 1_000_000 == 0 })
    {
      step = 1_000_000
    }
    base = count == 0 ? 0 : low
    self.step = Int64(step)
    let largest = span / step
    switch largest {
    case 0: width = 0
    case ..<(1 << 8): width = 1
    case ..<(1 << 16): width = 2
    case ..<(1 << 32): width = 4
    default: width = 8
    }
    let stored = Buffer(byteCount: width * count)
    place = .memory(stored)
    switch width {
    case 1: fill(stored.pointer(UInt8.self), values)
    case 2: fill(stored.pointer(UInt16.self), values)
    case 4: fill(stored.pointer(UInt32.self), values)
    case 8: fill(stored.pointer(UInt64.self), values)
    default: break
    }
  }

  private init(_ column: NarrowColumn, place: Place) {
    count = column.count
    base = column.base
    step = column.step
    width = column.width
    self.place = place
  }

  /// Bytes that the numbers take.
  var byteCount: Int { width * count }

  /// The same column with its numbers in a file.
  func moved(to file: SpillFile) throws(QueryError) -> NarrowColumn {
    guard width > 0, case .memory(let stored) = place else { return self }
    let offset = try file.append(
      UnsafeRawBufferPointer(start: stored.base, count: byteCount))
    return NarrowColumn(self, place: .file(file, offset: offset))
  }

  private func fill<Word: FixedWidthInteger & BitwiseCopyable>(
    _ output: UnsafeMutablePointer<Word>, _ values: UnsafePointer<Int64>
  ) {
    if step == 1 {
      for row in 0..<count { output[row] = Word(truncatingIfNeeded: values[row] &- base) }
    } else {
      for row in 0..<count {
        output[row] = Word(
          truncatingIfNeeded: UInt64(bitPattern: values[row] &- base) / UInt64(bitPattern: step))
      }
    }
  }

  /// Writes all values to `output`.
  ///
  /// - Throws: ``QueryError`` where they are in a file that cannot be read.
  func copy(to output: UnsafeMutablePointer<Int64>) throws(QueryError) {
    try copy([(0..<count, 0)], to: output)
  }

  /// Writes the values of `pieces` to `output`, each from its target on.
  ///
  /// - Throws: ``QueryError`` where they are in a file that cannot be read.
  func copy(
    _ pieces: [(rows: Range<Int>, target: Int)], to output: UnsafeMutablePointer<Int64>
  ) throws(QueryError) {
    let stored: Buffer
    switch place {
    case .memory(let buffer): stored = buffer
    case .file(let file, let offset): stored = try file.read(byteCount, at: offset)
    }
    for (rows, target) in pieces {
      let output = output + target
      switch width {
      case 1: expand(stored.pointer(UInt8.self), rows, output)
      case 2: expand(stored.pointer(UInt16.self), rows, output)
      case 4: expand(stored.pointer(UInt32.self), rows, output)
      case 8: expand(stored.pointer(UInt64.self), rows, output)
      default: output.update(repeating: base, count: rows.count)
      }
    }
    withExtendedLifetime(stored) {}
  }

  private func expand<Word: FixedWidthInteger & BitwiseCopyable>(
    _ input: UnsafePointer<Word>, _ rows: Range<Int>, _ output: UnsafeMutablePointer<Int64>
  ) {
    let input = input + rows.lowerBound
    for row in 0..<rows.count {
      output[row] = base &+ step &* Int64(truncatingIfNeeded: input[row])
    }
  }
}

/// Rows of integers, column by column, as they are made; and what becomes of them.
final class WideRows {
  let width: Int
  private(set) var count = 0
  private var capacity = 0
  private(set) var columns: [UnsafeMutablePointer<Int64>]
  private var buffers: [Buffer]

  init(width: Int) {
    self.width = width
    buffers = (0..<width).map { _ in Buffer(byteCount: 0) }
    columns = buffers.map { $0.pointer(Int64.self) }
  }

  func removeAll() { count = 0 }

  /// Adds a row, whose values are undefined, and returns its number.
  func append() -> Int {
    if count == capacity { reserve(max(1024, capacity * 2)) }
    defer { count += 1 }
    return count
  }

  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    for column in 0..<width {
      let fresh = Buffer(Int64.self, count: wanted)
      fresh.pointer(Int64.self).update(from: columns[column], count: count)
      buffers[column] = fresh
      columns[column] = fresh.pointer(Int64.self)
    }
    capacity = wanted
  }

  /// The rows as narrow columns.
  func narrowed() -> [NarrowColumn] {
    columns.map { NarrowColumn(UnsafePointer($0), count: count) }
  }

  /// Makes room for as many rows, whose values are undefined.
  func resize(to rows: Int) {
    reserve(rows)
    count = rows
  }

  /// Takes the rows of `narrow` instead of its own.
  func load(_ narrow: [NarrowColumn]) throws(QueryError) {
    removeAll()
    try append(narrow)
  }

  /// Adds the rows of `narrow`.
  func append(_ narrow: [NarrowColumn]) throws(QueryError) {
    let first = count
    let wanted = first + (narrow.first?.count ?? 0)
    if wanted > capacity { reserve(max(wanted, first == 0 ? 0 : 2 * capacity)) }
    for column in 0..<width { try narrow[column].copy(to: columns[column] + first) }
    count = wanted
  }
}
