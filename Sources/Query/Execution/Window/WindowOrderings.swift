import ColStore

/// Window calls with the same PARTITION BY, by their ORDER BY: each order of the rows is found once.
struct WindowOrderings: Sendable {
  private let calls: [WindowCall]
  private let orderings: [[Int]]

  init(_ calls: [WindowCall]) {
    self.calls = calls
    var numbers: [[OrderKey]: Int] = [:]
    var orderings: [[Int]] = []
    for (number, call) in calls.enumerated() {
      let order = call.orderBy.map { OrderKey($0) }
      if let known = numbers[order] {
        orderings[known].append(number)
      } else {
        numbers[order] = orderings.count
        orderings.append([number])
      }
    }
    self.orderings = orderings
  }

  private struct OrderKey: Hashable {
    let expression: String
    let descending: Bool
    let nullsFirst: Bool

    init(_ key: SortKey) {
      expression = key.expression.fingerprint
      descending = key.descending
      nullsFirst = key.nullsFirst
    }
  }

  /// The results of all calls for all rows of an input.
  /// - Parameter packedKeys: What the rows are partitioned by, where it fits into words.
  func results(
    of batch: Batch, packedKeys: Buffer? = nil, threads: Int = 1,
    _ context: QueryContext
  ) throws(QueryError) -> [Vector] {
    if batch.rowCount == 0 { return calls.map { Vector($0.resultType, []) } }
    let results = Slots<Vector>(count: calls.count)
    try inParallel(orderings.count, threads: threads) { ordering throws(QueryError) in
      let numbers = orderings[ordering]
      let first = calls[numbers[0]]
      let partitions: WindowPartitions
      do throws(QueryError) {
        partitions = try WindowPartitions(first, batch, packedKeys: packedKeys, context)
      } catch { throw error.located(at: first.position) }
      for number in numbers {
        results[number] = try calls[number].evaluate(batch, partitions, context)
      }
    }
    return results.all
  }
}

extension WindowCall {
  /// The results of the call for all rows of an input.
  fileprivate func evaluate(
    _ batch: Batch, _ partitions: WindowPartitions, _ context: QueryContext
  ) throws(QueryError) -> Vector {
    do throws(QueryError) {
      let result = try WindowFunctions(self, batch, partitions, context).evaluate()
      return result.type == resultType ? result : try Cast.cast(result, to: resultType)
    } catch {
      throw error.located(at: position)
    }
  }

  /// The input columns that it reads.
  var columns: Set<Int> { Set(expressions.flatMap { CompiledExpression($0).columns }) }
}
