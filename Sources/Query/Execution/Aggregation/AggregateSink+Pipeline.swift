import ColStore

extension AggregateSink {
  /// The groups as a pipeline, in files as far as memory is short.
  func pipeline() throws(QueryError) -> Pipeline {
    guard let budget = context.budget, !keys.isEmpty, keys.allSatisfy(\.isDeterministic) else {
      return pipeline(of: try run())
    }
    // What runs only once is parted at once: it is not known how many groups there will be.
    let again = input.repeated
    if again != nil, let groups = try run(within: budget) { return pipeline(of: groups) }
    return try PartitionedAggregation(self, over: again ?? input).run()
  }

  private func pipeline(of groups: Batch) -> Pipeline {
    Pipeline(
      source: BatchesSource(
        [groups].filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
      types: keys.map(\.type) + aggregates.map(\.overload.resultType), facts: { facts($0) })
  }

  /// The distinct rows of `input`, in order of first appearance.
  static func distinctRows(
    of input: Pipeline, _ context: QueryContext
  ) throws(QueryError) -> Pipeline {
    guard !input.types.isEmpty, context.budget != nil else {
      let rows = try distinct(input, context)
      return Pipeline(
        source: BatchesSource(
          [rows].filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
        types: input.types, facts: { input.facts($0).ofMovedRows })
    }
    let keys = input.types.enumerated().map {
      CompiledExpression(column: $0.offset, type: $0.element)
    }
    return try AggregateSink(input: input, keys: keys, aggregates: [], context: context).pipeline()
  }
}
