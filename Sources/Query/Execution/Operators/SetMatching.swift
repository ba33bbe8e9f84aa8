import ColStore

/// INTERSECT and EXCEPT: counts equal rows on both sides.
struct SetMatching {
  private let left: Batch
  /// The group of each left row, and of each group its rows on the right.
  private let groups: [UInt32]
  private let rightCounts: [Int]

  /// - Parameter types: Of the columns that are compared; more columns may follow on either side.
  init(left: Batch, right: Batch, types: [DataType]) {
    self.left = left
    let width = types.count
    let table = HashGrouping.make(types)
    let leftNumbers = Buffer(UInt32.self, count: left.rowCount)
    table.assign(
      Array(left.columns[..<width]), count: left.rowCount, into: leftNumbers.pointer(UInt32.self))
    let rightNumbers = Buffer(UInt32.self, count: right.rowCount)
    table.find(
      Array(right.columns[..<width]), count: right.rowCount,
      into: rightNumbers.pointer(UInt32.self))
    var counts = Array(repeating: 0, count: table.count)
    for row in 0..<right.rowCount {
      let number = rightNumbers.pointer(UInt32.self)[row]
      if number != KeyTables.absent { counts[Int(number)] += 1 }
    }
    groups = (0..<left.rowCount).map { leftNumbers.pointer(UInt32.self)[$0] }
    rightCounts = counts
  }

  func rows(_ operation: SetOperation, all: Bool) -> Batch {
    operation == .intersect ? common(all: all) : rest(all: all)
  }

  /// Rows on both sides: once each, or (`all`) as often as on the side that has fewer.
  private func common(all: Bool) -> Batch {
    var remaining = rightCounts
    return pick { group in
      if remaining[group] == 0 { return false }
      remaining[group] = all ? remaining[group] - 1 : 0
      return true
    }
  }

  /// Left rows that the right side has not: once each, or (`all`) as often as there are more.
  private func rest(all: Bool) -> Batch {
    var remaining = rightCounts
    return pick { group in
      if remaining[group] > 0 {
        if all { remaining[group] -= 1 }
        return false
      }
      if !all { remaining[group] = 1 }
      return true
    }
  }

  private func pick(_ wants: (Int) -> Bool) -> Batch {
    let buffer = Buffer(UInt32.self, count: left.rowCount)
    var found = 0
    for row in 0..<left.rowCount where wants(Int(groups[row])) {
      buffer.pointer(UInt32.self)[found] = UInt32(row)
      found += 1
    }
    return withExtendedLifetime(buffer) {
      left.select(UnsafePointer(buffer.pointer(UInt32.self)), count: found)
    }
  }
}
