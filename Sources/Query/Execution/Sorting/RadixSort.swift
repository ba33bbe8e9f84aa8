import ColStore

/// Sorts packed rows by their keys, least significant byte first; stable.
enum RadixSort {
  /// So few rows are sorted in place.
  static let smallMax = 128

  /// Returns the buffer that holds the sorted rows: `buffer` itself, or another.
  static func sort<Key: PackedKey>(
    _ buffer: Buffer, _ type: Key.Type, count: Int, bits: Int
  ) -> Buffer {
    let rows = buffer.pointer(PackedRow<Key>.self)
    if count <= smallMax {
      insertionSort(rows, count: count)
      return buffer
    }
    let other = Buffer(PackedRow<Key>.self, count: count)
    let sorted = sort(
      rows, scratch: other.pointer(PackedRow<Key>.self), count: count, bits: bits)
    return withExtendedLifetime((buffer, other)) { sorted == rows ? buffer : other }
  }

  /// Returns where the sorted rows are: at `rows` or at `scratch`.
  private static func sort<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<PackedRow<Key>>,
    scratch: UnsafeMutablePointer<PackedRow<Key>>, count: Int, bits: Int
  ) -> UnsafeMutablePointer<PackedRow<Key>> {
    if count <= smallMax {
      insertionSort(rows, count: count)
      return rows
    }
    var (source, target) = (rows, scratch)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { histogram in
      guard let starts = histogram.baseAddress else { return }
      var shift = 0
      while shift < bits {
        starts.initialize(repeating: 0, count: 256)
        let amount = Key(truncatingIfNeeded: shift)
        for row in 0..<count {
          starts[Int(truncatingIfNeeded: (source[row].key >> amount) & 255)] += 1
        }
        shift += 8
        let isConstant = (0..<256).contains { starts[$0] == count }
        if isConstant { continue }
        var sum = 0
        for digit in 0..<256 {
          let found = starts[digit]
          starts[digit] = sum
          sum += found
        }
        for row in 0..<count {
          let digit = Int(truncatingIfNeeded: (source[row].key >> amount) & 255)
          target[starts[digit]] = source[row]
          starts[digit] += 1
        }
        swap(&source, &target)
      }
    }
    return source
  }

  /// The same by several threads: rows are parted by their keys' highest bits, and part after part is
  /// sorted by the others.
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
        let own = parted.pointer(PackedRow<Key>.self) + parts[part]
        let sorted = sort(
          own, scratch: buffer.pointer(PackedRow<Key>.self) + parts[part], count: size,
          bits: bits - partBits)
        if sorted != own { own.update(from: sorted, count: size) }
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
