import ColStore

/// Sorts packed rows by their keys, most significant bits first; stable.
///
/// Rows are parted by as many of the highest bits in which their keys differ as leave a few rows in each
/// part, which are then put in order one by one. Bits that are the same in all keys cost nothing.
enum RadixSort {
  /// So few rows are put in order one by one.
  private static let insertedMax = 24
  /// About as many rows are to be in a part.
  private static let rowsOfPart = 8
  private static let digitBitsMax = 11

  static func sort<Key: PackedKey>(_ buffer: Buffer, _ type: Key.Type, count: Int) {
    let scratch = Buffer(PackedRow<Key>.self, count: count)
    sort(
      buffer.pointer(PackedRow<Key>.self), scratch: scratch.pointer(PackedRow<Key>.self),
      count: count)
    withExtendedLifetime((buffer, scratch)) {}
  }

  /// Sorts `count` rows in place.
  static func sort<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<PackedRow<Key>>,
    scratch: UnsafeMutablePointer<PackedRow<Key>>, count: Int
  ) {
    sort(rows, scratch, count, inOther: false)
  }

  /// Leaves the sorted rows at `rows`, or at `other`.
  private static func sort<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<PackedRow<Key>>, _ other: UnsafeMutablePointer<PackedRow<Key>>,
    _ count: Int, inOther: Bool
  ) {
    if count <= insertedMax {
      if inOther { other.update(from: rows, count: count) }
      return insertionSort(inOther ? other : rows, count: count)
    }
    var differing: Key = 0
    let first = rows[0].key
    for row in 1..<count { differing |= rows[row].key ^ first }
    if differing == 0 {
      if inOther { other.update(from: rows, count: count) }
      return
    }
    let high = Key.bitWidth - differing.leadingZeroBitCount
    let wanted = Int.bitWidth - (count / rowsOfPart).leadingZeroBitCount
    let digitBits = min(high, wanted, digitBitsMax)
    let shift = Key(truncatingIfNeeded: high - digitBits)
    let digitCount = 1 << digitBits
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: digitCount) { histogram in
      guard let ends = histogram.baseAddress else { return }
      ends.initialize(repeating: 0, count: digitCount)
      for row in 0..<count { ends[digit(rows[row].key, shift, digitCount)] &+= 1 }
      var sum: UInt32 = 0
      for digit in 0..<digitCount {
        let found = ends[digit]
        ends[digit] = sum
        sum &+= found
      }
      for row in 0..<count {
        let digit = digit(rows[row].key, shift, digitCount)
        other[Int(ends[digit])] = rows[row]
        ends[digit] &+= 1
      }
      var start = 0
      for digit in 0..<digitCount {
        let end = Int(ends[digit])
        if end > start { sort(other + start, rows + start, end - start, inOther: !inOther) }
        start = end
      }
    }
  }

  @inline(__always)
  private static func digit<Key: PackedKey>(_ key: Key, _ shift: Key, _ count: Int) -> Int {
    Int(truncatingIfNeeded: key &>> shift) & (count - 1)
  }

  /// Sorts by several threads: rows are parted by their keys' highest bits, and part after part is
  /// sorted. Returns the buffer that holds the sorted rows.
  static func sort<Key: PackedKey>(
    _ buffer: Buffer, _ type: Key.Type, count: Int, bits: Int, threads: Int
  ) -> Buffer {
    let partBits = min(bits, partBitsMax)
    let partCount = 1 << partBits
    let shift = Key(truncatingIfNeeded: bits - partBits)
    let parted = Buffer(PackedRow<Key>.self, count: count)
    let counts = PartCounts(workers: threads, partCount: partCount)
    inParallel(threads) { worker in
      let rows = buffer.pointer(PackedRow<Key>.self)
      let own = counts.of(worker)
      for row in count * worker / threads..<count * (worker + 1) / threads {
        own[Int(truncatingIfNeeded: rows[row].key >> shift)] &+= 1
      }
    }
    let parts = counts.makePlaces()
    inParallel(threads) { worker in
      let (rows, output) = (
        buffer.pointer(PackedRow<Key>.self), parted.pointer(PackedRow<Key>.self)
      )
      let own = counts.of(worker)
      for row in count * worker / threads..<count * (worker + 1) / threads {
        let part = Int(truncatingIfNeeded: rows[row].key >> shift)
        output[own[part]] = rows[row]
        own[part] &+= 1
      }
    }
    let work = WorkCounter(count: partCount)
    inParallel(threads) { _ in
      while let part = work.next() {
        let size = parts[part + 1] - parts[part]
        sort(
          parted.pointer(PackedRow<Key>.self) + parts[part],
          scratch: buffer.pointer(PackedRow<Key>.self) + parts[part], count: size)
      }
    }
    return withExtendedLifetime(buffer) { parted }
  }

  private static let partBitsMax = 10

  private static func insertionSort<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<PackedRow<Key>>, count: Int
  ) {
    var index = 1
    while index < count {
      let moving = rows[index]
      var place = index
      while place > 0, moving < rows[place - 1] {
        rows[place] = rows[place - 1]
        place -= 1
      }
      rows[place] = moving
      index += 1
    }
  }
}

/// Runs `body` once for each worker.
func inParallel(_ workers: Int, _ body: @Sendable (Int) -> Void) {
  // Nothing is thrown.
  try? runWorkers(workers) { worker in body(worker) }
}

/// Picks the first few packed rows with a heap of that size, whose top is the last of them.
enum TopRows {
  static func pick<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<PackedRow<Key>>, count: Int, wanted: Int
  ) -> Buffer {
    let buffer = Buffer(PackedRow<Key>.self, count: wanted)
    let heap = buffer.pointer(PackedRow<Key>.self)
    heap.update(from: rows, count: wanted)
    for index in stride(from: wanted / 2 - 1, through: 0, by: -1) {
      sink(heap, index, wanted)
    }
    var row = wanted
    while row < count {
      if rows[row] < heap[0] {
        heap[0] = rows[row]
        sink(heap, 0, wanted)
      }
      row += 1
    }
    // Take the last off the top again and again.
    var size = wanted
    while size > 1 {
      size -= 1
      let last = heap[0]
      heap[0] = heap[size]
      heap[size] = last
      sink(heap, 0, size)
    }
    return buffer
  }

  @inline(__always)
  private static func sink<Key: PackedKey>(
    _ heap: UnsafeMutablePointer<PackedRow<Key>>, _ start: Int, _ count: Int
  ) {
    var index = start
    let moving = heap[index]
    while true {
      var child = index * 2 + 1
      if child >= count { break }
      if child + 1 < count, heap[child] < heap[child + 1] { child += 1 }
      if !(moving < heap[child]) { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = moving
  }
}
