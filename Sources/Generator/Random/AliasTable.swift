/// Draws an index with probability proportional to its weight, in constant time (Vose, 1991).
struct AliasTable: Sendable {
  private struct Slot {
    /// The chance, as a fraction of 2^32, that the slot's own index is taken.
    var threshold: UInt32
    var alias: UInt32
  }

  private var slots: [Slot]

  /// Builds the table; weights are not negative and at least one is above 0, or all are drawn alike.
  init(weights: some RandomAccessCollection<Double>) {
    let count = weights.count
    precondition(count > 0, "an alias table needs at least one weight")
    let total = weights.reduce(0, +)
    slots = (0..<count).map { Slot(threshold: .max, alias: UInt32($0)) }
    guard total > 0 else { return }
    var scaled = weights.map { $0 / total * Double(count) }
    var small: [Int] = []
    var large: [Int] = []
    for index in 0..<count {
      if scaled[index] < 1 { small.append(index) } else { large.append(index) }
    }
    while let low = small.popLast() {
      guard let high = large.last else { break }
      slots[low] = Slot(threshold: UInt32(scaled[low] * 4_294_967_295), alias: UInt32(high))
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
  }

  @inline(__always)
  func draw(_ random: inout RandomStream) -> Int {
    let word = random.next()
    let index = Int(truncatingIfNeeded: ((word >> 32) &* UInt64(slots.count)) >> 32)
    let slot = slots[index]
    return UInt32(truncatingIfNeeded: word) <= slot.threshold ? index : Int(slot.alias)
  }
}
