import ColStore

/// Of groups in the order of one of their keys only the first are wanted: rows with a later key need
/// not be grouped.
///
/// A first pass finds the last key that is wanted, as ``TopSink`` finds the last row: workers keep the
/// first distinct keys that they have seen, and the last of these bounds what they still look at.
struct TopKeys {
  let input: Pipeline
  /// What groups are ordered by first.
  let key: CompiledSortKey
  /// Distinct keys, one at least.
  let wanted: Int
  let context: QueryContext

  /// Keys of more groups are not looked for.
  static let wantedMax = 1 << 12
  /// The fewest rows for which a pass of its own is worth it.
  static let rowsMin = 1 << 17
  /// Fewer values are grouped without a look at them.
  static let domainMin = 1 << 16
  private static let gatheredMin = 1 << 13

  /// Which rows' groups are wanted, as a condition on their key; nil where all may be.
  func condition(on key: Expression) throws(QueryError) -> Expression? {
    let firsts = try run()
    guard firsts.count == wanted, !firsts.isNull(wanted - 1) else { return nil }
    let comparison = Comparison.overload(
      self.key.descending ? .greaterOrEqual : .lessOrEqual, firsts.type)
    let last = Expression.literal(firsts.value(at: wanted - 1), type: firsts.type)
    let compared = Expression.call(
      ScalarCall(overload: comparison, arguments: [key, last], position: nil))
    return self.key.nullsFirst ? .or([.isNull(key), compared]) : compared
  }

  /// The first distinct keys in order.
  private func run() throws(QueryError) -> Vector {
    let bound = TopBound([key], over: input)
    let scan = bound.scan.map { BoundedScan(scan: $0, bound: bound) }
    let input = scan.map { self.input.over($0) } ?? self.input
    let workers = input.workers(context)
    let states = Unshared((0..<workers).map { _ in Gathered() })
    let evaluator = Evaluator(context)
    let gatheredMax = max(4 * wanted, TopKeys.gatheredMin)
    try input.run(
      context, workers: workers, sharing: .anyOrder,
      consume: { worker, task, batch throws(QueryError) in
        var keys = try evaluator.evaluate(key.expression, batch)
        let place = scan?.places[task] ?? task
        if let wanted = try bound.selection(at: place, evaluator, { keys }) {
          if wanted.count == 0 { return true }
          keys = wanted.narrow(keys)
        }
        let state = states[worker]
        state.keys.append(keys)
        state.count += keys.count
        if state.count >= gatheredMax {
          let firsts = firsts(of: state.keys)
          (state.keys, state.count) = ([firsts], firsts.count)
          // Another row with the last key is no news to anybody, wherever it stands.
          if firsts.count == wanted {
            bound.tighten(to: firsts.single(at: wanted - 1), at: .min)
          }
        }
        return true
      })
    return firsts(of: states.all.flatMap(\.keys))
  }

  private final class Gathered {
    var keys: [Vector] = []
    var count = 0
  }

  private func firsts(of gathered: [Vector]) -> Vector {
    let keys = Vector.concatenate(gathered, type: key.expression.type)
    let column = SortColumn(
      vector: keys, descending: key.descending, nullsFirst: key.nullsFirst)
    let order = SortOrder.rows([column], count: keys.count)
    var rows: [UInt32] = []
    for place in 0..<order.count where rows.count < wanted {
      let row = order.pointer[place]
      if let last = rows.last, SortOrder.compare(column, Int(last), Int(row)) == 0 { continue }
      rows.append(row)
    }
    return withExtendedLifetime(order) { keys.select(rows, count: rows.count).flat() }
  }
}

extension Executor {
  /// A plan of groups that gives those that come first in the order of `keys`, and perhaps others; nil
  /// where finding these costs more than it saves.
  func firstGroups(
    of plan: LogicalPlan, by keys: [SortKey], wanted: Int?
  ) throws(QueryError) -> LogicalPlan? {
    guard let wanted, (1...TopKeys.wantedMax).contains(wanted), let first = keys.first,
      case .column(let index, _) = first.expression
    else { return nil }
    switch plan {
    case .project(let input, let expressions):
      let key = SortKey(
        expression: expressions[index].expression, descending: first.descending,
        nullsFirst: first.nullsFirst)
      let groups = try firstGroups(of: input, by: [key], wanted: wanted)
      return groups.map { .project($0, expressions) }
    case .distinct(let input):
      let rows = try rows(of: input, by: first.expression, first, wanted)
      return rows.map { .distinct($0) }
    case .aggregate(let input, let groupKeys, let aggregates, nil):
      guard index < groupKeys.count,
        (groupKeys.map(\.expression) + aggregates.flatMap(\.call.arguments))
          .allSatisfy({ !$0.canFail })
      else { return nil }
      let rows = try rows(of: input, by: groupKeys[index].expression, first, wanted)
      return rows.map {
        .aggregate($0, keys: groupKeys, aggregates: aggregates, groupingSets: nil)
      }
    default: return nil
    }
  }

  /// The rows whose groups come first in the order of `key`.
  private func rows(
    of input: LogicalPlan, by key: Expression, _ order: SortKey, _ wanted: Int
  ) throws(QueryError) -> LogicalPlan? {
    guard input.isCheap, key.isDeterministic, !key.type.isList, key.type != .interval else {
      return nil
    }
    // No node of the plan, which will be run with the condition.
    let pipeline = try Executor(options: context.options).build(input, inOrder: false)
    let compiled = CompiledExpression(key)
    guard pipeline.rowLimit ?? 0 >= TopKeys.rowsMin,
      KeyDomain(compiled, pipeline, Evaluator(context), sizeMax: TopKeys.domainMin) == nil
    else { return nil }
    let top = TopKeys(
      input: pipeline,
      key: CompiledSortKey(compiled, descending: order.descending, nullsFirst: order.nullsFirst),
      wanted: wanted, context: context)
    guard let condition = try top.condition(on: key) else { return nil }
    return try PushFiltersDown.apply(.filter(input, predicate: condition))
  }
}
