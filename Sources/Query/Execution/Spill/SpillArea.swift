import ColStore
import Synchronization

/// Batches of the same columns in one spill file, written by any thread and read in any order.
///
/// A column whose vectors share a dictionary is written as codes; the dictionary stays in memory,
/// where its table has it anyway.
final class SpillArea: Sendable {
  /// Where a batch lies.
  struct Place: Sendable {
    let offset: Int
    let byteCount: Int
    let rowCount: Int
  }

  let types: [DataType]
  private let file: SpillFile
  private let dictionaries: Mutex<[Vector?]>

  init(_ types: [DataType]) throws(QueryError) {
    self.types = types
    file = try SpillFile()
    dictionaries = Mutex(Array(repeating: nil, count: types.count))
  }

  func write(_ batch: Batch, _ encoder: inout SpillEncoder) throws(QueryError) -> Place {
    let known = dictionaries.withLock { known in
      for (column, vector) in batch.columns.enumerated() where known[column] == nil {
        known[column] = vector.dictionary
      }
      return known
    }
    encoder.removeAll()
    for (column, vector) in batch.columns.enumerated() {
      encoder.append(vector, known: known[column])
    }
    let bytes = encoder.bytes
    return Place(
      offset: try file.append(bytes), byteCount: bytes.count, rowCount: batch.rowCount)
  }

  func read(_ place: Place) throws(QueryError) -> Batch {
    let known = dictionaries.withLock { $0 }
    var decoder = SpillDecoder(try file.read(place.byteCount, at: place.offset))
    var columns: [Vector] = []
    for (column, type) in types.enumerated() {
      columns.append(decoder.vector(type, count: place.rowCount, known: known[column]))
    }
    return Batch(columns: columns, rowCount: place.rowCount)
  }

  /// The batches at `places`, put together to about `rowsMax` rows.
  func read(
    _ places: [Place], rowsMax: Int, _ consume: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) {
    var pending: [Batch] = []
    var rows = 0
    for place in places {
      pending.append(try read(place))
      rows += place.rowCount
      guard rows >= rowsMax else { continue }
      let batch = Batch.concatenate(pending, types: types)
      (pending, rows) = ([], 0)
      if try !consume(batch) { return }
    }
    if rows > 0 { _ = try consume(Batch.concatenate(pending, types: types)) }
  }

  /// All rows at `places`.
  func collect(_ places: [Place], _ context: QueryContext) throws(QueryError) -> Batch {
    var batches: [Batch] = []
    try read(places, rowsMax: context.options.batchRows) { batch throws(QueryError) in
      try context.check()
      batches.append(batch)
      return true
    }
    return Batch.concatenate(batches, types: types)
  }
}
