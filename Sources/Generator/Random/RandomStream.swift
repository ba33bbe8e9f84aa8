/// A stream of random 64-bit words from one seed: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// The state is one word, so a stream per slice, product or user costs nothing to make.
struct RandomStream {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Makes the stream of the item `index` under `seed`; streams of different items are independent.
  init(seed: UInt64, index: UInt64) { state = scrambled(seed ^ scrambled(index)) }

  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return scrambled(state)
  }

  /// A number in 0 ..< 1 of 53 random bits.
  @inline(__always)
  mutating func unit() -> Double { unitInterval(next()) }

  @inline(__always)
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// A number in `0 ..< bound`, by multiply and shift; its bias is below 2^-32 for our bounds.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number: the sum of twelve halves of words, which has no tail beyond 6.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}

/// The SplitMix64 finalizer: every bit of `value` reaches every bit of the result.
@inline(__always)
func scrambled(_ value: UInt64) -> UInt64 {
  var word = value
  word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
  word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
  return word ^ (word >> 31)
}

/// The upper 53 bits of a word as a number in 0 ..< 1.
@inline(__always)
func unitInterval(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }
