import ColStore

/// An aggregate call made ready to run.
struct CompiledAggregate: Sendable {
  private(set) var overload: AggregateOverload
  let arguments: [CompiledExpression]
  private(set) var filter: CompiledExpression?
  let isDistinct: Bool
  let orderBy: [CompiledSortKey]
  let position: Int?
  /// Set where the argument is `CASE WHEN condition THEN value END`: rows that do not satisfy the
  /// condition do nothing, so that where they are many the others are picked out first.
  private(set) var rare: RareCase?
  /// Set where the sum of a group is never NULL: the greatest magnitude that it can reach.
  private(set) var uncountedMax: Int64?

  struct RareCase: Sendable {
    let condition: CompiledExpression
    let value: CompiledExpression
  }

  init(_ call: AggregateCall) {
    overload = call.overload
    var arguments = call.arguments.map { CompiledExpression($0) }
    for (index, argument) in arguments.enumerated()
    where index < overload.parameterTypes.count && argument.type != overload.parameterTypes[index] {
      arguments[index] = CompiledExpression(
        casting: argument, to: overload.parameterTypes[index])
    }
    // count of something that is never NULL counts rows.
    if overload.name == "count", !call.isDistinct, let constant = arguments.first?.constant,
      !constant.isNull(0)
    {
      arguments = []
    }
    self.arguments = arguments
    filter = call.filter.map { CompiledExpression($0) }
    // Repetitions do not change an extreme; of several there are fewer.
    let isExtreme = arguments.count == 1 && ["min", "max"].contains(overload.name)
    isDistinct = call.isDistinct && !arguments.isEmpty && !isExtreme
    orderBy = !overload.isOrderSensitive ? [] : call.orderBy.map { CompiledSortKey($0) }
    position = call.position
    rare = CompiledAggregate.rareCase(arguments, overload, isDistinct, filter)
  }

  private static func rareCase(
    _ arguments: [CompiledExpression], _ overload: AggregateOverload, _ isDistinct: Bool,
    _ filter: CompiledExpression?
  ) -> RareCase? {
    guard arguments.count == 1, !isDistinct, filter == nil, arguments[0].columns.count > 1,
      ["sum", "avg", "min", "max", "count"].contains(overload.name),
      let (found, otherwise) = singleCase(arguments[0]), otherwise.isNull(0)
    else { return nil }
    return found
  }

  /// `CASE WHEN condition THEN value ELSE constant END`.
  private static func singleCase(_ argument: CompiledExpression) -> (RareCase, Vector)? {
    guard case .conditional(let branches, let otherwise) = argument.node, branches.count == 1,
      let constant = otherwise.constant
    else { return nil }
    return (RareCase(condition: branches[0].condition, value: branches[0].result), constant)
  }

  /// The same call over `input`, whose groups all have rows.
  ///
  /// A sum of values that are never NULL needs no count; and where the CASE under it has ELSE 0, rows
  /// that do not satisfy its condition do nothing.
  func suited(to input: Pipeline) -> CompiledAggregate {
    guard overload.name == "sum", arguments.count == 1, !isDistinct, filter == nil,
      arguments[0].type.physical == .int64, let rows = input.rowLimit,
      ValueRange.isNeverNull(arguments[0], input)
    else { return self }
    var largest: Int64
    if let bound = arguments[0].largest(over: input) {
      largest = bound
    } else if case .decimal(let precision, _) = arguments[0].type, precision <= 18 {
      largest = powersOfTen64[precision]
    } else {
      return self
    }
    let (product, overflow) = largest.multipliedReportingOverflow(by: Int64(max(rows, 1)))
    if overflow { return self }
    largest = product
    var suited = self
    suited.uncountedMax = largest
    if let (found, otherwise) = CompiledAggregate.singleCase(arguments[0]), !otherwise.isNull(0),
      otherwise.pointer(Int64.self)[0] == 0
    {
      suited.rare = found
    }
    return suited
  }

  /// The same over rows for which the filter holds.
  var unfiltered: CompiledAggregate {
    var unfiltered = self
    unfiltered.filter = nil
    return unfiltered
  }

  /// Another aggregate of the same arguments.
  func replacing(_ overload: AggregateOverload) -> CompiledAggregate {
    var replaced = self
    replaced.overload = overload
    (replaced.rare, replaced.uncountedMax) = (nil, nil)
    return replaced
  }

  /// Whether the call counts rows and nothing else.
  var countsRows: Bool {
    overload.name == "count" && arguments.isEmpty && filter == nil && !isDistinct
  }

  /// Whether workers must see their rows in store order.
  var needsOrder: Bool { overload.isOrderSensitive }

  /// The dictionary whose codes are marked, to be counted in the end; nil where there is none, or marks
  /// would take too much.
  func markedDictionary(_ input: Pipeline, groupLimit: Int?) -> Vector? {
    guard isDistinct, overload.name == "count", arguments.count == 1,
      let column = arguments[0].bareColumn, let dictionary = input.facts(column).dictionary,
      dictionary.type != .double, let groupLimit,
      groupLimit * dictionary.count <= CodeSetAccumulator.bitsMax
    else { return nil }
    return dictionary
  }

  /// The range of the results, where they are values of the argument; nil where it is not known.
  func range(over input: Pipeline) -> ClosedRange<Int64>? {
    let picksValue = ["min", "max", "first", "last", "any_value", "arg_min", "arg_max", "mode"]
    guard picksValue.contains(overload.name), let argument = arguments.first,
      argument.type == overload.resultType
    else { return nil }
    return ValueRange.of(argument, input)
  }

  /// An accumulator over the input `input`, whose groups are at most `groupLimit` where that is known.
  func makeAccumulator(_ input: Pipeline, groupLimit: Int?) -> any Accumulator {
    if let dictionary = markedDictionary(input, groupLimit: groupLimit) {
      return CodeSetAccumulator(dictionary)
    }
    if let uncountedMax {
      return UncountedSum.makeAccumulator(overload.resultType, largest: uncountedMax)
    }
    if !isDistinct, let finish = SumFinish(overload),
      let largest = arguments[0].largest(over: input), largest <= NarrowSumAccumulator.largestMax
    {
      return NarrowSumAccumulator(finish: finish, largest: largest)
    }
    let accumulator = makeAccumulator()
    if let bounded = accumulator as? any BoundedAccumulator, let rows = input.rowLimit,
      let range = ValueRange.of(arguments[0], input)
    {
      bounded.expect(values: range, rowsMax: rows, groupLimit: groupLimit)
    }
    return accumulator
  }

  /// An accumulator over any input.
  func makeAccumulator() -> any Accumulator {
    let types = arguments.map(\.type) + orderBy.map(\.expression.type)
    let keys = orderBy.map { (descending: $0.descending, nullsFirst: $0.nullsFirst) }
    let accumulator: any Accumulator
    if keys.isEmpty {
      accumulator = overload.makeAccumulator()
    } else if let choice = FirstLast.choice(of: overload.name) {
      accumulator = OrderedRowAccumulator(types, choice, keys: keys)
    } else {
      accumulator = OrderedAccumulator(types, keys: keys, makeInner: overload.makeAccumulator)
    }
    return isDistinct ? DistinctAccumulator(accumulator, types: types) : accumulator
  }

  /// Folds in the rows of `batch` for which the filter holds.
  func update(
    _ state: AggregateState, _ batch: Batch, _ rows: GroupedRows, _ evaluator: Evaluator
  ) throws(QueryError) {
    do throws(QueryError) {
      if let filter {
        return try updateSelected(state, batch, rows, evaluator, condition: filter, arguments)
      }
      if let rare, state.picksRareRows {
        let verdict = try evaluator.evaluate(rare.condition, batch)
        let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: batch.rowCount)
        // Few rows were picked last time; if many are now, later batches go the other way.
        state.picksRareRows = holds.count < batch.rowCount / 4
        let picked = holds.narrow(batch, columns: rare.value.columns)
        return try update(state, picked, rows.narrow(holds), evaluator, [rare.value])
      }
      try update(state, batch, rows, evaluator, arguments)
    } catch { throw error.located(at: position) }
  }

  /// The input columns that it reads.
  var columns: Set<Int> {
    Set((arguments + [filter].compactMap { $0 } + orderBy.map(\.expression)).flatMap(\.columns))
  }

  /// Whether rows of several groups together may overflow where those of each do not.
  var mayOverflow: Bool {
    overload.name == "sum" && [.int128, .interval].contains(arguments.first?.type.physical)
  }

  /// Whether it gives the same for the same rows.
  var isDeterministic: Bool {
    arguments.allSatisfy(\.isDeterministic) && filter?.isDeterministic ?? true
  }

  /// Folds in rows that each stand for `weights[row]` equal ones.
  func update(
    _ accumulator: any WeightedAccumulator, _ batch: Batch, groups: UnsafePointer<UInt32>,
    weights: UnsafePointer<Int64>, _ evaluator: Evaluator
  ) throws(QueryError) {
    guard batch.rowCount > 0 else { return }
    do throws(QueryError) {
      guard let condition else {
        return try update(
          accumulator, arguments, batch, groups: groups, weights: weights, evaluator)
      }
      let chosen = rare.map { [$0.value] } ?? arguments
      let verdict = try evaluator.evaluate(condition, batch)
      let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: batch.rowCount)
      if holds.coversAll {
        return try update(accumulator, chosen, batch, groups: groups, weights: weights, evaluator)
      }
      if holds.count == 0 { return }
      let kept = WeightedGroups(groups, weights, holds)
      let read = Set((chosen + orderBy.map(\.expression)).flatMap(\.columns))
      try update(
        accumulator, chosen, holds.narrow(batch, columns: Array(read)), groups: kept.groups,
        weights: kept.weights, evaluator)
    } catch { throw error.located(at: position) }
  }

  /// Rows for which this does not hold do nothing.
  var condition: CompiledExpression? { filter ?? rare?.condition }

  /// What it takes of each row for which its condition holds; nil where that is not one value.
  var chosenValue: CompiledExpression? {
    if let rare { return rare.value }
    return arguments.count == 1 ? arguments[0] : nil
  }

  private func update(
    _ accumulator: any WeightedAccumulator, _ arguments: [CompiledExpression], _ batch: Batch,
    groups: UnsafePointer<UInt32>, weights: UnsafePointer<Int64>, _ evaluator: Evaluator
  ) throws(QueryError) {
    let vectors = try evaluator.evaluate(arguments + orderBy.map(\.expression), batch)
    try accumulator.update(
      groups: groups, arguments: vectors, weights: weights, count: batch.rowCount)
  }

  private func updateSelected(
    _ state: AggregateState, _ batch: Batch, _ rows: GroupedRows, _ evaluator: Evaluator,
    condition: CompiledExpression, _ arguments: [CompiledExpression]
  ) throws(QueryError) {
    let verdict = try evaluator.evaluate(condition, batch)
    let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: batch.rowCount)
    if holds.coversAll { return try update(state, batch, rows, evaluator, arguments) }
    try update(state, holds.narrow(batch), rows.narrow(holds), evaluator, arguments)
  }

  private func update(
    _ state: AggregateState, _ batch: Batch, _ rows: GroupedRows, _ evaluator: Evaluator,
    _ arguments: [CompiledExpression]
  ) throws(QueryError) {
    let count = batch.rowCount
    if count == 0 { return }
    let vectors = try evaluator.evaluate(arguments + orderBy.map(\.expression), batch)
    switch rows {
    case .single:
      try state.accumulator.updateOnlyGroup(arguments: vectors, count: count)
    case .groups(let groups, let owner):
      try state.accumulator.update(groups: groups, arguments: vectors, count: count)
      withExtendedLifetime(owner) {}
    case .runs(let runs):
      try state.accumulator.update(runs: runs, arguments: vectors, count: count)
    }
  }
}

/// The state of one aggregate call of one worker.
final class AggregateState {
  let accumulator: any Accumulator
  /// Whether rows that a CASE lets through are picked out before they are looked at.
  var picksRareRows = true

  init(_ accumulator: any Accumulator) { self.accumulator = accumulator }
}

/// The groups of a batch's rows.
enum GroupedRows {
  case single
  case groups(UnsafePointer<UInt32>, owner: Buffer?)
  case runs(GroupRuns)

  /// Those of the selected rows.
  func narrow(_ selection: Selection) -> GroupedRows {
    if selection.coversAll { return self }
    let all: UnsafePointer<UInt32>
    switch self {
    case .single: return self
    case .groups(let groups, _): all = groups
    case .runs(let runs): all = runs.groups
    }
    let buffer = Buffer(UInt32.self, count: selection.count)
    GatherKernels.gather(
      all, at: selection.pointer, into: buffer.pointer(UInt32.self), count: selection.count)
    return .groups(UnsafePointer(buffer.pointer(UInt32.self)), owner: buffer)
  }
}

extension CompiledExpression {
  /// The greatest magnitude of its values, where they are 64-bit integers in known bounds.
  fileprivate func largest(over input: Pipeline) -> Int64? {
    guard type.physical == .int64, let range = ValueRange.of(self, input) else { return nil }
    return Int64(clamping: max(range.lowerBound.magnitude, range.upperBound.magnitude))
  }
}
