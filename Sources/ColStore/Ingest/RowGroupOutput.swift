import Synchronization

/// Writes encoded row groups to the store's file in the order of their numbers, whoever comes
/// first.
final class RowGroupOutput: @unchecked Sendable {
  let file: StoreFile
  private struct Waiting {
    var groups: [Int: EncodedRowGroup] = [:]
    var written: [StoreFooter.RowGroup] = []
    var isClosed = false
  }
  private let waiting = Mutex(Waiting())

  init(_ file: StoreFile) { self.file = file }

  func write(_ group: EncodedRowGroup, index: Int) throws(StoreError) {
    try waiting.withLock { waiting throws(StoreError) in
      waiting.groups[index] = group
      while !waiting.isClosed, let next = waiting.groups.removeValue(forKey: waiting.written.count)
      {
        waiting.written.append(try write(next))
      }
    }
  }

  private func write(_ group: EncodedRowGroup) throws(StoreError) -> StoreFooter.RowGroup {
    var directory = StoreFooter.RowGroup(
      rowCount: group.rowCount, file: group.files.file, chunks: [])
    let offset = try file.append(group.files.blobs)
    directory.fileBlocks = group.files.blocks.map { $0.moved(by: offset) }
    for chunk in group.chunks {
      directory.chunks.append(chunk.directory.moved(by: try file.append(chunk.blobs)))
    }
    return directory
  }

  /// Writes nothing more.
  func close() { waiting.withLock { $0.isClosed = true } }

  var directories: [StoreFooter.RowGroup] { waiting.withLock { $0.written } }
}
