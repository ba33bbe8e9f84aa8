/// Inner joins in an order that makes few rows on the way: of `FROM a, b, c WHERE a.x = c.x AND
/// b.y = c.y` c is joined before b, with which a has nothing in common, and of three tables with
/// equalities between them the two first that have the fewest pairs.
///
/// The written order is kept unless another is better by far.
enum OrderJoins {
  static let apply: Optimizer.Rule = { plan in ordered(plan) }

  private static func ordered(_ plan: LogicalPlan) -> LogicalPlan {
    switch plan {
    case .join(.inner, _, _, _, _):
      return JoinedTables(plan) { ordered($0) }.ordered()
    case .filter(let input, let predicate):
      guard case .join(.inner, _, _, _, _) = input else { break }
      let tables = JoinedTables(input) { ordered($0) }
      if let (plan, rest) = tables.connected(by: predicate.conjuncts) {
        return plan.filtered(by: rest)
      }
      return .filter(tables.ordered(), predicate: predicate)
    default: break
    }
    return plan.withInputs(plan.inputs.map(ordered))
  }
}

/// The tables of inner joins, and what has to hold of their rows. Columns are numbered through all tables
/// as these are written.
private struct JoinedTables {
  fileprivate struct Table {
    var plan: LogicalPlan
    let columns: Range<Int>

    func has(_ expression: Expression) -> Bool {
      let read = expression.columns
      return !read.isEmpty && read.allSatisfy { columns ~= $0 }
    }

    /// `expression`, which reads this table alone, over its own columns.
    func own(_ expression: Expression) -> Expression {
      expression.shifted(by: -columns.lowerBound)
    }
  }

  /// How many times fewer rows another order must make than the written one, and the rows of that for
  /// which one is sought.
  private static let gainMin = 4.0
  private static let rowsMin = 1e5

  private var tables: [Table] = []
  private var equalities: [JoinEquality] = []
  private var conditions: [Expression] = []
  /// The joins as they are written, and how many of them have no equality.
  private var written = LogicalPlan.values(rows: [], schema: [])
  private var crossings = 0

  init(_ plan: LogicalPlan, rewrite: (LogicalPlan) -> LogicalPlan) {
    add(plan, offset: 0, rewrite)
  }

  /// Adds the tables of `plan`, whose columns begin at `offset`; `rewrite` changes each table's plan.
  private mutating func add(
    _ plan: LogicalPlan, offset: Int, _ rewrite: (LogicalPlan) -> LogicalPlan
  ) {
    guard case .join(.inner, let left, let right, let equalities, let residual) = plan else {
      written = rewrite(plan)
      tables.append(Table(plan: written, columns: offset..<offset + plan.schema.count))
      return
    }
    let width = left.schema.count
    add(left, offset: offset, rewrite)
    let first = written
    add(right, offset: offset + width, rewrite)
    written = .join(.inner, first, written, equalities: equalities, residual: residual)
    self.equalities += equalities.map {
      $0.replacing(
        left: $0.left.shifted(by: offset), right: $0.right.shifted(by: offset + width))
    }
    conditions += (residual?.conjuncts ?? []).map { $0.shifted(by: offset) }
    if equalities.isEmpty { crossings += 1 }
  }

  /// The joins in the best order found, with the columns in theirs.
  func ordered() -> LogicalPlan {
    guard tables.count > 2 else { return written }
    let rows = LogicalPlan.rowsOnTheWay(written, isLast: true)
    guard crossings > 0 || rows > JoinedTables.rowsMin else { return written }
    let best = graph.best
    guard
      best.crossings < crossings
        || best.crossings == crossings && best.rowsOnTheWay * JoinedTables.gainMin < rows
    else { return written }
    return joined(best) ?? written
  }

  /// The joins with those of the conditions above them that keep tables from being crossed, though they
  /// may fail: every pair of rows would have to be asked. Nil where none does; else also the conditions
  /// that remain.
  func connected(by above: [Expression]) -> (plan: LogicalPlan, rest: [Expression])? {
    guard crossings > 0 else { return nil }
    var connected = self
    var rest: [Expression] = []
    for condition in above {
      if !condition.isDeterministic {
        rest.append(condition)
      } else if let index = tables.firstIndex(where: { $0.has(condition) }) {
        // It may keep rows away from the keys.
        let table = tables[index]
        connected.tables[index].plan = .filter(
          connected.tables[index].plan, predicate: table.own(condition))
      } else if let equality = equality(of: condition) {
        connected.equalities.append(equality)
      } else {
        rest.append(condition)
      }
    }
    let best = connected.graph.best
    guard best.crossings < crossings, let plan = connected.joined(best) else { return nil }
    return (plan, rest)
  }

  /// The equality of values of different tables that a condition is; nil where it is none.
  private func equality(of condition: Expression) -> JoinEquality? {
    guard case .call(let call) = condition, call.overload.name == "=", call.arguments.count == 2
    else { return nil }
    let (left, right) = (call.arguments[0], call.arguments[1])
    guard !left.columns.isEmpty, !right.columns.isEmpty,
      left.columns.union(right.columns).allSatisfy(ColumnSpace.isInput),
      tableNumbers(of: left).isDisjoint(with: tableNumbers(of: right))
    else { return nil }
    return JoinEquality(left: left, right: right)
  }

  private func tableNumbers(of expression: Expression) -> Set<Int> {
    let read = expression.columns
    return Set(tables.indices.filter { table in read.contains { tables[table].columns ~= $0 } })
  }

  private var graph: JoinGraph {
    let rows = tables.map(\.plan.estimatedRows)
    return JoinGraph(
      rows: rows,
      edges: equalities.map { equality in
        let sides = [equality.left, equality.right].map { key in
          let read = tableNumbers(of: key)
          let values =
            read.count == 1
            ? read.first.map { table in
              tables[table].plan.estimatedValues(of: tables[table].own(key), rows: rows[table])
            } : nil
          return (tables: read, values: values ?? 1)
        }
        return JoinGraph.Edge(
          left: sides[0].tables, right: sides[1].tables,
          values: max(sides[0].values, sides[1].values))
      })
  }

  /// The joins in an order; nil where an equality finds no place, being one of several tables.
  private func joined(_ order: JoinGraph.Order) -> LogicalPlan? {
    var joined = Joined(tables[order.tables[0]])
    var (rest, conditions) = (equalities, conditions)
    for index in order.tables.dropFirst() {
      let table = tables[index]
      let usable = rest.map { joined.equality($0, with: table) }
      rest = zip(rest, usable).filter { $0.1 == nil }.map(\.0)
      joined.join(table, usable.compactMap { $0 }, &conditions)
    }
    guard rest.isEmpty, conditions.isEmpty else { return nil }
    return joined.plan(columns: tables.flatMap(\.columns), names: written.schema.map(\.name))
  }
}

extension LogicalPlan {
  /// About how many rows the inner joins of `plan` make, without the last.
  fileprivate static func rowsOnTheWay(_ plan: LogicalPlan, isLast: Bool) -> Double {
    guard case .join(.inner, let left, let right, _, _) = plan else { return 0 }
    return (isLast ? 0 : plan.estimatedRows) + rowsOnTheWay(left, isLast: false)
      + rowsOnTheWay(right, isLast: false)
  }
}

/// Tables that are joined, and where their columns stand.
private struct Joined {
  private var plan: LogicalPlan
  private var places: [Int: Int]

  init(_ table: JoinedTables.Table) {
    plan = table.plan
    places = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
  }

  private func has(_ expression: Expression) -> Bool {
    let columns = expression.columns
    return !columns.isEmpty
      && columns.allSatisfy { places[$0] != nil || !ColumnSpace.isInput($0) }
  }

  /// The equality of these tables with another, over the columns of both; nil where it is none.
  func equality(_ equality: JoinEquality, with table: JoinedTables.Table) -> JoinEquality? {
    if has(equality.left), table.has(equality.right) {
      return equality.replacing(left: placed(equality.left), right: table.own(equality.right))
    }
    if has(equality.right), table.has(equality.left) {
      return equality.replacing(left: placed(equality.right), right: table.own(equality.left))
    }
    return nil
  }

  private func placed(_ expression: Expression) -> Expression {
    expression.mapColumns { places[$0] ?? $0 }
  }

  /// Joins one more table, with those of the conditions that can be asked then.
  mutating func join(
    _ table: JoinedTables.Table, _ equalities: [JoinEquality], _ conditions: inout [Expression]
  ) {
    let width = plan.schema.count
    for (index, column) in table.columns.enumerated() { places[column] = width + index }
    let known = conditions.filter { has($0) }
    conditions.removeAll { has($0) }
    plan = .join(
      .inner, plan, table.plan, equalities: equalities,
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
