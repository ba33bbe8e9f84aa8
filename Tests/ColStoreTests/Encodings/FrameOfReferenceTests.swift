import Testing

@testable import ColStore

/// The kernels under frames of reference do what one would write down for single values.
@Suite struct FrameOfReferenceTests {
  @Test(arguments: [1, 2, 7, 64, 65, 1000])
  func rangeAndDistances(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    for shift in [0, 20, 63] {
      let words = (0..<count).map { _ in random.next() >> UInt64(shift) }
      let frame = FrameOfReference<UInt64>(words, count: count)
      let signed = words.map { Int64(bitPattern: $0) }
      #expect(Int64(bitPattern: frame.reference) == signed.min())
      #expect(Int64(bitPattern: frame.reference &+ frame.range) == signed.max())
      var distances = [UInt64](repeating: 0, count: count)
      frame.distances(words, count: count, into: &distances)
      #expect(distances == words.map { $0 &- frame.reference })
      let codes = words.map { UInt32(truncatingIfNeeded: $0) }
      let small = FrameOfReference<UInt32>(codes, count: count)
      #expect(small.reference == codes.min())
      #expect(small.reference &+ small.range == codes.max())
    }
  }

  @Test(arguments: [1, 2, 3, 60, 1_000_000, 3_600_000_000, 1 << 40, (1 << 61) - 1] as [UInt64])
  func commonDivisorIsDividedOut(divisor: UInt64) {
    var random = SeededGenerator(seed: divisor)
    let quotients = [1, 2] + (0..<500).map { _ in random.next() % (UInt64.max / divisor) }
    var words = quotients.map { $0 * divisor }
    #expect(CommonDivisor.divideOut(of: &words, count: quotients.count) == divisor)
    #expect(words == quotients)
    // One that the first values do not foretell.
    var odd = quotients.map { $0 * divisor } + [divisor + 1]
    let all = odd
    #expect(CommonDivisor.divideOut(of: &odd, count: quotients.count + 1) == 1)
    #expect(odd == all)
  }

  @Test func commonDivisorOfCodesAndOfZeros() {
    var codes: [UInt32] = (0..<300).map { $0 * 6 }
    #expect(CommonDivisor.divideOut(of: &codes, count: 300) == 6)
    #expect(codes == (0..<300).map { $0 })
    var zeros = [UInt64](repeating: 0, count: 100)
    #expect(CommonDivisor.divideOut(of: &zeros, count: 100) == 1)
    var late = [UInt64](repeating: 0, count: 100) + [12, 18]
    #expect(CommonDivisor.divideOut(of: &late, count: 102) == 6)
    #expect(late.suffix(2) == [2, 3])
  }
}
