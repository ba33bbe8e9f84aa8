import ColStore

extension AggregateSink {
  /// The groups as a pipeline, in files as far as memory is short.
  func pipeline() throws(QueryError) -> Pipeline {
    if let distinct = try overDistinctRows() { return try distinct.pipeline() }
    if let clustered = try clusteredPipeline() { return clustered }
    guard let budget = context.budget, keys.allSatisfy(\.isDeterministic) else {
      return pipeline(of: try run())
    }
    let separate = SeparateAggregation(self, evenOfCodes: true)
    if keys.isEmpty, separate == nil { return pipeline(of: try run()) }
    // What runs only once is parted at once: it is not known how many groups there will be.
    let again = input.repeated
    if again != nil, let groups = try run(within: budget) { return pipeline(of: groups) }
    if let groups = try separate?.run(within: budget) { return pipeline(of: groups) }
    if keys.isEmpty { return pipeline(of: try run()) }
    return try PartitionedAggregation(self, over: again ?? input).run()
  }

  private func pipeline(of groups: Batch) -> Pipeline {
    Pipeline(
      source: BatchesSource(
        [groups].filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
      types: types, facts: { facts($0) })
  }

  /// The groups morsel by morsel, where the input is clustered by a key.
  private func clusteredPipeline() throws(QueryError) -> Pipeline? {
    try ClusteredAggregateSource(self).map { source in
      Pipeline(source: source, types: types, facts: { source.facts($0) })
    }
  }

  private var types: [DataType] { keys.map(\.type) + aggregates.map(\.overload.resultType) }

  /// The distinct rows of `input`, in order of first appearance.
  static func distinctRows(
    of input: Pipeline, _ context: QueryContext
  ) throws(QueryError) -> Pipeline {
    let keys = input.types.enumerated().map {
      CompiledExpression(column: $0.offset, type: $0.element)
    }
    let sink = AggregateSink(input: input, keys: keys, aggregates: [], context: context)
    if let clustered = try sink.clusteredPipeline() { return clustered }
    guard !input.types.isEmpty, context.budget != nil else {
      let rows = try distinct(input, context)
      return Pipeline(
        source: BatchesSource(
          [rows].filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
        types: input.types, facts: { input.facts($0).ofMovedRows })
    }
    return try sink.pipeline()
  }
}
