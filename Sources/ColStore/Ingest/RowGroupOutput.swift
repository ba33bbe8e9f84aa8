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
      while !waiting.isClosed, let next = waiting.groups.removeValue(forKey: waiting.written.count) {
        var directory = StoreFooter.RowGroup(rowCount: next.rowCount, chunks: [])
        for chunk in next.chunks {
          let offset = try chunk.bytes.bytes.withBytes { bytes throws(StoreError) in
            try file.appendUnchecked(bytes)
          }
          directory.chunks.append(chunk.directory.moved(by: offset))
        }
        waiting.written.append(directory)
      }
    }
  }

  /// Writes nothing more.
  func close() { waiting.withLock { $0.isClosed = true } }

  var directories: [StoreFooter.RowGroup] { waiting.withLock { $0.written } }
}
