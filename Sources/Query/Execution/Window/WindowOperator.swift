import ColStore

/// Window functions over a whole input.
///
/// Calls with the same PARTITION BY are computed together. The rows are parted by a hash of it, in
/// memory by ``WindowParts`` or in files by ``PartitionedWindow``, and each part is computed on its
/// own: rows are ordered by partition and order keys, results are computed along that order and put
/// back to their rows.
struct WindowOperator: Sendable {
  /// Of the budget, what the input may take.
  private static let part = 0.2

  let calls: [WindowCall]
  /// Whether rows must stay in the order of the input.
  let keepsOrder: Bool
  let context: QueryContext

  /// The input's columns, then one for each call.
  func pipeline(over input: Pipeline) throws(QueryError) -> Pipeline {
    let width = input.types.count
    let facts: @Sendable (Int) -> ColumnFacts = { column in
      column < width
        ? input.facts(column).ofMovedRows : WindowOperator.facts(calls[column - width])
    }
    // Without a PARTITION BY there is but one part.
    guard let budget = context.budget, let again = input.repeated,
      partitionings.allSatisfy({ !$0.keys.isEmpty && $0.keys.allSatisfy(\.isDeterministic) })
    else { return try inMemory(try input.collect(context), of: input, facts) }
    if let batches = try again.collect(context, within: budget, part: WindowOperator.part) {
      return try inMemory(batches, of: input, facts)
    }
    return try inFiles(again, facts)
  }

  private func inMemory(
    _ batches: [Batch], of input: Pipeline, _ facts: @escaping @Sendable (Int) -> ColumnFacts
  ) throws(QueryError) -> Pipeline {
    let rows = WindowRows(batches, types: input.types)
    var results = [WindowResult?](repeating: nil, count: calls.count)
    for partitioning in partitionings {
      let keys = WindowKeys(partitioning.keys, of: input, context)
      let parts = WindowParts(partitioning.calls.map { calls[$0] }, keys: keys, context)
      for (call, result) in zip(partitioning.calls, try parts.results(of: rows)) {
        results[call] = result
      }
    }
    return Pipeline(
      source: WindowSource(
        rows, results.compactMap { $0 }, batchRows: context.options.batchRows),
      types: input.types + calls.map(\.resultType), facts: facts)
  }

  private func inFiles(
    _ input: Pipeline, _ facts: @escaping @Sendable (Int) -> ColumnFacts
  ) throws(QueryError) -> Pipeline {
    let width = input.types.count
    var output = input
    var places = Array(0..<width) + calls.map { _ in 0 }
    let partitionings = partitionings
    for (step, partitioning) in partitionings.enumerated() {
      for (number, call) in partitioning.calls.enumerated() {
        places[width + call] = output.types.count + number
      }
      output = try PartitionedWindow(
        partitioning.calls.map { calls[$0] }, keys: partitioning.keys, context
      ).run(output, keepsOrder: keepsOrder || step < partitionings.count - 1)
    }
    return output.keeping(places, facts: facts)
  }

  /// The calls by what they are partitioned by.
  private var partitionings: [(keys: [CompiledExpression], calls: [Int])] {
    var numbers: [Set<String>: Int] = [:]
    var found: [(keys: [CompiledExpression], calls: [Int])] = []
    for (number, call) in calls.enumerated() {
      let key = Set(call.partitionBy.map(\.fingerprint))
      if let known = numbers[key] {
        found[known].calls.append(number)
      } else {
        numbers[key] = found.count
        found.append((call.partitionBy.map { CompiledExpression($0) }, [number]))
      }
    }
    return found
  }

  /// What is known of a call's results beforehand.
  private static func facts(_ call: WindowCall) -> ColumnFacts {
    guard case .ntile(let expression) = call.function,
      let tiles = CompiledExpression(expression).constant, tiles.type.physical == .int64,
      !tiles.isNull(0), tiles.pointer(Int64.self)[0] > 0
    else { return .none }
    return ColumnFacts(
      dictionary: nil, range: 1...tiles.pointer(Int64.self)[0], isNeverNull: true)
  }
}
