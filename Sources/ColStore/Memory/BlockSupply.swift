import CKernels
import Glibc

/// Cuts memory into blocks and takes them back. It comes from the system in huge pages, 32 MB at a
/// time, and stays; what larger blocks have goes back before others of such a size are made.
///
/// Blocks come in sizes of four steps a doubling. One that was taken back serves whoever needs at
/// least half of it, and is cut up for who needs less before the system is asked for more.
struct BlockSupply: @unchecked Sendable {
  struct Block: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    fileprivate let sizeClass: Int

    var byteCount: Int { BlockSupply.size(ofClass: sizeClass) }

    /// Gives the pages to the system; the block is zeros when it is next looked at.
    func returnToSystem() { madvise(base, byteCount, MADV_DONTNEED) }
  }

  /// The bytes that blocks have.
  static let sizes = 1 << 16...1 << 29
  /// What blocks are cut from, as far as they are not larger.
  private static let chunkBytes = 1 << 25
  private static let stepsOfDoubling = 4

  /// Bytes of all blocks that somebody has.
  private(set) var bytesTaken = 0
  /// Blocks that nobody has, by class.
  private var spare = [[Block]](
    repeating: [], count: BlockSupply.sizeClass(of: BlockSupply.sizes.upperBound) + 1)
  /// What is left of the memory that blocks are cut from.
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
    let fitting = wanted...min(wanted + Self.stepsOfDoubling, spare.count - 1)
    for sizeClass in fitting {
      if let block = spare[sizeClass].popLast() { return block }
    }
    let byteCount = Self.size(ofClass: wanted)
    if byteCount > Self.chunkBytes {
      returnLargeToSystem()
      return Self.systemMemory(byteCount).map { Block(base: $0, sizeClass: wanted) }
    }
    if rest.count < byteCount {
      setRestAside()
      if !cutUpSpare(above: fitting.upperBound) {
        guard let memory = Self.systemMemory(Self.chunkBytes) else { return nil }
        rest = UnsafeMutableRawBufferPointer(start: memory, count: Self.chunkBytes)
      }
    }
    return cut(wanted)
  }

  private mutating func cut(_ sizeClass: Int) -> Block? {
    guard let base = rest.baseAddress else { return nil }
    let block = Block(base: base, sizeClass: sizeClass)
    rest = UnsafeMutableRawBufferPointer(rebasing: rest[block.byteCount...])
    return block
  }

  /// Makes spare blocks of what is left of the memory that is being cut.
  private mutating func setRestAside() {
    while rest.count >= Self.sizes.lowerBound {
      let above = Self.sizeClass(of: rest.count)
      let fitting = Self.size(ofClass: above) > rest.count ? above - 1 : above
      if let block = cut(fitting) { spare[fitting].append(block) }
    }
  }

  /// Gives up a spare block that is larger than those of a class, the smallest there is.
  private mutating func cutUpSpare(above sizeClass: Int) -> Bool {
    let largest = Self.sizeClass(of: Self.chunkBytes)
    for larger in spare.indices where larger > sizeClass && larger <= largest {
      guard let block = spare[larger].popLast() else { continue }
      rest = UnsafeMutableRawBufferPointer(start: block.base, count: block.byteCount)
      return true
    }
    return false
  }

  /// Unmaps the spare blocks that are larger than what others are cut from.
  private mutating func returnLargeToSystem() {
    for larger in spare.indices where larger > Self.sizeClass(of: Self.chunkBytes) {
      for block in spare[larger] { munmap(block.base, block.byteCount) }
      spare[larger] = []
    }
  }

  /// Zeros from the system, which begin at a huge page.
  private static func systemMemory(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let pageBytes = 2 << 20
    guard
      let memory = mmap(
        nil, byteCount + pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return nil }
    let start = memory.alignedUp(toMultipleOf: pageBytes)
    let before = start - memory
    if before > 0 { munmap(memory, before) }
    if before < pageBytes { munmap(start + byteCount, pageBytes - before) }
    ecq_use_huge_pages(start, byteCount)
    return start
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
