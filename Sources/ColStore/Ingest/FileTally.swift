/// What was read of one file so far.
struct FileTally {
  let path: String
  /// Of the file on disk; 0 where that is not known.
  let byteCount: Int
  private(set) var lineCount = 0
  private(set) var rowCount = 0
  private(set) var rejectedCount = 0
  private var hashes: [UInt64] = []

  init(path: String, byteCount: Int) {
    self.path = path
    self.byteCount = byteCount
  }

  mutating func add(_ chunk: ParsedChunk) {
    lineCount += chunk.lineCount
    rowCount += chunk.rowCount
    rejectedCount += chunk.malformed.count
    hashes += chunk.contentHashes
  }

  /// The ledger's entry.
  var entry: StoreFooter.File {
    StoreFooter.File(
      path: path, contentHash: StoreFooter.File.contentHash(ofChunks: hashes),
      byteCount: byteCount, rowCount: rowCount, rejectedCount: rejectedCount)
  }
}

extension StoreFooter.File {
  /// The hash of a content, of which each chunk has hashes of its own.
  static func contentHash(ofChunks hashes: [UInt64]) -> UInt64 {
    hashes.withUnsafeBytes { XXH64.hash($0) }
  }
}
