import CKernels
import Glibc

/// Cuts memory into blocks and takes them back. It comes from the system in huge pages, 32 MB at a
/// time, and stays.
///
/// Blocks come in sizes of four steps a doubling. One that was taken back serves whoever needs at
/// least half of it.
struct BlockSupply: @unchecked Sendable {
  struct Block: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    fileprivate let sizeClass: Int

    var byteCount: Int { BlockSupply.size(ofClass: sizeClass) }

    /// Gives the pages to the system; the block is zeros when it is next looked at.
    func returnToSystem() { madvise(base, byteCount, MADV_DONTNEED) }
  }

  /// The bytes that blocks have.
  static let sizes = 1 << 16...1 << 25
  private static let stepsOfDoubling = 4

  /// Bytes of all blocks that somebody has.
  private(set) var bytesTaken = 0
  /// Blocks that nobody has, by class.
  private var spare = [[Block]](
    repeating: [], count: BlockSupply.sizeClass(of: BlockSupply.sizes.upperBound) + 1)
  /// What is left of the memory that the system gave last.
  private var rest = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  var spareBlocks: some Sequence<Block> { spare.joined() }

  /// A block of at least so many bytes, which are one of ``sizes``; nil where the system has none.
  mutating func take(_ byteCount: Int) -> Block? {
    guard let block = find(Self.sizeClass(of: byteCount)) else { return nil }
    bytesTaken += block.byteCount
    return block
  }

  mutating func takeBack(_ block: Block) {
    bytesTaken -= block.byteCount
    spare[block.sizeClass].append(block)
  }

  private mutating func find(_ wanted: Int) -> Block? {
    for sizeClass in wanted...min(wanted + Self.stepsOfDoubling, spare.count - 1) {
      if let block = spare[sizeClass].popLast() { return block }
    }
    return rest.count >= Self.size(ofClass: wanted) || renew() ? cut(wanted) : nil
  }

  private mutating func cut(_ sizeClass: Int) -> Block? {
    guard let base = rest.baseAddress else { return nil }
    let block = Block(base: base, sizeClass: sizeClass)
    rest = UnsafeMutableRawBufferPointer(rebasing: rest[block.byteCount...])
    return block
  }

  /// Gets memory from the system; what was left of the last becomes spare blocks.
  private mutating func renew() -> Bool {
    while rest.count >= Self.sizes.lowerBound {
      let above = Self.sizeClass(of: rest.count)
      let fitting = Self.size(ofClass: above) > rest.count ? above - 1 : above
      if let block = cut(fitting) { spare[fitting].append(block) }
    }
    let (chunkBytes, pageBytes) = (Self.sizes.upperBound, 2 << 20)
    guard
      let memory = mmap(
        nil, chunkBytes + pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return false }
    // Huge pages begin at their multiples.
    let start = memory.alignedUp(toMultipleOf: pageBytes)
    ecq_use_huge_pages(start, chunkBytes)
    rest = UnsafeMutableRawBufferPointer(start: start, count: chunkBytes)
    return true
  }

  /// The class of the smallest blocks with so many bytes.
  private static func sizeClass(of byteCount: Int) -> Int {
    if byteCount <= sizes.lowerBound { return 0 }
    let doubling = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
    let below = 1 << doubling
    return (doubling - sizes.lowerBound.trailingZeroBitCount) * stepsOfDoubling
      + (byteCount - 1 - below) / (below / stepsOfDoubling) + 1
  }

  fileprivate static func size(ofClass sizeClass: Int) -> Int {
    let below = sizes.lowerBound << (sizeClass / stepsOfDoubling)
    return below + below / stepsOfDoubling * (sizeClass % stepsOfDoubling)
  }
}
