import ColStore

/// Reads columns of a source morsel by morsel with many threads.
struct ColumnScan: Sendable {
  let source: any RowSource
  /// Indices of the source's columns.
  let columns: [Int]
  let threads: Int
  let rowCount: Int
  /// The number of each morsel's first row.
  private let firstRows: [Int]

  init(_ source: any RowSource, columns: [Int], threads: Int) {
    precondition(threads > 0, "somebody does the work")
    self.source = source
    self.columns = columns
    self.threads = threads
    var firstRow = 0
    firstRows = source.morsels.map { morsel in
      defer { firstRow += morsel.rowCount }
      return firstRow
    }
    rowCount = firstRow
  }

  /// Calls `body(place in columns, rows, number of the first row)` once for each column of each
  /// morsel, from many threads at once.
  ///
  /// - Throws: ``ModelError`` where a column cannot be read.
  func run(_ body: @Sendable (Int, Vector, Int) -> Void) throws(ModelError) {
    let morsels = source.morsels
    let work = WorkCounter(count: morsels.count)
    do {
      try runWorkers(max(1, min(threads, morsels.count))) { _ in
        let reader = source.makeReader()
        while let ticket = work.next() {
          let morsel = morsels[ticket]
          for place in columns.indices {
            do {
              let rows = try reader.read(column: columns[place], of: morsel)
              precondition(rows.count == morsel.rowCount, "a column has as many rows as its morsel")
              body(place, rows, firstRows[ticket])
            } catch {
              work.cancel()
              throw error
            }
          }
        }
      }
    } catch {
      throw ModelError("the data cannot be read: \(error)")
    }
  }
}
