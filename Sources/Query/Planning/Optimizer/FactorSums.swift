import ColStore

/// Takes constants out of sums of integers: sum(x + c) is sum(x) + c * count(x).
///
/// All sums of one x then need one sum and one count. x + c fails where it overflows, so it is left
/// as it is unless the range of x rules that out; and with groups, unless fewer or as many
/// aggregates remain.
enum FactorSums {
  static let apply: Optimizer.Rule = { plan throws(QueryError) in try factored(plan) }

  private static func factored(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    let plan = plan.withInputs(try plan.inputs.map(factored))
    guard case .aggregate(let input, let keys, let aggregates, let sets) = plan else { return plan }
    var parts = AggregateParts(offset: keys.count)
    var results = keys.enumerated().map { index, key in
      NamedExpression(
        name: key.name, expression: .column(index: index, type: key.expression.type))
    }
    var isChanged = false
    for aggregate in aggregates {
      let result: Expression
      if let sum = ShiftedSum(aggregate.call, over: input) {
        result = try sum.result(&parts)
        isChanged = true
      } else {
        result = parts.column(aggregate)
      }
      results.append(NamedExpression(name: aggregate.name, expression: result))
    }
    guard isChanged, keys.isEmpty || parts.aggregates.count <= aggregates.count else {
      return plan
    }
    return .project(
      .aggregate(input, keys: keys, aggregates: parts.aggregates, groupingSets: sets), results)
  }
}

/// The aggregates that results are made of, each once.
private struct AggregateParts {
  /// The column of the first.
  let offset: Int
  private(set) var aggregates: [NamedAggregate] = []
  private var places: [String: Int] = [:]

  init(offset: Int) { self.offset = offset }

  /// The column that the aggregate is.
  mutating func column(_ aggregate: NamedAggregate) -> Expression {
    let fingerprint = Binder.fingerprint(aggregate.call)
    let place = places[fingerprint] ?? aggregates.count
    if place == aggregates.count {
      places[fingerprint] = place
      aggregates.append(aggregate)
    }
    return .column(index: offset + place, type: aggregate.call.overload.resultType)
  }
}

/// sum(x + c), sum(c + x), sum(x - c) or sum(c - x).
private struct ShiftedSum {
  private let call: AggregateCall
  private let operation: ScalarOverload
  private let operand: Expression
  private let constant: Int64
  private let constantIsFirst: Bool

  /// Nil where `call` is something else, or a row of `input` might overflow.
  init?(_ call: AggregateCall, over input: LogicalPlan) {
    guard call.overload.name == "sum", !call.isDistinct, call.orderBy.isEmpty,
      case .call(let sum)? = call.arguments.first, sum.arguments.count == 2,
      sum.overload.name == "+" || sum.overload.name == "-",
      sum.overload.resultType.isInteger,
      sum.arguments.allSatisfy({ $0.type == sum.overload.resultType }),
      input.range(of: call.arguments[0]) != nil
    else { return nil }
    if case .literal(.int64(let constant), _) = sum.arguments[1] {
      (operand, self.constant, constantIsFirst) = (sum.arguments[0], constant, false)
    } else if case .literal(.int64(let constant), _) = sum.arguments[0] {
      (operand, self.constant, constantIsFirst) = (sum.arguments[1], constant, true)
    } else {
      return nil
    }
    self.call = call
    operation = sum.overload
  }

  /// The sum, made of a sum and a count of what is shifted.
  func result(_ parts: inout AggregateParts) throws(QueryError) -> Expression {
    let sum = parts.column(try aggregate("sum"))
    let shift = try combined(
      "*", .cast(parts.column(try aggregate("count")), to: .hugeint, isTry: false, position: nil),
      .literal(.int128(Int128(constant)), type: .hugeint))
    return constantIsFirst
      ? try combined(operation.name, shift, sum) : try combined(operation.name, sum, shift)
  }

  private func aggregate(_ name: String) throws(QueryError) -> NamedAggregate {
    guard let function = FunctionRegistry.aggregate(name) else {
      preconditionFailure("there is no aggregate \(name)")
    }
    return NamedAggregate(
      name: name,
      call: AggregateCall(
        overload: try function.resolve([operand.type], [nil]), arguments: [operand],
        isDistinct: false, filter: call.filter, orderBy: [], position: call.position))
  }

  private func combined(
    _ name: String, _ left: Expression, _ right: Expression
  ) throws(QueryError) -> Expression {
    guard let function = FunctionRegistry.scalar(name) else {
      preconditionFailure("there is no function \(name)")
    }
    return .call(
      ScalarCall(
        overload: try function.resolve([left.type, right.type], [nil, nil]),
        arguments: [left, right], position: call.position))
  }
}
