import ColStore

/// A row for each element of the row's lists: the input's columns, then one for each list. Shorter
/// lists are filled up with NULL; a row whose lists are all empty or NULL goes.
struct UnnestOperator: StreamOperator {
  let lists: [CompiledExpression]
  let batchRows: Int

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var sources: [ListRows] = []
    var elements: [Vector] = []
    for list in lists {
      let rows = ListRows(try evaluator.evaluate(list, batch))
      sources.append(rows)
      let type = rows.elements.type
      elements.append(
        Vector.concatenate(
          [rows.elements.flat(), Vector.nulls(type, count: 1).flat()], type: type
        ).flat())
    }
    var rows: [UInt32] = []
    var positions = [[UInt32]](repeating: [], count: lists.count)
    func flush() throws(QueryError) -> Bool {
      if rows.isEmpty { return true }
      try evaluator.cancellation.check()
      let count = rows.count
      var columns = rows.withUnsafeBufferPointer { chosen -> [Vector] in
        guard let base = chosen.baseAddress else { return [] }
        return batch.columns.map { $0.select(base, count: count) }
      }
      for (index, places) in positions.enumerated() {
        places.withUnsafeBufferPointer { chosen in
          guard let base = chosen.baseAddress else { return }
          columns.append(
            Vector.gather(
              values: elements[index], at: base, count: count, keeping: elements[index]))
        }
        positions[index].removeAll(keepingCapacity: true)
      }
      rows.removeAll(keepingCapacity: true)
      return try emit(Batch(columns: columns, rowCount: count))
    }
    for row in 0..<batch.rowCount {
      let ranges = sources.map { $0[row] }
      let longest = ranges.reduce(0) { max($0, $1.count) }
      for index in 0..<longest {
        rows.append(UInt32(row))
        for (list, range) in ranges.enumerated() {
          positions[list].append(
            UInt32(index < range.count ? range.lowerBound + index : elements[list].count - 1))
        }
        if rows.count >= batchRows, try !flush() { return false }
      }
    }
    return try flush()
  }
}
