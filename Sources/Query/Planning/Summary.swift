import ColStore

/// What SUMMARIZE computes of every column, as one row of aggregates over the query.
struct Summary {
  static let fields = [
    Field(name: "column_name", type: .varchar), Field(name: "column_type", type: .varchar),
    Field(name: "min", type: .varchar), Field(name: "max", type: .varchar),
    Field(name: "approx_unique", type: .bigint), Field(name: "avg", type: .varchar),
    Field(name: "std", type: .varchar), Field(name: "q25", type: .varchar),
    Field(name: "q50", type: .varchar), Field(name: "q75", type: .varchar),
    Field(name: "count", type: .bigint),
    Field(name: "null_percentage", type: .decimal(precision: 9, scale: 2)),
  ]

  private let columns: [Field]
  private var aggregates: [NamedAggregate] = []
  private var results: [NamedExpression] = []
  /// For each column, the results that its row shows, in order; nil shows NULL.
  private var places: [[Int?]] = []

  init(of columns: [Field]) throws(QueryError) {
    self.columns = columns
    for (index, column) in columns.enumerated() {
      let value = Expression.column(index: index, type: column.type)
      var row: [Int?] = []
      let isTime = column.type == .date || column.type == .timestamp
      let isOrdered = column.type.isNumeric || isTime
      row.append(try add("min", [value], asText: true))
      row.append(try add("max", [value], asText: true))
      row.append(try add("approx_count_distinct", [value], asText: false))
      row.append(column.type.isNumeric || isTime ? try add("avg", [value], asText: true) : nil)
      row.append(column.type.isNumeric ? try add("stddev", [value], asText: true) : nil)
      for fraction in [0.25, 0.5, 0.75] {
        row.append(
          isOrdered
            ? try add(
              "approx_quantile", [value, .literal(.double(fraction), type: .double)], asText: true)
            : nil)
      }
      row.append(try add("count", [], asText: false))
      row.append(try add("count", [value], asText: false))
      places.append(row)
    }
  }

  /// Adds the aggregate and gives its place among the results; nil where it does not exist for
  /// the type.
  private mutating func add(
    _ name: String, _ arguments: [Expression], asText: Bool
  ) throws(QueryError) -> Int? {
    guard let function = FunctionRegistry.aggregate(name),
      let overload = try? function.resolve(
        arguments.map(\.type), arguments.map(Binder.literalValue))
    else { return nil }
    let cast = zip(arguments, overload.parameterTypes).map { argument, type in
      argument.type == type
        ? argument : Expression.cast(argument, to: type, isTry: false, position: nil)
    }
    let column = Expression.column(index: aggregates.count, type: overload.resultType)
    aggregates.append(
      NamedAggregate(
        name: name,
        call: AggregateCall(
          overload: overload, arguments: cast, isDistinct: function.isDistinct, filter: nil,
          orderBy: [], position: nil)))
    results.append(
      NamedExpression(
        name: name,
        expression: asText ? .cast(column, to: .varchar, isTry: false, position: nil) : column))
    return results.count - 1
  }

  func plan(over input: LogicalPlan) -> LogicalPlan {
    .project(.aggregate(input, keys: [], aggregates: aggregates, groupingSets: nil), results)
  }

  /// The result's rows, from the one row of the plan.
  func rows(from values: [Value]) -> [[Value]] {
    columns.indices.map { index in
      let found = places[index].map { place -> Value in
        place.flatMap { $0 < values.count ? values[$0] : nil } ?? .null
      }
      var row: [Value] = [
        .string(columns[index].name), .string(columns[index].type.description),
      ]
      row += found.dropLast()
      if case .int64(let count) = found[found.count - 2],
        case .int64(let present) = found[found.count - 1], count > 0
      {
        let share = (Double(count - present) / Double(count) * 10_000).rounded()
        row.append(.int64(Int64(share)))
      } else {
        row.append(.null)
      }
      return row
    }
  }
}
