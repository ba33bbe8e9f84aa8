/// What was saved of a damaged store.
public struct SalvageReport: Sendable {
  public let rowCount: Int
  /// Rows of the row groups that were left out.
  public let lostRowCount: Int
  /// Why each row group that was left out could not be saved.
  public let damages: [Damage]
}

/// Saves what can be read of a damaged store.
public enum Salvage {
  /// Writes all undamaged row groups of the store at `path` to a new store at `target`.
  ///
  /// A row group is damaged where a value of one of its rows cannot be told for certain, because of
  /// its own blocks or of what it shares with others.
  public static func run(
    _ path: String, into target: String, threads: Int = availableProcessors
  ) throws(StoreError) -> SalvageReport {
    let store = try Store(salvaging: path)
    let writer = try StoreWriter(
      columns: store.columns, path: target, replaces: false,
      clustering: store.footer.clusterColumn.map { .column(store.columns[$0].name) }
        ?? .inputOrder, threads: threads)
    var damages: [Damage] = []
    var lost = 0
    let reader = store.makeReader()
    for (number, group) in store.footer.rowGroups.enumerated() {
      do throws(StoreError) {
        var batches: [[Vector]] = []
        for morsel in store.morsels where morsel.rowGroup == number {
          batches.append(
            try store.columns.indices.map { column throws(StoreError) in
              try reader.read(column: column, of: morsel)
            })
        }
        for batch in batches { try writer.append(batch) }
      } catch {
        damages.append(Damage(place: "row group \(number)", message: error.message))
        lost += group.rowCount
      }
    }
    try writer.finish()
    return SalvageReport(rowCount: writer.rowCount, lostRowCount: lost, damages: damages)
  }
}
