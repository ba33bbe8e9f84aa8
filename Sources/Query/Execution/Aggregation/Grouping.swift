import ColStore

/// Numbers the groups of rows by their keys, for one worker.
protocol Grouping: AnyObject {
  /// Groups numbered so far, or the whole domain where numbers are fixed beforehand.
  var groupCount: Int { get }
  /// The group of each row of `batch`: in `scratch`, or in memory of the batch.
  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32>
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

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) -> UnsafePointer<UInt32> {
    scratch.update(repeating: 0, count: batch.rowCount)
    return UnsafePointer(scratch)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: 1)
    mapping.zero()
    return mapping
  }

  func occupied() -> Selection? { nil }
  func keys() -> [Vector] { [] }
}

/// Finds the runs of equal groups, where rows of a group lie together.
struct RunFinder {
  private var ends = Buffer(byteCount: 0)

  /// Groups so few that lanes or registers serve them better than runs.
  static let groupsMin = 1024

  /// The runs of a batch; nil where they are too short to be of use.
  mutating func runs(_ groups: UnsafePointer<UInt32>, count: Int) -> GroupRuns? {
    let sample = min(count, 512)
    var changes = 0
    var row = 1
    while row < sample {
      changes &+= groups[row] != groups[row - 1] ? 1 : 0
      row += 1
    }
    guard changes * 2 < sample else { return nil }
    if ends.byteCount < (count + 1) * 4 { ends = Buffer(UInt32.self, count: count + 1) }
    let output = ends.pointer(UInt32.self)
    var found = 0
    row = 1
    while row < count {
      output[found] = UInt32(truncatingIfNeeded: row)
      found &+= groups[row] != groups[row - 1] ? 1 : 0
      row += 1
    }
    output[found] = UInt32(truncatingIfNeeded: count)
    return GroupRuns(groups: groups, ends: UnsafePointer(output), runCount: found + 1)
  }
}
