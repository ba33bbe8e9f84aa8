import ColStore

/// Keeps all rows of all groups, for aggregates that must see a group as a whole.
///
/// `finish` gets the columns ordered by group (rows of a group in their order) and where each group
/// starts in them.
final class CollectingAccumulator: Accumulator {
  typealias Finish =
    @Sendable (_ columns: [Vector], _ starts: [Int]) throws(QueryError) -> Vector

  private let types: [DataType]
  /// Rows whose first argument is NULL are left out.
  private let skipsNulls: Bool
  private let finishing: Finish
  private var groups: [UInt32] = []
  private var parts: [[Vector]] = []

  init(_ types: [DataType], skipsNulls: Bool, finish: @escaping Finish) {
    self.types = types
    self.skipsNulls = skipsNulls
    finishing = finish
  }

  func resize(to count: Int) {}

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    if skipsNulls, arguments[0].mayHaveNulls {
      let present = Selection.rows(
        of: BooleanKernels.isNull(arguments[0]), where: { $0 == 0 }, count: count)
      let rows = present.pointer
      for index in 0..<present.count { self.groups.append(groups[Int(rows[index])]) }
      if present.count > 0 { parts.append(arguments.map { present.narrow($0) }) }
      return
    }
    self.groups.append(contentsOf: UnsafeBufferPointer(start: groups, count: count))
    if count > 0 { parts.append(arguments) }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? CollectingAccumulator else { return }
    for group in other.groups { groups.append(mapping[Int(group)]) }
    parts += other.parts
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var starts = [Int](repeating: 0, count: count + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    let order = Buffer(UInt32.self, count: groups.count)
    let rows = order.pointer(UInt32.self)
    for (row, group) in groups.enumerated() {
      rows[next[Int(group)]] = UInt32(row)
      next[Int(group)] += 1
    }
    let columns = types.indices.map { column in
      Vector.concatenate(parts.map { $0[column] }, type: types[column])
    }
    let ordered = withExtendedLifetime(order) {
      columns.map { column in
        groups.isEmpty ? column : column.select(UnsafePointer(rows), count: groups.count)
      }
    }
    return try finishing(ordered, starts)
  }
}

/// Feeds an accumulator the rows of each group in the order of an ORDER BY within the call.
final class OrderedAccumulator: Accumulator {
  private let collecting: CollectingAccumulator

  /// - Parameter types: Those of the arguments, then of the keys.
  init(
    _ types: [DataType], keys: [(descending: Bool, nullsFirst: Bool)],
    makeInner: @escaping @Sendable () -> any Accumulator
  ) {
    let argumentCount = types.count - keys.count
    collecting = CollectingAccumulator(types, skipsNulls: false) {
      columns, starts throws(QueryError) in
      let inner = makeInner()
      let groupCount = starts.count - 1
      inner.resize(to: groupCount)
      let count = starts[groupCount]
      if count == 0 { return try inner.finish(count: groupCount) }
      let sorted = SortOrder.rows(
        zip(columns.dropFirst(argumentCount), keys).map { column, key in
          SortColumn(vector: column, descending: key.descending, nullsFirst: key.nullsFirst)
        }, within: starts)
      let groups = Buffer(UInt32.self, count: count)
      for group in 0..<groupCount {
        for row in starts[group]..<starts[group + 1] {
          groups.pointer(UInt32.self)[row] = UInt32(group)
        }
      }
      try inner.update(
        groups: UnsafePointer(groups.pointer(UInt32.self)),
        arguments: columns.prefix(argumentCount).map {
          $0.select(sorted.pointer, count: count)
        },
        count: count)
      return try withExtendedLifetime(groups) { () throws(QueryError) in
        try inner.finish(count: groupCount)
      }
    }
  }

  func resize(to count: Int) {}

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    collecting.update(groups: groups, arguments: arguments, count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? OrderedAccumulator else { return }
    collecting.merge(other.collecting, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try collecting.finish(count: count) }
}
