/// The value that would stand at `place` if `values` were sorted.
///
/// Finds it byte by byte from the highest, by histograms of the values that agree so far: eight
/// passes, no memory. O(n).
func valueInOrder(_ place: Int, of values: [Int64]) -> Int64 {
  precondition(values.indices.contains(place), "the place is one of the values'")
  // With the top bit flipped, unsigned order is signed order.
  let flip = UInt64(1) << 63
  var prefix: UInt64 = 0
  var known: UInt64 = 0
  var left = place
  for shift in stride(from: UInt64(56), through: 0, by: -8) {
    var histogram = [Int](repeating: 0, count: 256)
    values.withUnsafeBufferPointer { values in
      for value in values {
        let key = UInt64(bitPattern: value) ^ flip
        if key & known == prefix { histogram[Int(key >> shift & 0xFF)] &+= 1 }
      }
    }
    var digit = 0
    while left >= histogram[digit] {
      left -= histogram[digit]
      digit += 1
    }
    prefix |= UInt64(digit) << shift
    known |= 0xFF << shift
  }
  return Int64(bitPattern: prefix ^ flip)
}
