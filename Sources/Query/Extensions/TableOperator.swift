import ColStore

/// A node of a plan whose rows come from code that the executor knows nothing about.
package protocol TableOperator: Sendable {
  /// As EXPLAIN shows it.
  var name: String { get }
  var schema: [Field] { get }
  /// Starts the operator over its inputs.
  ///
  /// - Parameter columns: Which columns of ``schema`` are wanted, ascending: those that the
  ///   source's batches have.
  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource
}

/// A ``TableOperator`` in a plan.
public struct TableOperation: Sendable {
  package let implementation: any TableOperator
  /// The wanted columns of its schema, ascending.
  let columns: [Int]

  package init(_ implementation: any TableOperator) {
    self.init(implementation, columns: Array(implementation.schema.indices))
  }

  private init(_ implementation: any TableOperator, columns: [Int]) {
    self.implementation = implementation
    self.columns = columns
  }

  var schema: [Field] {
    let all = implementation.schema
    return columns.map { all[$0] }
  }

  /// The operation with some of its columns.
  func keeping(_ places: [Int]) -> TableOperation {
    TableOperation(implementation, columns: places.map { columns[$0] })
  }
}

extension LogicalPlan {
  /// An operator over other plans.
  package static func operation(
    _ implementation: any TableOperator, _ inputs: [LogicalPlan]
  ) -> LogicalPlan {
    .operation(TableOperation(implementation), inputs)
  }
}

extension Pipeline {
  /// A flat vector that has every value of a column: the dictionary that its vectors share, or all
  /// distinct values, collected by a pass over the input.
  package func dictionary(
    ofColumn column: Int, _ context: QueryContext
  ) throws(QueryError) -> Vector {
    if let known = facts(column).dictionary { return known }
    let facts = facts
    let alone = keeping([column], facts: { _ in facts(column) })
    let values = try AggregateSink.distinctRows(of: alone, context).collect(context)
    return Vector.concatenate(values.map { $0.columns[0] }, type: types[column]).flat()
  }
}
