/// Scores 1 … 5 by the share of values strictly below.
struct QuintileScores: Sendable {
  /// A value scores one more for each of these that it is above.
  private let bounds: (Int64, Int64, Int64, Int64)

  /// A value's score is `1 + floor(5 * smaller / count)`, with how many values are smaller: k fifths
  /// of all are where it is above the value that has k fifths of all before it, or is the last of
  /// them.
  init(_ values: [Int64]) {
    guard !values.isEmpty else {
      bounds = (.max, .max, .max, .max)
      return
    }
    let found = OrderStatistics.values(
      at: (1...4).map { ($0 * values.count + 4) / 5 - 1 }, of: values)
    bounds = (found[0], found[1], found[2], found[3])
  }

  @inline(__always)
  func score(_ value: Int64) -> Int64 {
    1 + (value > bounds.0 ? 1 : 0) + (value > bounds.1 ? 1 : 0) + (value > bounds.2 ? 1 : 0)
      + (value > bounds.3 ? 1 : 0)
  }
}

/// Numbers that would stand at given places of a list if it were in order.
enum OrderStatistics {
  private static let bucketBits = 12

  /// - Parameters:
  ///   - places: Ascending, from 0.
  ///   - values: At least one.
  ///
  /// Finds the buckets that the numbers are in, of some thousand that divide the range of all, and
  /// goes on with the values of these alone.
  static func values(at places: [Int], of values: [Int64]) -> [Int64] {
    var found: [Int64] = []
    find(places[...], among: values, offset: 0, &found)
    return found
  }

  /// - Parameter offset: The place of the least of `values` among all.
  private static func find(
    _ places: ArraySlice<Int>, among values: [Int64], offset: Int, _ found: inout [Int64]
  ) {
    var (least, most) = (Int64.max, Int64.min)
    for value in values {
      least = min(least, value)
      most = max(most, value)
    }
    let range = UInt64(bitPattern: most &- least)
    let shift = UInt64(max(0, 64 - bucketBits - range.leadingZeroBitCount))
    var counts = [Int](repeating: 0, count: 1 << bucketBits)
    for value in values { counts[Int(UInt64(bitPattern: value &- least) &>> shift)] &+= 1 }
    var start = offset
    var rest = places
    for (bucket, count) in counts.enumerated() where count > 0 {
      let inside = rest.prefix { $0 < start + count }
      rest = rest.dropFirst(inside.count)
      if shift == 0 {
        for _ in inside { found.append(least &+ Int64(bucket)) }
      } else if !inside.isEmpty {
        let same = values.filter {
          Int(UInt64(bitPattern: $0 &- least) &>> shift) == bucket
        }
        find(inside, among: same, offset: start, &found)
      }
      if rest.isEmpty { return }
      start += count
    }
  }
}
