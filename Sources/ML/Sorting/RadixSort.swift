/// Sorts unsigned integers in place, 11 bits a pass from the lowest; passes in which all keys agree
/// are skipped. O(n).
enum RadixSort {
  private static let digitBits = 11

  static func sort<Key: FixedWidthInteger & UnsignedInteger>(_ keys: inout [Key]) {
    let count = keys.count
    guard count > 1 else { return }
    guard count > 256 else { return keys.sort() }
    let size = 1 << digitBits
    let passes = (Key.bitWidth + digitBits - 1) / digitBits
    let mask = Key(truncatingIfNeeded: size - 1)
    var histograms = [Int](repeating: 0, count: passes * size)
    var other = keys
    histograms.withUnsafeMutableBufferPointer { histograms in
      for key in keys {
        var pass = 0
        while pass < passes {
          let digit = Int(truncatingIfNeeded: (key >> Key(pass &* digitBits)) & mask)
          histograms[pass &* size &+ digit] &+= 1
          pass &+= 1
        }
      }
    }
    for pass in 0..<passes {
      let histogram = histograms[pass * size..<(pass + 1) * size]
      if histogram.contains(count) { continue }
      var start = 0
      var starts = histogram.map { cell in
        defer { start += cell }
        return start
      }
      let shift = Key(pass * digitBits)
      keys.withUnsafeBufferPointer { from in
        other.withUnsafeMutableBufferPointer { into in
          starts.withUnsafeMutableBufferPointer { starts in
            var place = 0
            while place < count {
              let key = from[place]
              let digit = Int(truncatingIfNeeded: (key >> shift) & mask)
              into[starts[digit]] = key
              starts[digit] &+= 1
              place &+= 1
            }
          }
        }
      }
      swap(&keys, &other)
    }
  }
}
