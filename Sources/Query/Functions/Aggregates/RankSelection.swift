/// Puts the values of some ranks where sorting would put them (quickselect; Hoare 1961).
enum RankSelection {
  /// Ranges as short as this are sorted.
  private static let sortedMax = 24

  /// Orders `values` within `range` as far as is needed for the values at `places`, which ascend.
  static func arrange(
    _ values: UnsafeMutablePointer<Int64>, _ range: Range<Int>, places: [Int]
  ) {
    var first = range.lowerBound
    for place in places where place >= first {
      select(values, first..<range.upperBound, place: place)
      first = place + 1
    }
  }

  private static func select(
    _ values: UnsafeMutablePointer<Int64>, _ range: Range<Int>, place: Int
  ) {
    var (low, high) = (range.lowerBound, range.upperBound)
    // Where pivots are bad again and again, sorting is certain to end.
    var partitionsLeft = 4 * (Int.bitWidth - range.count.leadingZeroBitCount)
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
  private static func partition(
    _ values: UnsafeMutablePointer<Int64>, _ low: Int, _ high: Int
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
