import ColStore

/// Evaluates compiled expressions over batches.
///
/// 1. A constant is one row, repeated.
/// 2. An expression over one dictionary-coded column runs once on the dictionary (``DictionaryMemo``)
///    and comes out as the same codes into another dictionary.
/// 3. Else its node runs on the rows: arguments first, then the kernel.
/// 4. Branches that may fail see only the rows that reach them.
struct Evaluator: Sendable {
  private let memo: DictionaryMemo
  /// Of the statement that the expressions belong to.
  let cancellation: Cancellation

  /// For expressions that belong to no statement.
  init() {
    memo = DictionaryMemo()
    cancellation = Cancellation()
  }

  init(_ context: QueryContext) {
    memo = context.memo
    cancellation = context.cancellation
  }

  func evaluate(_ expression: CompiledExpression, _ batch: Batch) throws(QueryError) -> Vector {
    switch expression.node {
    case .column(let index): return batch.columns[index]
    case .constant(let vector): return Vector(repeating: vector, count: batch.rowCount)
    default: break
    }
    if expression.columns.count == 1, expression.isDeterministic {
      let column = batch.columns[expression.columns[0]]
      if let dictionary = column.dictionary,
        let translated = memo.result(
          of: expression, over: dictionary, rows: batch.rowCount,
          compute: { () throws(QueryError) in try evaluateOnDictionary(expression, dictionary) })
      {
        return column.recoded(into: translated)
      }
      if column.layout == .constant, batch.rowCount > 1 {
        let one = Batch(columns: batch.columns.map { $0.slice(offset: 0, count: 1) }, rowCount: 1)
        return Vector(
          repeating: try evaluateNode(expression, one).single(at: 0), count: batch.rowCount)
      }
    }
    return try evaluateNode(expression, batch)
  }

  /// One vector an expression.
  func evaluate(
    _ expressions: [CompiledExpression], _ batch: Batch
  ) throws(QueryError) -> [Vector] {
    var vectors: [Vector] = []
    vectors.reserveCapacity(expressions.count)
    for expression in expressions { vectors.append(try evaluate(expression, batch)) }
    return vectors
  }

  private func evaluateOnDictionary(
    _ expression: CompiledExpression, _ dictionary: Vector
  ) throws(QueryError) -> Vector {
    let columns = Array(repeating: dictionary, count: expression.columns[0] + 1)
    return try evaluateNode(expression, Batch(columns: columns, rowCount: dictionary.count))
  }

  func evaluateNode(_ expression: CompiledExpression, _ batch: Batch) throws(QueryError) -> Vector {
    switch expression.node {
    case .column, .constant: return try evaluate(expression, batch)
    case .call(let overload, let arguments, let position):
      return try call(overload, arguments, position, batch)
    case .cast(let operand, let isTry, let position):
      let vector = try evaluate(operand, batch)
      do throws(QueryError) {
        return try Cast.cast(vector, to: expression.type, isTry: isTry)
      } catch { throw error.located(at: position) }
    case .conditional(let branches, let otherwise):
      return try conditional(branches, otherwise, type: expression.type, batch)
    case .coalesce(let arguments): return try coalesce(arguments, type: expression.type, batch)
    case .and(let operands): return try connect(operands, batch, deciding: 0)
    case .or(let operands): return try connect(operands, batch, deciding: 1)
    case .not(let operand):
      let vector = try evaluate(operand, batch)
      return BooleanKernels.not(vector)
    case .isNull(let operand):
      return BooleanKernels.isNull(try evaluate(operand, batch))
    case .inSet(let operand, let set):
      let vector = try evaluate(operand, batch)
      let found = set.membership(of: vector, count: batch.rowCount)
      let valid = set.hasNull ? BooleanKernels.nullWhereFalse(found) : found
      return Validity.merge(into: valid, from: [vector], count: batch.rowCount)
    case .inList(let operand, let list):
      return try inList(operand, list, batch)
    case .inTable(let keys, let table):
      return table.hasPartner(try evaluate(keys, batch), count: batch.rowCount)
    case .isAmong(let key, let values): return values.contains(try evaluate(key, batch))
    }
  }

  private func call(
    _ overload: ScalarOverload, _ arguments: [CompiledExpression], _ position: Int?, _ batch: Batch
  ) throws(QueryError) -> Vector {
    var vectors: [Vector] = []
    vectors.reserveCapacity(arguments.count)
    for argument in arguments { vectors.append(try evaluate(argument, batch)) }
    let count = batch.rowCount
    do throws(QueryError) {
      let constants = overload.isDeterministic && vectors.allSatisfy { $0.layout == .constant }
      if constants && !vectors.isEmpty && count > 1 {
        let singles = vectors.map { $0.slice(offset: 0, count: 1) }
        let single = try apply(overload, singles, count: 1)
        return Vector(repeating: single.single(at: 0), count: count)
      }
      return try apply(overload, vectors, count: count)
    } catch { throw error.located(at: position) }
  }

  private func apply(
    _ overload: ScalarOverload, _ vectors: [Vector], count: Int
  ) throws(QueryError) -> Vector {
    guard overload.nulls == .propagate else { return try overload.kernel(vectors, count) }
    for vector in vectors where vector.layout == .constant && vector.isNull(0) && count > 0 {
      return Vector.nulls(overload.resultType, count: count)
    }
    let result = try overload.kernel(vectors, count)
    return Validity.merge(into: result, from: vectors, count: count)
  }

  // MARK: Branches

  /// AND (`deciding` 0) or OR (`deciding` 1): the deciding value wins over NULL, NULL over the other.
  private func connect(
    _ operands: [CompiledExpression], _ batch: Batch, deciding: UInt8
  ) throws(QueryError) -> Vector {
    var result = try evaluate(operands[0], batch)
    for operand in operands.dropFirst() {
      if operand.canFail {
        let undecided = Selection.rows(of: result, where: { $0 != deciding }, count: batch.rowCount)
        if undecided.count == 0 { return result }
        if undecided.count < batch.rowCount {
          let narrowed = batch.select(undecided.pointer, count: undecided.count)
          let right = try evaluate(operand, narrowed)
          let scattered = Scatter.merge(
            [(undecided, right)], type: .boolean, count: batch.rowCount,
            fallback: .constant(.boolean, .bool(deciding == 1), count: batch.rowCount))
          result = BooleanKernels.connect(result, scattered, deciding: deciding)
          continue
        }
      }
      result = BooleanKernels.connect(result, try evaluate(operand, batch), deciding: deciding)
    }
    return result
  }

  private func conditional(
    _ branches: [(condition: CompiledExpression, result: CompiledExpression)],
    _ otherwise: CompiledExpression, type: DataType, _ batch: Batch
  ) throws(QueryError) -> Vector {
    let count = batch.rowCount
    if branches.count == 1, !branches[0].result.canFail, !otherwise.canFail {
      let condition = try evaluate(branches[0].condition, batch)
      if condition.layout == .constant && count > 0 {
        let holds = !condition.isNull(0) && condition.pointer(UInt8.self)[0] != 0
        return try evaluate(holds ? branches[0].result : otherwise, batch)
      }
      return ChooseKernels.choose(
        condition, try evaluate(branches[0].result, batch), try evaluate(otherwise, batch),
        type: type, count: count)
    }
    var remaining = Selection.all(count)
    var parts: [(Selection, Vector)] = []
    for branch in branches {
      if remaining.count == 0 { break }
      let rest = remaining.narrow(batch)
      let condition = try evaluate(branch.condition, rest)
      let holds = Selection.rows(of: condition, where: { $0 == 1 }, count: rest.rowCount)
      if holds.count > 0 {
        let reached = holds.count == rest.rowCount ? rest : holds.narrow(rest)
        parts.append((remaining.compose(holds), try evaluate(branch.result, reached)))
      }
      remaining = remaining.compose(
        Selection.rows(of: condition, where: { $0 != 1 }, count: rest.rowCount))
    }
    if remaining.count > 0 {
      parts.append((remaining, try evaluate(otherwise, remaining.narrow(batch))))
    }
    if parts.count == 1 && parts[0].0.count == count { return parts[0].1 }
    return Scatter.merge(parts, type: type, count: count, fallback: .nulls(type, count: count))
  }

  private func coalesce(
    _ arguments: [CompiledExpression], type: DataType, _ batch: Batch
  ) throws(QueryError) -> Vector {
    let count = batch.rowCount
    var remaining = Selection.all(count)
    var parts: [(Selection, Vector)] = []
    for argument in arguments {
      if remaining.count == 0 { break }
      let rest = remaining.narrow(batch)
      let vector = try evaluate(argument, rest)
      if !vector.mayHaveNulls {
        if parts.isEmpty { return vector }
        parts.append((remaining, vector))
        remaining = Selection.none
        break
      }
      let nulls = BooleanKernels.isNull(vector)
      let present = Selection.rows(of: nulls, where: { $0 == 0 }, count: rest.rowCount)
      if present.count == rest.rowCount {
        if parts.isEmpty { return vector }
        parts.append((remaining, vector))
        remaining = Selection.none
        break
      }
      if present.count > 0 {
        parts.append(
          (remaining.compose(present), vector.select(present.pointer, count: present.count)))
      }
      remaining = remaining.compose(
        Selection.rows(of: nulls, where: { $0 == 1 }, count: rest.rowCount))
    }
    return Scatter.merge(parts, type: type, count: count, fallback: .nulls(type, count: count))
  }

  private func inList(
    _ operand: CompiledExpression, _ list: [CompiledExpression], _ batch: Batch
  ) throws(QueryError) -> Vector {
    let vector = try evaluate(operand, batch)
    var result = Vector.constant(.boolean, .bool(false), count: batch.rowCount)
    for item in list {
      var candidate = try evaluate(item, batch)
      if candidate.type != vector.type { candidate = try Cast.cast(candidate, to: vector.type) }
      let equal = try apply(
        Comparison.overload(.equal, vector.type), [vector, candidate], count: batch.rowCount)
      result = BooleanKernels.connect(result, equal, deciding: 1)
    }
    return result
  }
}
