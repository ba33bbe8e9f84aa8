import ColStore

/// retention(c1, c2, …): a list of 0 and 1: whether c1 held in any row, and for each further condition
/// whether both it and c1 held, each in some row. The conditions and answers of ClickHouse.
enum Retention {
  static let function = AggregateFunction(
    "retention", signature: "retention(condition, condition, …)"
  ) { types, _ throws(QueryError) in
    guard (2...FunnelRules.stepsMax).contains(types.count) else {
      throw QueryError(
        .type, "retention takes 2 to \(FunnelRules.stepsMax) conditions, not \(types.count)")
    }
    try SequenceArguments.checkConditions(types[...], of: "retention", first: 1)
    let conditions = types.count
    return AggregateOverload(
      name: "retention", Array(repeating: .boolean, count: conditions), .list(.integer)
    ) { RetentionAccumulator(conditions) }
  }
}

private final class RetentionAccumulator: Accumulator {
  private let conditionCount: Int
  /// The conditions that held.
  private let met = StateColumn<UInt32>()
  private var masks = ConditionMasks()

  var sharedStates: [any SharedState] { [met] }

  init(_ conditionCount: Int) { self.conditionCount = conditionCount }

  func resize(to count: Int) { met.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let masks = masks.read(arguments[...], time: nil, count: count)
    let states = met.cursor
    for row in 0..<count where masks[row] & ConditionMasks.unknown == 0 {
      states[Int(groups[row])] |= UInt32(truncatingIfNeeded: masks[row])
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? RetentionAccumulator else { return }
    let (own, theirs) = (met.cursor, other.met.cursor)
    for group in 0..<count { own[Int(mapping[group])] |= theirs[group] }
  }

  func finish(count: Int) -> Vector {
    let lists = FlatBuilder<ListView>(count: count)
    let flags = FlatBuilder<Int64>(count: count * conditionCount)
    let states = met.cursor
    for group in 0..<count {
      let held = states[group] & 1 == 1 ? states[group] : 0
      lists[group] = ListView(offset: group * conditionCount, count: conditionCount)
      for condition in 0..<conditionCount {
        flags[group * conditionCount + condition] = Int64(held >> UInt32(condition) & 1)
      }
    }
    let flat = lists.finish(.list(.integer))
    return Vector(
      flat: .list(.integer), count: count, values: flat.values, validity: nil,
      child: flags.finish(.integer), owners: [flat])
  }
}
