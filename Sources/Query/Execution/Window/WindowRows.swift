import ColStore

/// The input of window calls, whose rows stay where they are.
struct WindowRows: Sendable {
  let batches: [Batch]
  let types: [DataType]
  /// The number of each batch's first row, and of all rows.
  let starts: [Int]

  init(_ batches: [Batch], types: [DataType]) {
    self.batches = batches
    self.types = types
    starts = batches.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
  }

  var count: Int { starts[batches.count] }

  /// All rows as one batch.
  var whole: Batch { Batch.concatenate(batches, types: types) }

  /// Ranges of batches with about as many rows each.
  func ranges(_ workers: Int) -> [Range<Int>] {
    let cuts = (0...workers).map { worker in
      starts.firstIndex { $0 >= count * worker / workers } ?? batches.count
    }
    return (0..<workers).map { cuts[$0]..<cuts[$0 + 1] }
  }
}

/// The results of a window call.
enum WindowResult: Sendable {
  /// In the order of the rows.
  case whole(Vector)
  case parted(PartedVector, [RowPlaces])
}

/// The rows of a window's input with the results of its calls, which are fetched as rows are asked for.
struct WindowSource: BatchSource {
  private let rows: WindowRows
  private let results: [WindowResult]
  private let batchRows: Int

  init(_ rows: WindowRows, _ results: [WindowResult], batchRows: Int) {
    self.rows = rows
    self.results = results
    self.batchRows = batchRows
  }

  var taskCount: Int { rows.batches.count }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner { Scanner(self) }

  private final class Scanner: BatchScanner {
    private let source: WindowSource

    init(_ source: WindowSource) { self.source = source }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      let batch = source.rows.batches[task]
      var offset = 0
      while offset < batch.rowCount {
        let count = min(source.batchRows, batch.rowCount - offset)
        let columns =
          batch.columns.map { $0.slice(offset: offset, count: count) }
          + source.results.map { result in
            switch result {
            case .whole(let values):
              values.slice(offset: source.rows.starts[task] + offset, count: count)
            case .parted(let values, let places):
              values.rows(offset..<offset + count, at: places[task])
            }
          }
        if try !emit(Batch(columns: columns, rowCount: count)) { return }
        offset += count
      }
    }
  }
}
