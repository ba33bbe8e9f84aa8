import Testing

@testable import ColStore

@Suite struct BlockSupplyTests {
  private static let wanted = [
    1 << 16, (1 << 16) + 1, 80 << 10, (80 << 10) + 1, 100_000, 1 << 17, 1 << 20, 3_000_000, 9 << 20,
    (1 << 25) - 1, 1 << 25, (1 << 25) + 1, 1 << 26,
  ]

  @Test func blocksAreApartAndLargeEnough() throws {
    var supply = BlockSupply()
    var blocks: [(block: BlockSupply.Block, byteCount: Int)] = []
    for byteCount in Self.wanted + Self.wanted.reversed() {
      let taken = supply.take(byteCount)
      let block = try #require(taken)
      #expect(Int(bitPattern: block.base) % 64 == 0)
      #expect((byteCount...byteCount * 5 / 2).contains(block.byteCount))
      let mark = UInt8(blocks.count)
      block.base.initializeMemory(as: UInt8.self, repeating: mark, count: block.byteCount)
      blocks.append((block, byteCount))
    }
    #expect(supply.bytesTaken == blocks.reduce(0) { $0 + $1.block.byteCount })
    for (number, (block, byteCount)) in blocks.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: block.base, count: byteCount)
      #expect(bytes.allSatisfy { $0 == UInt8(number) })
    }
    for (block, _) in blocks { supply.takeBack(block) }
    #expect(supply.bytesTaken == 0)
  }

  @Test func whatWasTakenBackIsUsedAgain() throws {
    var supply = BlockSupply()
    let first = supply.take(30 << 20)
    let block = try #require(first)
    supply.takeBack(block)
    let half = supply.take(20 << 20)
    #expect(half?.base == block.base)
  }

  @Test func whatIsFarTooLargeIsCutUp() throws {
    var supply = BlockSupply()
    let first = supply.take(30 << 20)
    let block = try #require(first)
    supply.takeBack(block)
    let (small, next) = (supply.take(10 << 20), supply.take(20 << 20))
    #expect(small?.base == block.base)
    #expect(next?.base == block.base + (10 << 20))
  }

  @Test func largeBlocksAreKeptForTheirLike() throws {
    var supply = BlockSupply()
    let first = supply.take(70 << 20)
    let block = try #require(first)
    block.base.initializeMemory(as: UInt8.self, repeating: 7, count: block.byteCount)
    supply.takeBack(block)
    // Nothing small is cut from it.
    let small = supply.take(1 << 20)
    let range = block.base..<block.base + block.byteCount
    #expect(small.map { range.contains($0.base) } == false)
    let again = supply.take(60 << 20)
    #expect(again?.base == block.base)
  }
}
