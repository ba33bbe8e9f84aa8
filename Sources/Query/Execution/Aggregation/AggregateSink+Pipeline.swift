import ColStore

extension AggregateSink {
  /// The groups as a pipeline, in files as far as memory is short.
  func pipeline() throws(QueryError) -> Pipeline {
    if let distinct = try overDistinctRows() { return try distinct.pipeline() }
    if !isDirect, let groups = try ColumnGroups(self) { return try groups.pipeline() }
    return try rowPipeline()
  }

  /// The same, row by row.
  func rowPipeline() throws(QueryError) -> Pipeline {
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

  private func pipeline(of groups: [Batch]) -> Pipeline {
    Pipeline(groups, types: types, context) { facts($0) }
  }

  /// The groups morsel by morsel, where the input is clustered by a key.
  private func clusteredPipeline() throws(QueryError) -> Pipeline? {
    try ClusteredAggregateSource(self).map { source in
      Pipeline(
        source: source, types: types, rowLimit: input.rowLimit, facts: { source.facts($0) })
    }
  }

  /// The distinct rows of `input`, in order of first appearance.
  static func distinctRows(
    of input: Pipeline, keepsOrder: Bool = true, _ context: QueryContext
  ) throws(QueryError) -> Pipeline {
    if input.types.isEmpty {
      let isEmpty = try input.collect(context, rowsWanted: 1).isEmpty
      let row = Batch(columns: [], rowCount: 1)
      return Pipeline(source: BatchesSource(isEmpty ? [] : [row], batchRows: 1), types: [])
    }
    let keys = input.types.enumerated().map {
      CompiledExpression(column: $0.offset, type: $0.element)
    }
    return try AggregateSink(
      input: input, keys: keys, aggregates: [], keepsOrder: keepsOrder, context: context
    ).pipeline()
  }
}
