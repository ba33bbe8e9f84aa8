import ColStore

/// A batch with one row for each run of equal rows, and the lengths of the runs.
///
/// Where all columns that are read are stored as the same runs, whatever is computed of a row is
/// computed once a run.
struct RunBatch {
  let batch: Batch
  private let lengths: Buffer

  /// How many rows a run must have on average for this to pay.
  private static let rowsPerRun = 2

  /// Nil where `columns` of `batch` are not the same runs, or the runs are short.
  init?(_ batch: Batch, columns: [Int]) {
    guard let first = columns.first, let window = batch.columns[first].runs else { return nil }
    let count = window.indices.count
    guard count * RunBatch.rowsPerRun <= batch.rowCount else { return nil }
    for column in columns.dropFirst() {
      guard let other = batch.columns[column].runs, other.runs.ends == window.runs.ends,
        other.start == window.start
      else { return nil }
    }
    let lengths = Buffer(Int64.self, count: count)
    var start = 0
    for (row, run) in window.indices.enumerated() {
      let end = window.end(run)
      lengths.pointer(Int64.self)[row] = Int64(end - start)
      start = end
    }
    self.lengths = lengths
    let runs = columns.map { RunBatch.runs(of: batch.columns[$0], count) }
    let width = (columns.max() ?? 0) + 1
    var vectors = Array(repeating: runs[0], count: width)
    for (column, vector) in zip(columns, runs) { vectors[column] = vector }
    self.batch = Batch(columns: vectors, rowCount: count)
  }

  /// How many rows each run has.
  var weights: UnsafePointer<Int64> { UnsafePointer(lengths.pointer(Int64.self)) }

  private static func runs(of vector: Vector, _ count: Int) -> Vector {
    guard let window = vector.runs, let dictionary = vector.dictionary else { return vector }
    return Vector(
      codes: window.runs.codes + window.indices.lowerBound, count: count, dictionary: dictionary,
      owners: [window.runs, vector])
  }
}
