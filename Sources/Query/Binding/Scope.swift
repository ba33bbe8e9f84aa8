import ColStore

/// The columns that names in a SELECT can mean.
struct Scope {
  struct Column {
    /// The table's name or alias; nil for the merged column of USING.
    let table: String?
    let name: String
    var expression: Expression
    /// Whether `*` shows it, and its name alone finds it: not for the sides of a merged column.
    var isPlain = true

    func isOf(_ table: NameSyntax) -> Bool {
      self.table.map { Scope.same($0, table.text) } ?? false
    }
  }

  var columns: [Column] = []
  /// The tables in FROM, in order; each name once.
  var tables: [String] = []

  init() {}

  init(table: String, fields: [Field], offset: Int = 0) {
    tables = [table]
    columns = fields.enumerated().map { index, field in
      Column(
        table: table, name: field.name,
        expression: .column(index: offset + index, type: field.type))
    }
  }

  /// This scope beside `right`, whose columns follow `width` others.
  func joined(
    with right: Scope, offset: Int, at position: Int
  ) throws(QueryError) -> Scope {
    var result = self
    for table in right.tables {
      if tables.contains(where: { Self.same($0, table) }) {
        throw QueryError(
          .name, "the table name \"\(table)\" is used twice", at: position,
          hint: "give one of them an alias")
      }
    }
    result.tables += right.tables
    for var column in right.columns {
      column.expression = column.expression.shifted(by: offset)
      result.columns.append(column)
    }
    return result
  }

  static func same(_ left: String, _ right: String) -> Bool {
    left == right || left.lowercased() == right.lowercased()
  }

  func hasTable(_ name: String) -> Bool { tables.contains { Self.same($0, name) } }

  enum Match {
    case none
    case one(Column)
    case ambiguous([Column])
  }

  /// The column called `name`, in `table` if that is given.
  func find(_ name: String, in table: String?) -> Match {
    let wanted = name.lowercased()
    var found: [Column] = []
    for column in columns where column.name.lowercased() == wanted {
      if let table {
        if let owner = column.table, Self.same(owner, table) { found.append(column) }
      } else if column.isPlain {
        found.append(column)
      }
    }
    if found.isEmpty { return .none }
    // A table with two columns of one name: the first one, as in DuckDB's subqueries.
    if found.count == 1 || found.allSatisfy({ $0.table != nil && $0.table == found[0].table }) {
      return .one(found[0])
    }
    return .ambiguous(found)
  }
}
