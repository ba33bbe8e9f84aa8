import ColStore

/// The rows for which `row_number() OVER (PARTITION BY … ORDER BY …) = 1`: the first of each partition.
///
/// No rows are sorted: they are grouped by the partition keys, each group keeps the number of the row
/// that comes first so far, and these rows are picked in the end. Of many partitions, whose groups would
/// not stay in the cache, the rows are better sorted part by part.
struct FirstRows: Sendable {
  private let call: WindowCall
  private let context: QueryContext

  /// Nil where the condition on a window's rows is another, partitions may be many, or rows may have to
  /// go to files.
  init?(
    _ calls: [WindowCall], of predicate: Expression, over input: Pipeline, _ context: QueryContext
  ) {
    guard calls.count == 1, case .rowNumber = calls[0].function, context.budget == nil,
      calls[0].partitionBy.allSatisfy(\.isDeterministic),
      predicate.conjuncts.contains(where: { $0.isFirst(ofColumn: input.types.count) })
    else { return nil }
    call = calls[0]
    self.context = context
    let groups = AggregateSink(
      input: input, keys: call.partitionBy.map { CompiledExpression($0) }, aggregates: [],
      context: context)
    guard call.partitionBy.isEmpty || groups.hasFewGroups else { return nil }
  }

  /// The columns of `input`, and the row number, which is 1.
  func pipeline(over input: Pipeline) throws(QueryError) -> Pipeline {
    let width = input.types.count
    let rows = WindowRows(try input.collect(context), types: input.types)
    let batches = picked(try numbers(rows, input), of: rows)
    return Pipeline(
      source: BatchesSource(batches, batchRows: context.options.batchRows),
      types: input.types + [.bigint],
      facts: { $0 < width ? input.facts($0).ofMovedRows : .none })
  }

  /// The numbers of the first rows, ascending.
  private func numbers(_ rows: WindowRows, _ input: Pipeline) throws(QueryError) -> [Int64] {
    let width = input.types.count
    let numbered = rows.batches.enumerated().map { index, batch in
      let numbers = FlatBuilder<Int64>(count: batch.rowCount)
      for row in 0..<batch.rowCount { numbers[row] = Int64(rows.starts[index] + row) }
      return Batch(columns: batch.columns + [numbers.finish(.bigint)], rowCount: batch.rowCount)
    }
    let pipeline = Pipeline(
      source: BatchesSource(numbered, batchRows: context.options.batchRows),
      types: input.types + [.bigint], rowLimit: rows.count,
      facts: { $0 < width ? input.facts($0).ofMovedRows : .none })
    var first = try AggregateCall.plain("first", [.column(index: width, type: .bigint)])
    first = AggregateCall(
      overload: first.overload, arguments: first.arguments, isDistinct: false, filter: nil,
      orderBy: call.orderBy, position: call.position)
    let groups = try AggregateSink(
      input: pipeline, keys: call.partitionBy.map { CompiledExpression($0) },
      aggregates: [CompiledAggregate(first)], keepsOrder: false, context: context
    ).pipeline().collect(context)
    var found: [Int64] = []
    for batch in groups {
      let numbers = batch.columns[batch.columns.count - 1]
      let values = Rows<Int64>(numbers)
      for row in 0..<batch.rowCount where !values.isNull(row) { found.append(values[row]) }
      withExtendedLifetime(numbers) {}
    }
    return found.sorted()
  }

  private func picked(_ numbers: [Int64], of rows: WindowRows) -> [Batch] {
    var output: [Batch] = []
    var next = 0
    for (index, batch) in rows.batches.enumerated() {
      var own: [UInt32] = []
      while next < numbers.count, numbers[next] < rows.starts[index + 1] {
        own.append(UInt32(Int(numbers[next]) - rows.starts[index]))
        next += 1
      }
      if own.isEmpty { continue }
      own.withUnsafeBufferPointer { own in
        guard let base = own.baseAddress else { return }
        let picked = batch.select(base, count: own.count)
        output.append(
          Batch(
            columns: picked.columns + [.constant(.bigint, .int64(1), count: own.count)],
            rowCount: own.count))
      }
    }
    return output
  }
}

extension Expression {
  /// Whether it says that a row number is the first.
  fileprivate func isFirst(ofColumn column: Int) -> Bool {
    guard case .call(let call) = self, call.arguments.count == 2,
      case .column(column, _) = call.arguments[0],
      case .literal(.int64(1), let type) = call.arguments[1], type.isInteger
    else { return false }
    return call.overload.name == "=" || call.overload.name == "<="
  }
}
