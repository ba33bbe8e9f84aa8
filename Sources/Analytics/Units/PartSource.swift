import ColStore
import Query

/// A result in parts, each of which is rendered when it is asked for.
struct PartSource: BatchSource {
  let taskCount: Int
  private let render: @Sendable (Int) throws(QueryError) -> [Vector]

  /// - Parameter render: The columns of a part, all of one length.
  init(count: Int, _ render: @escaping @Sendable (Int) throws(QueryError) -> [Vector]) {
    taskCount = count
    self.render = render
  }

  /// One part that is there already: some columns of a whole result.
  init(_ columns: [Vector], keeping places: [Int]) {
    let kept = places.map { columns[$0] }
    let rowCount = columns.first?.count ?? 0
    // A result of which no column is wanted still has its rows.
    let parts = kept.isEmpty ? [Vector.constant(.boolean, .bool(true), count: rowCount)] : kept
    self.init(count: 1) { _ throws(QueryError) in parts }
  }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, batchRows: context.options.batchRows)
  }

  private final class Scanner: BatchScanner {
    private let source: PartSource
    private let batchRows: Int

    init(source: PartSource, batchRows: Int) {
      self.source = source
      self.batchRows = batchRows
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      let columns = try source.render(task)
      let rowCount = columns.first?.count ?? 0
      var offset = 0
      while offset < rowCount {
        let count = min(batchRows, rowCount - offset)
        let batch = Batch(
          columns: columns.map { $0.slice(offset: offset, count: count) }, rowCount: count)
        if try !emit(batch) { return }
        offset += count
      }
    }
  }
}
