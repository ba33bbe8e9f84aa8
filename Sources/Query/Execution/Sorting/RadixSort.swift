import ColStore

/// Sorts packed rows by their keys, least significant byte first; stable.
enum RadixSort {
  /// Returns the buffer that holds the sorted rows: `buffer` itself, or another.
  static func sort<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ buffer: Buffer, _ type: Key.Type, count: Int, bits: Int
  ) -> Buffer {
    if count <= 128 {
      insertionSort(buffer.pointer(PackedRow<Key>.self), count: count)
      return buffer
    }
    var source = buffer
    var target = Buffer(PackedRow<Key>.self, count: count)
    let histogram = Buffer(Int.self, count: 256)
    let starts = histogram.pointer(Int.self)
    var shift = 0
    while shift < bits {
      let rows = source.pointer(PackedRow<Key>.self)
      let output = target.pointer(PackedRow<Key>.self)
      histogram.zero()
      let amount = Key(truncatingIfNeeded: shift)
      for row in 0..<count { starts[Int(truncatingIfNeeded: (rows[row].key >> amount) & 255)] += 1 }
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
        let digit = Int(truncatingIfNeeded: (rows[row].key >> amount) & 255)
        output[starts[digit]] = rows[row]
        starts[digit] += 1
      }
      swap(&source, &target)
    }
    return withExtendedLifetime((histogram, target)) { source }
  }

  private static func insertionSort<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
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

/// Picks the first few packed rows with a heap of that size, whose top is the last of them.
enum TopRows {
  static func pick<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
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
  private static func sink<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
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
