import ColStore

/// Numbers the groups of rows by their keys, for one worker.
protocol Grouping: AnyObject {
  /// Groups numbered so far, or the whole domain where numbers are fixed beforehand.
  var groupCount: Int { get }
  /// Writes the group of each row of `batch`.
  func assign(_ batch: Batch, into groups: UnsafeMutablePointer<UInt32>) throws(QueryError)
  /// Numbers the groups of another worker's grouping here: its group g is the result's entry g.
  func absorb(_ other: any Grouping) throws(QueryError) -> Buffer
  /// The groups that have rows, in output order; nil where all have, in order of number.
  func occupied() -> Selection?
  /// The keys of groups `0..<groupCount`, a vector each.
  func keys() -> [Vector]
}

/// No keys: one group, which exists even without rows.
final class SingleGrouping: Grouping {
  let groupCount = 1

  func assign(_ batch: Batch, into groups: UnsafeMutablePointer<UInt32>) {
    groups.update(repeating: 0, count: batch.rowCount)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: 1)
    mapping.zero()
    return mapping
  }

  func occupied() -> Selection? { nil }
  func keys() -> [Vector] { [] }
}
