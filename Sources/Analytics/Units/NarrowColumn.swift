import ColStore
import Query

/// Integers kept in as few bytes as they need: `value = base + step * stored`.
struct NarrowColumn: Sendable {
  private enum Place {
    case memory(Buffer)
    case file(SpillFile, offset: Int)
  }

  /// How the numbers of a column are stored.
  private struct Layout {
    let base: Int64
    let step: Int64
    /// Bytes of a stored number: 0, 1, 2, 4 or 8.
    let width: Int

    init(_ values: UnsafePointer<Int64>, count: Int) {
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
      switch span / step {
      case 0: width = 0
      case ..<(1 << 8): width = 1
      case ..<(1 << 16): width = 2
      case ..<(1 << 32): width = 4
      default: width = 8
      }
    }
  }

  let count: Int
  private let layout: Layout
  private let place: Place

  private init(count: Int, layout: Layout, place: Place) {
    self.count = count
    self.layout = layout
    self.place = place
  }

  /// Columns of `count` numbers each, in one piece of memory.
  static func columns(_ values: [UnsafePointer<Int64>], count: Int) -> [NarrowColumn] {
    let layouts = values.map { Layout($0, count: count) }
    // Each begins at a word.
    let sizes = layouts.map { ($0.width * count + 7) & ~7 }
    let memory = Buffer(byteCount: sizes.reduce(0, +))
    var offset = 0
    return values.indices.map { index in
      let stored = Buffer(part: memory, offset: offset, byteCount: sizes[index])
      offset += sizes[index]
      let column = NarrowColumn(count: count, layout: layouts[index], place: .memory(stored))
      column.fill(stored, values[index])
      return column
    }
  }

  /// Bytes that the numbers take.
  var byteCount: Int { layout.width * count }

  /// The same column with its numbers in a file.
  func moved(to file: SpillFile) throws(QueryError) -> NarrowColumn {
    guard byteCount > 0, case .memory(let stored) = place else { return self }
    let offset = try file.append(
      UnsafeRawBufferPointer(start: stored.base, count: byteCount))
    return NarrowColumn(count: count, layout: layout, place: .file(file, offset: offset))
  }

  private func fill(_ stored: Buffer, _ values: UnsafePointer<Int64>) {
    switch layout.width {
    case 1: fill(stored.pointer(UInt8.self), values)
    case 2: fill(stored.pointer(UInt16.self), values)
    case 4: fill(stored.pointer(UInt32.self), values)
    case 8: fill(stored.pointer(UInt64.self), values)
    default: break
    }
  }

  private func fill<Word: FixedWidthInteger & BitwiseCopyable>(
    _ output: UnsafeMutablePointer<Word>, _ values: UnsafePointer<Int64>
  ) {
    let base = layout.base
    if layout.step == 1 {
      for row in 0..<count { output[row] = Word(truncatingIfNeeded: values[row] &- base) }
    } else {
      let step = UInt64(bitPattern: layout.step)
      for row in 0..<count {
        output[row] = Word(truncatingIfNeeded: UInt64(bitPattern: values[row] &- base) / step)
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
      switch layout.width {
      case 1: expand(stored.pointer(UInt8.self), rows, output)
      case 2: expand(stored.pointer(UInt16.self), rows, output)
      case 4: expand(stored.pointer(UInt32.self), rows, output)
      case 8: expand(stored.pointer(UInt64.self), rows, output)
      default: output.update(repeating: layout.base, count: rows.count)
      }
    }
    withExtendedLifetime(stored) {}
  }

  private func expand<Word: FixedWidthInteger & BitwiseCopyable>(
    _ input: UnsafePointer<Word>, _ rows: Range<Int>, _ output: UnsafeMutablePointer<Int64>
  ) {
    let input = input + rows.lowerBound
    let (base, step) = (layout.base, layout.step)
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
    NarrowColumn.columns(columns.map { UnsafePointer($0) }, count: count)
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
