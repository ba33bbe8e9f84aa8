import ColStore

/// An aggregate call made ready to run.
struct CompiledAggregate: Sendable {
  let overload: AggregateOverload
  let arguments: [CompiledExpression]
  let filter: CompiledExpression?
  let isDistinct: Bool
  let orderBy: [CompiledSortKey]
  let position: Int?

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
    // Repetitions do not change an extreme.
    isDistinct =
      call.isDistinct && !arguments.isEmpty && overload.name != "min" && overload.name != "max"
    orderBy = !overload.isOrderSensitive ? [] : call.orderBy.map { CompiledSortKey($0) }
    position = call.position
  }

  /// Whether workers must see their rows in store order.
  var needsOrder: Bool { overload.isOrderSensitive }

  /// An accumulator over the input `input`, whose groups are at most `groupLimit` where that is known.
  func makeAccumulator(_ input: Pipeline, groupLimit: Int?) -> any Accumulator {
    if isDistinct {
      if overload.name == "count", arguments.count == 1, let column = arguments[0].bareColumn,
        let dictionary = input.facts(column).dictionary,
        let groupLimit, groupLimit * dictionary.count <= CodeSetAccumulator.bitsMax
      {
        return CodeSetAccumulator(dictionary)
      }
    }
    return makeAccumulator()
  }

  /// An accumulator over any input.
  func makeAccumulator() -> any Accumulator {
    let types = arguments.map(\.type) + orderBy.map(\.expression.type)
    var accumulator = overload.makeAccumulator()
    if !orderBy.isEmpty {
      accumulator = OrderedAccumulator(
        types, keys: orderBy.map { ($0.descending, $0.nullsFirst) },
        makeInner: overload.makeAccumulator)
    }
    return isDistinct ? DistinctAccumulator(accumulator, types: types) : accumulator
  }

  /// Folds in the rows of `batch` for which the filter holds.
  func update(
    _ accumulator: any Accumulator, _ batch: Batch, groups: UnsafePointer<UInt32>?,
    _ evaluator: Evaluator
  ) throws(QueryError) {
    var batch = batch
    var groups = groups
    var narrowed: Buffer?
    if let filter {
      let verdict = try evaluator.evaluate(filter, batch)
      let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: batch.rowCount)
      if holds.count == 0 { return }
      if !holds.coversAll {
        batch = holds.narrow(batch)
        if let all = groups {
          let buffer = Buffer(UInt32.self, count: holds.count)
          GatherKernels.gather(
            all, at: holds.pointer, into: buffer.pointer(UInt32.self), count: holds.count)
          groups = UnsafePointer(buffer.pointer(UInt32.self))
          narrowed = buffer
        }
      }
    }
    var vectors: [Vector] = []
    vectors.reserveCapacity(arguments.count)
    for argument in arguments { vectors.append(try evaluator.evaluate(argument, batch)) }
    for key in orderBy { vectors.append(try evaluator.evaluate(key.expression, batch)) }
    do throws(QueryError) {
      if let groups {
        try accumulator.update(groups: groups, arguments: vectors, count: batch.rowCount)
      } else {
        try accumulator.updateOnlyGroup(arguments: vectors, count: batch.rowCount)
      }
    } catch { throw error.located(at: position) }
    withExtendedLifetime(narrowed) {}
  }
}
