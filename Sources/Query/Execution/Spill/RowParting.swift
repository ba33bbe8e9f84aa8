import ColStore

/// The rows of a batch by a hash of their keys: rows with equal keys are in one part, each part in the
/// order of the batch.
struct RowParting: Sendable {
  /// Where each part begins, and the end.
  private let starts: [Int]
  private let order: Buffer?
  private let packedKeys: Buffer?

  /// - Parameter partCount: a power of two from 2 to 256.
  init(
    _ batch: Batch, keys: [CompiledExpression], partCount: Int, _ context: QueryContext
  ) throws(QueryError) {
    let count = batch.rowCount
    let hashes = RowHash.hashes(try Evaluator(context).evaluate(keys, batch), count: count)
    let hash = hashes.pointer(UInt64.self)
    let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let counts = PartCounts(workers: 1, partCount: partCount)
    let next = counts.of(0)
    for row in 0..<count { next[Int(hash[row] &>> shift)] &+= 1 }
    starts = counts.makePlaces()
    let order = Buffer(UInt32.self, count: count)
    for row in 0..<count {
      let part = Int(hash[row] &>> shift)
      order.pointer(UInt32.self)[next[part]] = UInt32(truncatingIfNeeded: row)
      next[part] &+= 1
    }
    self.order = order
    packedKeys = nil
    withExtendedLifetime((hashes, counts)) {}
  }

  /// Rows whose keys are an integer each.
  ///
  /// What goes to a part is gathered in a cache line before it is written there, for more parts are
  /// written to than the innermost cache has ways (software write combining; Balkesen et al. 2013).
  /// - Parameter keepsRows: Whether ``rows(of:)`` will be asked for.
  init(packed keys: UnsafePointer<UInt64>, count: Int, partCount: Int, keepsRows: Bool) {
    let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let counts = PartCounts(workers: 1, partCount: partCount)
    let next = counts.of(0)
    var row = 0
    while row < count {
      next[Int(PackedKeyHash.hash(keys[row]) &>> shift)] &+= 1
      row += 1
    }
    starts = counts.makePlaces()
    let packedKeys = Buffer(UInt64.self, count: count)
    let order = keepsRows ? Buffer(UInt32.self, count: count) : nil
    let keyLines = PartLines(packedKeys.pointer(UInt64.self), next, partCount: partCount)
    if let order {
      let rowLines = PartLines(order.pointer(UInt32.self), next, partCount: partCount)
      row = 0
      while row < count {
        let part = Int(PackedKeyHash.hash(keys[row]) &>> shift)
        keyLines.append(keys[row], to: part)
        rowLines.append(UInt32(truncatingIfNeeded: row), to: part)
        row += 1
      }
      rowLines.flush()
    } else {
      row = 0
      while row < count {
        keyLines.append(keys[row], to: Int(PackedKeyHash.hash(keys[row]) &>> shift))
        row += 1
      }
    }
    keyLines.flush()
    self.order = order
    self.packedKeys = packedKeys
    withExtendedLifetime(counts) {}
  }

  /// How many rows a part has.
  func count(of part: Int) -> Int { starts[part + 1] - starts[part] }

  /// The packed keys of a part's rows; nil where they did not come packed.
  func packedKeys(of part: Int) -> UnsafePointer<UInt64>? {
    packedKeys.map { UnsafePointer($0.pointer(UInt64.self) + starts[part]) }
  }

  /// The rows of a part, ascending, good as long as the parting is; none where they were not kept.
  func rows(of part: Int) -> UnsafeBufferPointer<UInt32> {
    guard let order else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: order.pointer(UInt32.self) + starts[part], count: count(of: part))
  }
}

/// A cache line for each part, whose values are written on when it is full.
private struct PartLines<Element: BitwiseCopyable> {
  private let output: UnsafeMutablePointer<Element>
  private let partCount: Int
  private let lines: Buffer
  /// Of each part, where its next line goes and how many values wait.
  private let places: Buffer
  private let waiting: Buffer

  private static var valuesOfLine: Int { 64 / MemoryLayout<Element>.stride }

  init(
    _ output: UnsafeMutablePointer<Element>, _ starts: UnsafePointer<Int>, partCount: Int
  ) {
    self.output = output
    self.partCount = partCount
    lines = Buffer(Element.self, count: partCount * Self.valuesOfLine)
    places = Buffer(Int.self, count: partCount)
    places.pointer(Int.self).update(from: starts, count: partCount)
    waiting = Buffer(Int.self, count: partCount)
    waiting.zero()
  }

  @inline(__always)
  func append(_ value: Element, to part: Int) {
    let line = lines.pointer(Element.self) + part &* Self.valuesOfLine
    let count = waiting.pointer(Int.self)[part]
    line[count] = value
    if count == Self.valuesOfLine &- 1 {
      let place = places.pointer(Int.self)[part]
      (output + place).update(from: line, count: Self.valuesOfLine)
      places.pointer(Int.self)[part] = place &+ Self.valuesOfLine
      waiting.pointer(Int.self)[part] = 0
    } else {
      waiting.pointer(Int.self)[part] = count &+ 1
    }
  }

  /// Writes what waits.
  func flush() {
    for part in 0..<partCount {
      (output + places.pointer(Int.self)[part]).update(
        from: lines.pointer(Element.self) + part * Self.valuesOfLine,
        count: waiting.pointer(Int.self)[part])
    }
  }
}
