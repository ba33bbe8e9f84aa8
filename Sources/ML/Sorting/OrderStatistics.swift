/// Values that would stand at given places if a list were sorted, without sorting it.
enum OrderStatistics {
  private static let digitBits = 16

  /// By histograms of 16 bits of the values, from the highest: only values that agree with one
  /// wanted so far are looked at again. O(n); values are not NaN.
  static func values(at places: [Int], of values: [Double]) -> [Double] {
    precondition(places.allSatisfy(values.indices.contains), "the places are those of the values")
    let keys = values.map { value -> UInt64 in
      // Adding 0 makes −0 a 0; then unsigned order is the order of the numbers.
      let bits = (value + 0).bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    var found: [Int: UInt64] = [:]
    find(Set(places).sorted(), among: keys, offset: 0, shift: 64 - digitBits, &found)
    return places.map { place in
      let key = found[place] ?? 0
      return Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }

  /// `keys` agree above `shift + 16` bits, and the first of them in order stands at `offset`.
  private static func find(
    _ places: [Int], among keys: [UInt64], offset: Int, shift: Int, _ found: inout [Int: UInt64]
  ) {
    let mask = UInt64(1) << UInt64(digitBits) - 1
    var histogram = [Int](repeating: 0, count: 1 << digitBits)
    for key in keys { histogram[Int(truncatingIfNeeded: key >> UInt64(shift) & mask)] &+= 1 }
    var start = offset
    var rest = places[...]
    for (digit, count) in histogram.enumerated() where count > 0 {
      let inside = Array(rest.prefix { $0 < start + count })
      if !inside.isEmpty {
        rest = rest.dropFirst(inside.count)
        let same = keys.filter { Int(truncatingIfNeeded: $0 >> UInt64(shift) & mask) == digit }
        if shift == 0 {
          for place in inside { found[place] = same[0] }
        } else {
          find(inside, among: same, offset: start, shift: shift - digitBits, &found)
        }
      }
      if rest.isEmpty { return }
      start += count
    }
  }
}
