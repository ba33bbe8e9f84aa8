/// Which files a store has loaded, told by their content.
struct Ledger {
  private var known: [UInt64: String] = [:]
  private let sizes: Set<Int>

  init(_ entries: [StoreFooter.File]) {
    for entry in entries where known[entry.contentHash] == nil {
      known[entry.contentHash] = entry.path
    }
    sizes = Set(entries.map(\.byteCount)).subtracting([0])
  }

  /// The files that may have to be loaded: those of a size that is in the ledger are hashed first,
  /// which is far cheaper than loading them for nothing.
  func leavingOut(
    _ files: [String], _ dialect: CSVDialect, notes: inout [String]
  ) throws(StoreError) -> [String] {
    var left: [String] = []
    for file in files {
      if sizes.contains(fileByteCount(file)),
        let before = known[try Self.contentHash(of: file, dialect)]
      {
        notes.append(Self.note(file, before))
      } else {
        left.append(file)
      }
    }
    return left
  }

  /// Which of the files just read are neither in the ledger nor the same as another before them.
  func indicesOfNew(_ entries: [StoreFooter.File], notes: inout [String]) -> [Int] {
    var seen = known
    var new: [Int] = []
    for (index, entry) in entries.enumerated() {
      if let before = seen.updateValue(entry.path, forKey: entry.contentHash) {
        notes.append(Self.note(entry.path, before))
        seen[entry.contentHash] = before
      } else {
        new.append(index)
      }
    }
    return new
  }

  private static func note(_ file: String, _ before: String) -> String {
    file == before
      ? "\(file) is loaded already: nothing to do"
      : "\(file) has the content of \(before), which is loaded already: nothing to do"
  }

  private static func contentHash(
    of file: String, _ dialect: CSVDialect
  ) throws(StoreError) -> UInt64 {
    let source = CSVSource(files: [file], dialect: dialect)
    var hashes: [UInt64] = []
    while let chunk = try source.next() {
      hashes += chunk.contentHashes
      source.recycle(chunk)
    }
    return StoreFooter.File.contentHash(ofChunks: hashes)
  }
}
