/// Chunks that one thread makes and others take, few at a time.
final class RowChunkQueue: RowChunkSource {
  private struct State {
    var chunks: [any RowChunk] = []
    var isClosed = false
  }

  private let capacity: Int
  private let state = Monitor(State())

  init(capacity: Int) { self.capacity = capacity }

  var position: Int { 0 }

  /// Waits for room and appends; returns false once the queue is closed.
  func append(_ chunk: any RowChunk) -> Bool {
    state.wait(
      until: { $0.chunks.count < capacity || $0.isClosed },
      change: { state in
        guard !state.isClosed else { return false }
        state.chunks.append(chunk)
        return true
      })
  }

  /// No more chunks come; those in the queue are still handed out.
  func close() { state.change { $0.isClosed = true } }

  func next() throws(StoreError) -> (any RowChunk)? {
    state.wait(
      until: { !$0.chunks.isEmpty || $0.isClosed },
      change: { $0.chunks.isEmpty ? nil : $0.chunks.removeFirst() })
  }

  func recycle(_ chunk: any RowChunk) {}
}
