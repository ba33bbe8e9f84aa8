import ColStore

/// Packed keys of rows, parted by their hash as they come, for one worker.
///
/// What goes to a part is gathered in a cache line before it is written on, for there are more parts than
/// the innermost cache has ways (software write combining; Balkesen et al. 2013).
final class PartedWords {
  private let shift: UInt64
  private let keys: PartLines<UInt64>
  /// Which row each key is of, where somebody will ask.
  private let rows: PartLines<UInt32>?

  /// - Parameters:
  ///   - partCount: a power of two, 2 at least.
  ///   - keepsRows: Whether ``rows(of:)`` will be asked for.
  ///   - expected: About how many keys there will be, if that is known.
  init(partCount: Int, keepsRows: Bool, expected: Int = 0) {
    shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    // Parts differ by a few roots of their size.
    let share = expected / partCount
    let ofPart = share + 4 * Int(Double(share).squareRoot())
    keys = PartLines(partCount: partCount, valuesOfPart: ofPart)
    rows = keepsRows ? PartLines(partCount: partCount, valuesOfPart: ofPart) : nil
  }

  /// Adds the keys of the rows from number `first` on.
  func append(_ packed: UnsafePointer<UInt64>, count: Int, first: Int) {
    var row = 0
    if let rows {
      while row < count {
        let part = part(packed[row])
        keys.append(packed[row], to: part)
        rows.append(UInt32(truncatingIfNeeded: first &+ row), to: part)
        row += 1
      }
    } else {
      while row < count {
        keys.append(packed[row], to: part(packed[row]))
        row += 1
      }
    }
  }

  @inline(__always)
  private func part(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: PackedKeyHash.hash(key) &>> shift)
  }

  /// To be called before parts are read.
  func flush() {
    keys.flush()
    rows?.flush()
  }

  func keys(of part: Int) -> UnsafeBufferPointer<UInt64> { keys.values(of: part) }

  /// Ascending; none where rows are not kept.
  func rows(of part: Int) -> UnsafeBufferPointer<UInt32> {
    rows?.values(of: part) ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  func removeAll() {
    keys.removeAll()
    rows?.removeAll()
  }
}

/// The values of each part, and a cache line for each, which is written on when it is full.
private final class PartLines<Element: BitwiseCopyable> {
  private let partCount: Int
  private let lines: Buffer
  /// How many values wait in each line.
  private let waiting: Buffer
  /// Where the next line of each part goes, and where its memory ends.
  private let places: Buffer
  private let ends: Buffer
  private var memory: [Buffer]

  private static var valuesOfLine: Int { 64 / MemoryLayout<Element>.stride }

  /// - Parameter valuesOfPart: About how many values each part will have.
  init(partCount: Int, valuesOfPart: Int) {
    self.partCount = partCount
    lines = Buffer(Element.self, count: partCount * Self.valuesOfLine)
    waiting = Buffer(Int.self, count: partCount)
    waiting.zero()
    places = Buffer(UnsafeMutablePointer<Element>.self, count: partCount)
    ends = Buffer(UnsafeMutablePointer<Element>.self, count: partCount)
    let capacity = (valuesOfPart / Self.valuesOfLine + 1) * Self.valuesOfLine
    memory = (0..<partCount).map { _ in Buffer(Element.self, count: capacity) }
    for part in 0..<partCount {
      place[part] = memory[part].pointer()
      end[part] = place[part] + capacity
    }
  }

  @inline(__always)
  private var place: UnsafeMutablePointer<UnsafeMutablePointer<Element>> { places.pointer() }
  @inline(__always)
  private var end: UnsafeMutablePointer<UnsafeMutablePointer<Element>> { ends.pointer() }

  @inline(__always)
  func append(_ value: Element, to part: Int) {
    let line = lines.pointer(Element.self) + part &* Self.valuesOfLine
    let count = waiting.pointer(Int.self)[part]
    line[count] = value
    if count < Self.valuesOfLine &- 1 {
      waiting.pointer(Int.self)[part] = count &+ 1
      return
    }
    waiting.pointer(Int.self)[part] = 0
    if place[part] == end[part] { grow(part) }
    place[part].update(from: line, count: Self.valuesOfLine)
    place[part] += Self.valuesOfLine
  }

  /// Makes room for twice as many values, whole lines.
  private func grow(_ part: Int) {
    let base = memory[part].pointer(Element.self)
    let (used, capacity) = (place[part] - base, end[part] - base)
    let larger = Buffer(Element.self, count: 2 * capacity)
    larger.pointer(Element.self).update(from: base, count: used)
    memory[part] = larger
    place[part] = larger.pointer(Element.self) + used
    end[part] = larger.pointer(Element.self) + 2 * capacity
  }

  /// Writes what waits; then only ``removeAll()`` may follow.
  func flush() {
    for part in 0..<partCount {
      if place[part] == end[part] { grow(part) }
      let count = waiting.pointer(Int.self)[part]
      place[part].update(
        from: lines.pointer(Element.self) + part * Self.valuesOfLine, count: count)
      place[part] += count
    }
  }

  func values(of part: Int) -> UnsafeBufferPointer<Element> {
    let base = memory[part].pointer(Element.self)
    return UnsafeBufferPointer(start: base, count: place[part] - base)
  }

  func removeAll() {
    waiting.zero()
    for part in 0..<partCount { place[part] = memory[part].pointer() }
  }
}
