import ColStore

/// Finds the values of some ranks: in short ranges by partition (quickselect; Hoare, "Algorithm 65:
/// Find", CACM 4(7), 1961), in long ones first by counting their highest digits.
enum RankSelection {
  /// Ranges as short as this are sorted.
  private static let sortedMax = 24
  /// Ranges from this size on are counted.
  private static let countedMin = 1 << 12
  private static let digitBits = 11

  /// Calls `found` with the value of each of the `ranks`, from 0, by its place among them; changes the
  /// order of the values.
  static func select<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Key>, ranks: [Int], found: (_ slot: Int, Key) -> Void
  ) {
    select(
      values, ranks.indices.map { (slot: $0, rank: ranks[$0]) }.sorted { $0.rank < $1.rank }, found)
  }

  /// With ascending ranks.
  private static func select<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Key>, _ wanted: [(slot: Int, rank: Int)],
    _ found: (_ slot: Int, Key) -> Void
  ) {
    guard let base = values.baseAddress, !wanted.isEmpty else { return }
    if values.count < countedMin {
      var first = 0
      for (slot, rank) in wanted {
        if rank >= first { arrange(base, first, values.count, place: rank) }
        first = rank + 1
        found(slot, values[rank])
      }
      return
    }
    var (least, greatest) = (base[0], base[0])
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    let width = greatest - least
    if width == 0 {
      for (slot, _) in wanted { found(slot, least) }
      return
    }
    let shift = max(Key.bitWidth - width.leadingZeroBitCount - digitBits, 0)
    var counts = [Int](repeating: 0, count: 1 << digitBits)
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values { counts[Int((value - least) >> shift)] += 1 }
    }
    var below = 0
    var next = 0
    for digit in counts.indices where next < wanted.count {
      let first = next
      while next < wanted.count && wanted[next].rank < below + counts[digit] { next += 1 }
      if first < next {
        let own = wanted[first..<next].map { (slot: $0.slot, rank: $0.rank - below) }
        if shift == 0 {
          for (slot, _) in own { found(slot, least + Key(digit)) }
        } else {
          let same = Buffer(Key.self, count: counts[digit])
          var count = 0
          for value in values where Int((value - least) >> shift) == digit {
            same.pointer(Key.self)[count] = value
            count += 1
          }
          select(
            UnsafeMutableBufferPointer(start: same.pointer(Key.self), count: count), own, found)
          withExtendedLifetime(same) {}
        }
      }
      below += counts[digit]
    }
  }

  /// Orders `values` within `first..<end` as far as is needed for the value at `place`.
  private static func arrange<Key: FixedWidthInteger>(
    _ values: UnsafeMutablePointer<Key>, _ first: Int, _ end: Int, place: Int
  ) {
    var (low, high) = (first, end)
    // Where pivots are bad again and again, sorting is certain to end.
    var partitionsLeft = 4 * (Int.bitWidth - (end - first).leadingZeroBitCount)
    while high - low > sortedMax {
      if partitionsLeft == 0 {
        var rest = UnsafeMutableBufferPointer(start: values + low, count: high - low)
        rest.sort()
        return
      }
      partitionsLeft -= 1
      let (left, right) = partition(values, low, high - 1)
      if place <= left {
        high = left + 1
      } else if place >= right {
        low = right
      } else {
        return
      }
    }
    var next = low + 1
    while next < high {
      let value = values[next]
      var hole = next
      while hole > low && values[hole - 1] > value {
        values[hole] = values[hole - 1]
        hole -= 1
      }
      values[hole] = value
      next += 1
    }
  }

  /// Parts `low...high` by a pivot: what is up to `left` is not above it, what is from `right` on not
  /// below, and what lies between equals it.
  private static func partition<Key: FixedWidthInteger>(
    _ values: UnsafeMutablePointer<Key>, _ low: Int, _ high: Int
  ) -> (left: Int, right: Int) {
    let (first, middle, last) = (values[low], values[(low + high) / 2], values[high])
    let pivot = max(min(first, middle), min(max(first, middle), last))
    var (left, right) = (low, high)
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        (values[left], values[right]) = (values[right], values[left])
        left += 1
        right -= 1
      }
    }
    return (right, left)
  }
}
