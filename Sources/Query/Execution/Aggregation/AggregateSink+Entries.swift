import ColStore

extension AggregateSink {
  /// Aggregates of all rows of a table to which it does not matter how often a value comes, as min and max:
  /// told by the entries of dictionaries, each of which some row has. Nil where one is another.
  func answerOfEntries() throws(QueryError) -> Batch? {
    guard keys.isEmpty, input.isBareScan, let scan = input.source as? ScanSource,
      scan.rowCount == scan.table.rowCount
    else { return nil }
    let state = makeState()
    var entries: [Vector] = []
    for (aggregate, own) in zip(aggregates, state.aggregates) {
      guard own.accumulator is any RepetitionBlindAccumulator, aggregate.filter == nil,
        !aggregate.isDistinct, aggregate.orderBy.isEmpty, aggregate.arguments.count == 1,
        let column = aggregate.arguments[0].bareColumn.map({ scan.columns[$0] }),
        let dictionary = scan.table.dictionary(ofColumn: column),
        scan.table.distinctCount(ofColumn: column) == dictionary.count - 1
      else { return nil }
      // The first stands for NULL.
      entries.append(dictionary.slice(offset: 1, count: dictionary.count - 1))
    }
    let evaluator = Evaluator(context)
    for (index, aggregate) in aggregates.enumerated() {
      let rows = entries[index]
      let width = (aggregate.columns.max() ?? 0) + 1
      try aggregate.update(
        state.aggregates[index],
        Batch(columns: Array(repeating: rows, count: width), rowCount: rows.count), .single,
        evaluator)
    }
    return try merge([state])
  }
}
