import ColStore

extension QueryPlanner {
  /// The rows of a statement that tells of tables or queries; those of SUMMARIZE are computed now.
  func planReport(_ report: ReportSyntax) throws(QueryError) -> LogicalPlan {
    switch report {
    case .tables:
      let names = context.tables.values.map(\.name).sorted()
      return rows(names.map { [.string($0)] }, [Field(name: "name", type: .varchar)])
    case .describe(let query):
      let names = ["column_name", "column_type", "null", "key", "default", "extra"]
      return rows(
        try plan(alone: query).schema.map { field in
          let type = field.type == .null ? "\"NULL\"" : field.type.description
          return [.string(field.name), .string(type), .string("YES"), .null, .null, .null]
        }, names.map { Field(name: $0, type: .varchar) })
    case .summarize(let query):
      let input = try plan(alone: query)
      let summary = try Summary(of: input.schema)
      let batches = try context.rows(of: summary.plan(over: input))
      guard let batch = batches.first(where: { $0.rowCount > 0 }) else {
        return rows([], Summary.fields)
      }
      return rows(
        summary.rows(from: batch.columns.map { $0.value(at: 0) }), Summary.fields)
    }
  }

  private func plan(alone query: QuerySyntax) throws(QueryError) -> LogicalPlan {
    try QueryPlanner(context: context, level: QueryLevel(outer: nil), tables: tables).plan(query)
  }

  private func rows(_ values: [[Value]], _ fields: [Field]) -> LogicalPlan {
    .values(
      rows: values.map { row in
        zip(row, fields).map { Expression.literal($0, type: $1.type) }
      }, schema: fields)
  }
}
