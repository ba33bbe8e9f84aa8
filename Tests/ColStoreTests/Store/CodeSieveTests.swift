import Testing

@testable import ColStore

/// What a sieve says of the codes of a block.
struct CodeSieveTests {
  @Test(arguments: [0, 1, 5, 300, 20_000], [1, 64, 65, 4096, 1 << 20])
  func noCodeIsLost(count: Int, limit: Int) {
    var random = SeededGenerator(seed: UInt64(count + limit))
    let codes = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(limit), using: &random) }
    let sieve = CodeSieve(of: codes, count: count, limit: limit)
    #expect(codes.allSatisfy { sieve.mayHold($0) })
  }

  @Test func fewCodesThatAreNotThereAreFound() {
    var random = SeededGenerator(seed: 3)
    let limit = UInt32(1) << 24
    let codes = (0..<20_000).map { _ in UInt32.random(in: 0..<limit, using: &random) }
    let sieve = CodeSieve(of: codes, count: codes.count, limit: Int(limit))
    #expect(sieve.byteCount == 1 << 15)
    let present = Set(codes)
    let found = (0..<limit).lazy.filter { !present.contains($0) && sieve.mayHold($0) }.count
    #expect(found < Int(limit) / 25)
  }

  @Test func codesBelowASmallLimitHaveABitEach() {
    let codes: [UInt32] = [7, 7, 99, 64, 0, 7, 0, 64, 64, 99, 0, 7, 7, 0, 99, 64]
    let sieve = CodeSieve(of: codes, count: codes.count, limit: 100)
    #expect((0..<100).filter { sieve.mayHold($0) } == [0, 7, 64, 99])
  }
}
