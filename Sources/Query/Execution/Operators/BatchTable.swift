import ColStore
import Synchronization

/// A table of batches in memory, whose rows can be replaced between two scans: what a recursive
/// query has found so far.
final class BatchTable: RowSource {
  let columns: [ColumnDescription]
  private let batches = Mutex<[Batch]>([])

  init(columns: [ColumnDescription]) { self.columns = columns }

  /// The rows from now on.
  func replace(with rows: [Batch]) {
    var pieces: [Batch] = []
    for batch in rows {
      var start = 0
      while start < batch.rowCount {
        let count = min(blockRowsMax, batch.rowCount - start)
        pieces.append(batch.slice(offset: start, count: count))
        start += count
      }
    }
    let kept = pieces
    batches.withLock { $0 = kept }
  }

  var rowCount: Int { batches.withLock { $0.reduce(0) { $0 + $1.rowCount } } }

  var morsels: [Morsel] {
    batches.withLock { batches in
      batches.enumerated().map { Morsel(rowGroup: 0, block: $0, rowCount: $1.rowCount) }
    }
  }

  func dictionary(ofColumn column: Int) -> Vector? { nil }

  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }

  func makeReader() -> any MorselReader { Reader(batches: batches.withLock { $0 }) }

  private final class Reader: MorselReader {
    private let batches: [Batch]

    init(batches: [Batch]) { self.batches = batches }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      batches[morsel.block].columns[column]
    }
  }
}
