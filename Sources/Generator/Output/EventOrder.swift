/// Orders the events of a slice by time, those of one second as they were made.
struct EventOrder: ~Copyable {
  /// Time since the slice's start in the upper half, position in the lower.
  private var keys: [UInt64] = []
  private var scratch: [UInt64] = []

  /// The positions of `events` in order of time, behind each other in the lower half of each key.
  mutating func order(_ events: UnsafeMutableBufferPointer<Event>, from start: Int) -> [UInt64] {
    keys.removeAll(keepingCapacity: true)
    for (position, event) in events.enumerated() {
      keys.append(UInt64(Int(event.time) - start) << 32 | UInt64(position))
    }
    // Least significant digit first, eleven bits at a time: a slice is below 2^22 seconds, or 2^23.
    var highest: UInt64 = 0
    for key in keys { highest = max(highest, key >> 32) }
    scratch = keys
    var shift: UInt64 = 32
    while highest > 0 {
      sortDigit(shift)
      shift += 11
      highest >>= 11
    }
    return keys
  }

  private mutating func sortDigit(_ shift: UInt64) {
    var starts = [Int](repeating: 0, count: 2_049)
    for key in keys { starts[Int(key >> shift & 2_047) + 1] += 1 }
    for digit in 0..<2_048 { starts[digit + 1] += starts[digit] }
    for key in keys {
      let digit = Int(key >> shift & 2_047)
      scratch[starts[digit]] = key
      starts[digit] += 1
    }
    swap(&keys, &scratch)
  }
}
