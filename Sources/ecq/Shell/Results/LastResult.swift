import ColStore
import Query

/// The rows of the last result, as a table.
struct LastResult: RowSource {
  let columns: [ColumnDescription]
  let rowCount: Int
  let morsels: [Morsel]
  private let batches: [Batch]

  init(schema: [Field], batches: [Batch]) {
    let names = uniqueNames(schema.map(\.name))
    columns = zip(names, schema).map { ColumnDescription(name: $0, type: $1.type) }
    var slices: [Batch] = []
    for batch in batches {
      for first in stride(from: 0, to: batch.rowCount, by: blockRowsMax) {
        let count = min(blockRowsMax, batch.rowCount - first)
        let columns = batch.columns.map { $0.slice(offset: first, count: count) }
        slices.append(Batch(columns: columns, rowCount: count))
      }
    }
    self.batches = slices
    rowCount = slices.reduce(0) { $0 + $1.rowCount }
    morsels = slices.enumerated().map { index, batch in
      Morsel(rowGroup: 0, block: index, rowCount: batch.rowCount)
    }
  }

  func dictionary(ofColumn column: Int) -> Vector? { nil }
  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  func makeReader() -> any MorselReader { Reader(batches: batches) }

  /// Writes all rows to a sink.
  func write(schema: [Field], to sink: any ResultSink) throws {
    try sink.begin(schema: schema)
    for batch in batches { try sink.consume(batch) }
    try sink.end()
  }

  private final class Reader: MorselReader {
    private let batches: [Batch]

    init(batches: [Batch]) { self.batches = batches }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      batches[morsel.block].columns[column]
    }
  }
}

/// Stands for a last result that was not kept: whoever reads it is told why.
struct ForgottenResult: RowSource {
  let columns: [ColumnDescription]
  let rowCount = 1
  let morsels = [Morsel(rowGroup: 0, block: 0, rowCount: 1)]

  init(schema: [Field]) {
    let names = uniqueNames(schema.map(\.name))
    columns = zip(names, schema).map { ColumnDescription(name: $0, type: $1.type) }
  }

  static let message =
    "the last result was larger than the \(byteText(ResultKeeper.bytesMax)) that are kept"

  func dictionary(ofColumn column: Int) -> Vector? { nil }
  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  func makeReader() -> any MorselReader { Reader() }

  private final class Reader: MorselReader {
    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      throw StoreError(ForgottenResult.message, at: "_")
    }
  }
}
