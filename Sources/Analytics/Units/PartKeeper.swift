import Query
import Synchronization

/// Keeps the parts of a result that has to wait: in memory as far as there is room, the others in a
/// temporary file.
final class PartKeeper: Sendable {
  private struct State {
    var bytes = 0
    var file: SpillFile?
  }

  private let bytesMax: Int
  private let state = Mutex(State())

  init(_ context: QueryContext) {
    bytesMax = min(256 << 20, (context.options.memoryLimit ?? .max) / 8)
  }

  /// The columns of a part, wherever they are from now on.
  func keep(_ columns: [NarrowColumn]) throws(QueryError) -> [NarrowColumn] {
    let bytes = columns.reduce(0) { $0 + $1.byteCount }
    let file = try state.withLock { state throws(QueryError) -> SpillFile? in
      if state.bytes + bytes <= bytesMax {
        state.bytes += bytes
        return nil
      }
      if let file = state.file { return file }
      let file = try SpillFile()
      state.file = file
      return file
    }
    guard let file else { return columns }
    return try columns.map { column throws(QueryError) in try column.moved(to: file) }
  }
}
