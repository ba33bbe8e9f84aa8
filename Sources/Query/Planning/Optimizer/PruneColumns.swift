import ColStore

/// Computes and reads only the columns that something above needs.
enum PruneColumns {
  static let apply: Optimizer.Rule = { plan in
    let all = Array(plan.schema.indices)
    let (result, map) = pruned(plan, needed: Set(all))
    return result.selecting(all, of: map)
  }

  /// The plan with at least the needed columns, and where each of them is now.
  static func pruned(
    _ plan: LogicalPlan, needed: Set<Int>
  ) -> (plan: LogicalPlan, map: [Int: Int]) {
    switch plan {
    case .scan(let table, let columns, let predicates):
      var wanted = needed
      for predicate in predicates { wanted.formUnion(inputs(predicate)) }
      let kept = wanted.sorted()
      let map = places(kept)
      return (
        .scan(
          table: table, columns: kept.map { columns[$0] },
          predicates: predicates.map { moved($0, map) }), map
      )
    case .values(let rows, let schema):
      let kept = needed.sorted()
      return (
        .values(
          rows: rows.map { row in kept.map { row[$0] } }, schema: kept.map { schema[$0] }),
        places(kept)
      )
    case .filter(let input, let predicate):
      let (inner, map) = pruned(input, needed: needed.union(inputs(predicate)))
      return (.filter(inner, predicate: moved(predicate, map)), map)
    case .project(let input, let expressions):
      let kept = needed.sorted()
      var wanted: Set<Int> = []
      for index in kept { wanted.formUnion(inputs(expressions[index].expression)) }
      let (inner, map) = pruned(input, needed: wanted)
      return (
        .project(
          inner,
          kept.map {
            NamedExpression(
              name: expressions[$0].name, expression: moved(expressions[$0].expression, map))
          }), places(kept)
      )
    case .aggregate(let input, let keys, let aggregates, let sets):
      return aggregate(input, keys, aggregates, sets, needed)
    case .window(let input, let calls):
      return window(input, calls, needed)
    case .unnest(let input, let lists):
      let width = input.schema.count
      var wanted = needed.filter { $0 < width }
      for list in lists { wanted.formUnion(inputs(list.expression)) }
      let (inner, innerMap) = pruned(input, needed: wanted)
      let innerWidth = inner.schema.count
      var map = innerMap
      for index in lists.indices { map[width + index] = innerWidth + index }
      return (
        .unnest(
          inner,
          lists: lists.map {
            NamedExpression(name: $0.name, expression: moved($0.expression, innerMap))
          }), map
      )
    case .sort(let input, let keys, let limit, let offset):
      var wanted = needed
      for key in keys { wanted.formUnion(inputs(key.expression)) }
      let (inner, map) = pruned(input, needed: wanted)
      return (
        .sort(
          inner,
          keys: keys.map {
            SortKey(
              expression: moved($0.expression, map), descending: $0.descending,
              nullsFirst: $0.nullsFirst)
          }, limit: limit, offset: offset), map
      )
    case .limit(let input, let limit, let offset):
      let (inner, map) = pruned(input, needed: needed)
      return (.limit(inner, limit: limit, offset: offset), map)
    case .distinct(let input):
      let all = Array(input.schema.indices)
      let (inner, map) = pruned(input, needed: Set(all))
      return (.distinct(inner.selecting(all, of: map)), places(all))
    case .setOperation(let operation, let left, let right, let all):
      let columns = Array(left.schema.indices)
      // UNION ALL passes columns through; the others compare whole rows.
      let kept = operation == .union && all && !needed.isEmpty ? needed.sorted() : columns
      let (first, firstMap) = pruned(left, needed: Set(kept))
      let (second, secondMap) = pruned(right, needed: Set(kept))
      return (
        .setOperation(
          operation, first.selecting(kept, of: firstMap), second.selecting(kept, of: secondMap),
          all: all), places(kept)
      )
    case .join(let kind, let left, let right, let equalities, let residual):
      return join(kind, left, right, equalities, residual, needed)
    case .operation(let operation, let inputs):
      let kept = needed.sorted()
      return (
        .operation(
          operation.keeping(kept),
          inputs.map { input in
            let all = Array(input.schema.indices)
            let (inner, map) = pruned(input, needed: Set(all))
            return inner.selecting(all, of: map)
          }), places(kept)
      )
    }
  }

  private static func inputs(_ expression: Expression) -> Set<Int> {
    expression.columns.filter { ColumnSpace.isInput($0) }
  }

  private static func moved(_ expression: Expression, _ map: [Int: Int]) -> Expression {
    expression.mapColumns { map[$0] ?? $0 }
  }

  private static func places(_ kept: [Int]) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
  }

  private static func aggregate(
    _ input: LogicalPlan, _ keys: [NamedExpression], _ aggregates: [NamedAggregate],
    _ sets: [[Int]]?, _ needed: Set<Int>
  ) -> (LogicalPlan, [Int: Int]) {
    // Keys shape the groups and stay; aggregates that nothing reads go.
    let kept = aggregates.indices.filter { needed.contains(keys.count + $0) }
    var wanted: Set<Int> = []
    for key in keys { wanted.formUnion(inputs(key.expression)) }
    for index in kept {
      for expression in aggregates[index].call.expressions { wanted.formUnion(inputs(expression)) }
    }
    let (inner, map) = pruned(input, needed: wanted)
    let plan = LogicalPlan.aggregate(
      inner,
      keys: keys.map { NamedExpression(name: $0.name, expression: moved($0.expression, map)) },
      aggregates: kept.map { index in
        NamedAggregate(
          name: aggregates[index].name,
          call: aggregates[index].call.mappedSafely { moved($0, map) })
      }, groupingSets: sets)
    return (plan, places(Array(keys.indices) + kept.map { keys.count + $0 }))
  }

  private static func window(
    _ input: LogicalPlan, _ calls: [NamedWindow], _ needed: Set<Int>
  ) -> (LogicalPlan, [Int: Int]) {
    let width = input.schema.count
    let kept = calls.indices.filter { needed.contains(width + $0) }
    var wanted = needed.filter { $0 < width }
    for index in kept {
      for expression in calls[index].call.expressions { wanted.formUnion(inputs(expression)) }
    }
    let (inner, map) = pruned(input, needed: wanted)
    guard !kept.isEmpty else { return (inner, map) }
    let innerWidth = inner.schema.count
    var result = map
    for (place, index) in kept.enumerated() { result[width + index] = innerWidth + place }
    return (
      .window(
        inner,
        calls: kept.map { index in
          NamedWindow(
            name: calls[index].name, call: calls[index].call.mappedSafely { moved($0, map) })
        }), result
    )
  }

  private static func join(
    _ kind: JoinKind, _ left: LogicalPlan, _ right: LogicalPlan, _ equalities: [JoinEquality],
    _ residual: Expression?, _ needed: Set<Int>
  ) -> (LogicalPlan, [Int: Int]) {
    let width = left.schema.count
    let both = needed.union(residual.map(inputs) ?? [])
    var leftNeeded = both.filter { $0 < width }
    var rightNeeded = Set(both.filter { $0 >= width }.map { $0 - width })
    for equality in equalities {
      leftNeeded.formUnion(inputs(equality.left))
      rightNeeded.formUnion(inputs(equality.right))
    }
    let (first, firstMap) = pruned(left, needed: leftNeeded)
    let (second, secondMap) = pruned(right, needed: rightNeeded)
    let firstWidth = first.schema.count
    var map = firstMap
    for (old, new) in secondMap { map[width + old] = firstWidth + new }
    let plan = LogicalPlan.join(
      kind, first, second,
      equalities: equalities.map {
        $0.replacing(left: moved($0.left, firstMap), right: moved($0.right, secondMap))
      }, residual: residual.map { moved($0, map) })
    return (plan, map)
  }
}

extension LogicalPlan {
  /// The columns that were numbered `wanted` and now stand where `map` says, in that order.
  fileprivate func selecting(_ wanted: [Int], of map: [Int: Int]) -> LogicalPlan {
    let fields = schema
    let places = wanted.map { map[$0] ?? $0 }
    if places == Array(fields.indices) { return self }
    return .project(
      self,
      places.map {
        NamedExpression(
          name: fields[$0].name, expression: .column(index: $0, type: fields[$0].type))
      })
  }
}
