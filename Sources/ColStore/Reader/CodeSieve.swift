import CKernels
import Synchronization

/// Which codes a block may have: a bit a code, or, where codes are many, a Bloom filter whose two bits
/// of a code lie in one word (F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient
/// Bloom Filters", 2007).
final class CodeSieve: Sendable {
  private static let bitsMax = 1 << 18
  /// With as many, a code that is not there is found in one of some fifty blocks.
  private static let bitsPerCode = 8

  private let words: Buffer
  private let wordCount: Int
  /// Whether each code below the limit has a bit of its own.
  private let isExact: Bool

  /// Of `codes`, all below `limit`; neighbours may be equal.
  init(of codes: UnsafePointer<UInt32>, count: Int, limit: Int) {
    var bits = 64
    while bits < min(count * Self.bitsPerCode, Self.bitsMax) { bits *= 2 }
    isExact = limit <= bits
    wordCount = isExact ? (limit + 63) / 64 : bits / 64
    words = Buffer(zeroed: UInt64.self, count: wordCount)
    let words = words.pointer(UInt64.self)
    var last: UInt32?
    for index in 0..<count where codes[index] != last {
      last = codes[index]
      let (word, mask) = place(codes[index])
      words[word] |= mask
    }
  }

  var byteCount: Int { wordCount * 8 }

  /// False where no row of the block has the code.
  func mayHold(_ code: UInt32) -> Bool {
    let (word, mask) = place(code)
    return words.pointer(UInt64.self)[word] & mask == mask
  }

  @inline(__always)
  private func place(_ code: UInt32) -> (word: Int, mask: UInt64) {
    if isExact { return (Int(code >> 6), 1 << UInt64(code & 63)) }
    // Fibonacci hashing: the upper bits of the product are the mixed ones.
    let hash = UInt64(code) &* 0x9E37_79B9_7F4A_7C15
    let word = Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(wordCount)) >> 32)
    return (word, 1 << (hash >> 26 & 63) | 1 << (hash >> 20 & 63))
  }
}

/// Sieves of the blocks that few codes were looked for in, kept while there is room: who looks for a
/// user once will look for another.
final class CodeSieves: Sendable {
  /// Codes so few that asking for each beats looking through the block.
  private static let codesMax = 64

  private let known = Mutex<[BlockPlace: CodeSieve]>([:])
  /// Gives the room.
  private let blocks: BlockCache

  init(sharing blocks: BlockCache) { self.blocks = blocks }

  /// Whether no row of a block has a code that `filter` holds for, as far as is known.
  func ruleOut(_ filter: CodeFilter, _ morsel: Morsel) -> Bool {
    guard let codes = filter.members, codes.count <= Self.codesMax,
      let sieve = known.withLock({ $0[BlockPlace(filter.column, morsel)] })
    else { return false }
    return !codes.contains { sieve.mayHold($0) }
  }

  /// Remembers the codes of a block that `filter` is being looked for in, where it pays.
  func note(_ block: DecodedBlock, of filter: CodeFilter, _ morsel: Morsel) {
    let place = BlockPlace(filter.column, morsel)
    guard let codes = filter.members, codes.count <= Self.codesMax,
      known.withLock({ $0[place] }) == nil
    else { return }
    let sieve: CodeSieve
    switch block {
    case .codes(let numbers):
      let wide = numbers.wideCodes()
      sieve = withExtendedLifetime(wide) {
        CodeSieve(of: wide.pointer(), count: numbers.count, limit: filter.codeCount)
      }
    case .runs(let runs):
      sieve = CodeSieve(of: runs.codes, count: runs.count, limit: filter.codeCount)
    case .words, .values: return
    }
    if blocks.reserve(sieve.byteCount) { known.withLock { $0[place] = sieve } }
  }
}
