/// Inner joins in an order in which each table has an equality with those before it, where they are
/// written in one that crosses tables: of `FROM a, b, c WHERE a.x = c.x AND b.y = c.y` c is joined
/// before b.
enum OrderJoins {
  static let apply: Optimizer.Rule = { plan in ordered(plan) }

  private static func ordered(_ plan: LogicalPlan) -> LogicalPlan {
    guard case .join(.inner, _, _, _, _) = plan else {
      return plan.withInputs(plan.inputs.map(ordered))
    }
    var tables = JoinedTables()
    tables.add(plan, offset: 0) { ordered($0) }
    return tables.connected() ?? tables.written
  }
}

/// The tables of inner joins, and what has to hold of their rows. Columns are numbered through all tables
/// as these are written.
private struct JoinedTables {
  private struct Table {
    let plan: LogicalPlan
    let columns: Range<Int>
  }

  private var tables: [Table] = []
  private var equalities: [JoinEquality] = []
  private var conditions: [Expression] = []
  private var crossings = 0
  /// The joins as they are written.
  private(set) var written = LogicalPlan.values(rows: [], schema: [])

  /// Adds the tables of `plan`, whose columns begin at `offset`; `rewrite` changes each table's plan.
  mutating func add(
    _ plan: LogicalPlan, offset: Int, rewrite: (LogicalPlan) -> LogicalPlan
  ) {
    guard case .join(.inner, let left, let right, let equalities, let residual) = plan else {
      written = rewrite(plan)
      tables.append(Table(plan: written, columns: offset..<offset + plan.schema.count))
      return
    }
    let width = left.schema.count
    add(left, offset: offset, rewrite: rewrite)
    let first = written
    add(right, offset: offset + width, rewrite: rewrite)
    written = .join(.inner, first, written, equalities: equalities, residual: residual)
    self.equalities += equalities.map {
      $0.replacing(
        left: $0.left.shifted(by: offset), right: $0.right.shifted(by: offset + width))
    }
    conditions += (residual?.conjuncts ?? []).map { $0.shifted(by: offset) }
    if equalities.isEmpty { crossings += 1 }
  }

  /// The joins in an order with fewer crossings, and the columns in theirs; nil where there is none.
  func connected() -> LogicalPlan? {
    guard crossings > 0, tables.count > 2 else { return nil }
    var rest = Array(tables.indices.dropFirst())
    var joined = Joined(tables[0].plan, tables[0].columns)
    var (equalities, conditions) = (equalities, conditions)
    var crossed = 0
    while !rest.isEmpty {
      let next =
        rest.firstIndex { table in
          equalities.contains { joined.equality($0, with: tables[table].columns) != nil }
        } ?? 0
      let table = tables[rest.remove(at: next)]
      let usable = equalities.map { joined.equality($0, with: table.columns) }
      if usable.allSatisfy({ $0 == nil }) { crossed += 1 }
      equalities = zip(equalities, usable).filter { $0.1 == nil }.map(\.0)
      joined.join(table.plan, table.columns, usable.compactMap { $0 }, &conditions)
    }
    guard equalities.isEmpty, conditions.isEmpty, crossed < crossings else { return nil }
    return joined.plan(columns: tables.flatMap(\.columns), names: written.schema.map(\.name))
  }

  /// Tables that are joined, and where their columns stand.
  private struct Joined {
    private var plan: LogicalPlan
    private var places: [Int: Int]

    init(_ plan: LogicalPlan, _ columns: Range<Int>) {
      self.plan = plan
      places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    }

    private func has(_ expression: Expression) -> Bool {
      let columns = expression.columns
      return !columns.isEmpty
        && columns.allSatisfy { places[$0] != nil || !ColumnSpace.isInput($0) }
    }

    /// The equality of these tables with another, over the columns of both; nil where it is none.
    func equality(_ equality: JoinEquality, with columns: Range<Int>) -> JoinEquality? {
      func isOther(_ expression: Expression) -> Bool {
        let read = expression.columns
        return !read.isEmpty && read.allSatisfy { columns ~= $0 }
      }
      func other(_ expression: Expression) -> Expression {
        expression.shifted(by: -columns.lowerBound)
      }
      if has(equality.left), isOther(equality.right) {
        return equality.replacing(left: placed(equality.left), right: other(equality.right))
      }
      if has(equality.right), isOther(equality.left) {
        return equality.replacing(left: placed(equality.right), right: other(equality.left))
      }
      return nil
    }

    private func placed(_ expression: Expression) -> Expression {
      expression.mapColumns { places[$0] ?? $0 }
    }

    /// Joins one more table, with those of the conditions that can be asked then.
    mutating func join(
      _ table: LogicalPlan, _ columns: Range<Int>, _ equalities: [JoinEquality],
      _ conditions: inout [Expression]
    ) {
      let width = plan.schema.count
      for (index, column) in columns.enumerated() { places[column] = width + index }
      let known = conditions.filter { has($0) }
      conditions.removeAll { has($0) }
      plan = .join(
        .inner, plan, table, equalities: equalities,
        residual: Expression.conjunction(known.map(placed)))
    }

    /// The rows with their columns in another order.
    func plan(columns: [Int], names: [String]) -> LogicalPlan {
      let schema = plan.schema
      return .project(
        plan,
        zip(columns, names).map { column, name in
          let place = places[column] ?? column
          return NamedExpression(
            name: name, expression: .column(index: place, type: schema[place].type))
        })
    }
  }
}
