import ColStore

/// A hash table of distinct rows of 64-bit words, with the sum of the weights of equal rows; rows
/// are numbered in the order in which they come first.
final class DistinctRows: @unchecked Sendable {
  private let words: Int
  private(set) var count = 0
  private var capacity: Int
  private var keys: Buffer
  private var weights: Buffer
  /// Row number + 1, or 0, at the row's hash; a power of two, at most half full.
  private var slots: [UInt32]

  init(words: Int, capacity: Int) {
    self.words = words
    self.capacity = capacity
    keys = Buffer(UInt64.self, count: capacity * words)
    weights = Buffer(SIMD2<Double>.self, count: capacity)
    slots = [UInt32](repeating: 0, count: 2 * capacity)
  }

  func add(
    _ codes: UnsafePointer<UInt8>, _ weights: UnsafePointer<SIMD2<Double>>, _ range: Range<Int>
  ) {
    codes.withMemoryRebound(to: UInt64.self, capacity: range.upperBound * words) { rows in
      add(rows, weights, range)
    }
  }

  func add(_ other: DistinctRows) {
    add(
      UnsafePointer(other.keys.pointer(UInt64.self)),
      UnsafePointer(other.weights.pointer(SIMD2<Double>.self)), 0..<other.count)
  }

  private func add(
    _ rows: UnsafePointer<UInt64>, _ added: UnsafePointer<SIMD2<Double>>, _ range: Range<Int>
  ) {
    var row = range.lowerBound
    while row < range.upperBound {
      // Room for a block of rows, so that the loop itself need not ask.
      let block = min(range.upperBound, row + 1024)
      if count + 1024 > capacity { grow() }
      let sums = weights.pointer(SIMD2<Double>.self)
      let known = keys.pointer(UInt64.self)
      let mask = slots.count - 1
      var count = count
      slots.withUnsafeMutableBufferPointer { slots in
        while row < block {
          let key = rows + row &* words
          var at = Int(truncatingIfNeeded: Self.hash(key, words)) & mask
          var group = 0
          while true {
            let slot = slots[at]
            if slot == 0 {
              group = count
              count &+= 1
              slots[at] = UInt32(truncatingIfNeeded: count)
              var word = 0
              while word < words {
                known[group &* words &+ word] = key[word]
                word &+= 1
              }
              sums[group] = .zero
              break
            }
            group = Int(slot) &- 1
            if Self.equal(known + group &* words, key, words) { break }
            at = (at &+ 1) & mask
          }
          sums[group] += added[row]
          row &+= 1
        }
      }
      self.count = count
    }
  }

  @inline(__always)
  private static func hash(_ key: UnsafePointer<UInt64>, _ words: Int) -> UInt64 {
    var state: UInt64 = 0
    var word = 0
    while word < words {
      let product = (state ^ key[word]).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      state = product.high ^ product.low
      word &+= 1
    }
    return state
  }

  @inline(__always)
  private static func equal(
    _ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>, _ words: Int
  ) -> Bool {
    var word = 0
    while word < words {
      if left[word] != right[word] { return false }
      word &+= 1
    }
    return true
  }

  private func grow() {
    capacity *= 2
    let moreKeys = Buffer(UInt64.self, count: capacity * words)
    let moreWeights = Buffer(SIMD2<Double>.self, count: capacity)
    moreKeys.pointer(UInt64.self).initialize(from: keys.pointer(UInt64.self), count: count * words)
    moreWeights.pointer(SIMD2<Double>.self).initialize(
      from: weights.pointer(SIMD2<Double>.self), count: count)
    keys = moreKeys
    weights = moreWeights
    slots = [UInt32](repeating: 0, count: 2 * capacity)
    let mask = slots.count - 1
    let known = keys.pointer(UInt64.self)
    for group in 0..<count {
      var at = Int(truncatingIfNeeded: Self.hash(known + group * words, words)) & mask
      while slots[at] != 0 { at = (at + 1) & mask }
      slots[at] = UInt32(group + 1)
    }
  }

  /// The distinct rows' words, and the sums of their weights.
  var rows: UnsafePointer<UInt64> { UnsafePointer(keys.pointer(UInt64.self)) }
  var sums: UnsafePointer<SIMD2<Double>> { UnsafePointer(weights.pointer(SIMD2<Double>.self)) }

  /// The distinct rows' words. The table is of no more use.
  func takeCodes() -> Buffer { keys }
  func takeWeights() -> Buffer { weights }
}
