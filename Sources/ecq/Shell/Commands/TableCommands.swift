import ColStore
import Query

extension DotCommand {
  /// What tables there are, and what they hold.
  static let tableCommands: [DotCommand] = [
    DotCommand("tables", operands: "[PATTERN]", "list the tables; PATTERN as in LIKE") {
      shell, call in
      let pattern = try call.single()
      var table = SmallTable(fields: [
        Field(name: "name", type: .varchar), Field(name: "rows", type: .bigint),
        Field(name: "columns", type: .bigint), Field(name: "store", type: .varchar),
      ])
      let database = shell.engine.database
      for name in shell.engine.tableNames {
        guard pattern.map({ matches(name, like: $0) }) ?? true else { continue }
        table.rows.append([
          .string(name), .int64(Int64(database.rowCount(of: name) ?? 0)),
          .int64(Int64(database.columns(of: name).count)),
          shell.engine.paths[name].map { .string($0) } ?? .null,
        ])
      }
      try shell.show(table)
    },
    DotCommand(
      "schema", operands: "[TABLE]", completing: .table, "show columns and types as CREATE TABLE"
    ) { shell, call in
      let names = try call.single().map { [try shell.engine.existing($0)] }
      for name in names ?? shell.engine.tableNames {
        try shell.output.write(schemaText(name, shell.engine.database.columns(of: name)))
      }
    },
    DotCommand(
      "describe", operands: "[TABLE]", completing: .table,
      "list the columns of a table, or all tables"
    ) { shell, call in
      guard let name = try call.single() else { return try shell.run(command: ".tables") }
      var table = SmallTable(fields: [
        Field(name: "column", type: .varchar), Field(name: "type", type: .varchar),
      ])
      for column in shell.engine.database.columns(of: try shell.engine.existing(name)) {
        table.rows.append([.string(column.name), .string("\(column.type)")])
      }
      try shell.show(table)
    },
    DotCommand("open", operands: "STORE...", completing: .file, "open stores as tables") {
      shell, call in
      guard !call.arguments.isEmpty else { throw CommandFailure(".open needs a store") }
      for path in call.arguments { _ = try shell.engine.open(FileNames.expandingHome(path)) }
    },
    DotCommand("close", operands: "TABLE", completing: .table, "close a table") { shell, call in
      try shell.engine.close(try call.required("a table"))
    },
    DotCommand(
      "import", operands: "CSV... STORE", completing: .file,
      "load CSV files into a store, and open it"
    ) { shell, call in
      guard call.arguments.count >= 2, let store = call.arguments.last else {
        throw CommandFailure(".import needs CSV files and a store")
      }
      var options = IngestOptions()
      options.threads = shell.engine.options.threads
      let report = try ingest(
        Array(call.arguments.dropLast()), into: store, options: options,
        bar: ProgressBar("ingest", terminal: Terminal(color: shell.settings.color)))
      for note in report.notes { writeToStandardError("\(note)\n") }
      for (name, path) in shell.engine.paths where path == store { try shell.engine.close(name) }
      let name = try shell.engine.open(store)
      writeToStandardError("\(name): \(counted(report.totalRowCount, "row"))\n")
    },
  ]

  private static func schemaText(_ name: String, _ columns: [ColumnDescription]) -> String {
    let lines = columns.map { "  \(Completer.quoted($0.name)) \($0.type)" }
    return "CREATE TABLE \(Completer.quoted(name)) (\n\(lines.joined(separator: ",\n"))\n);\n"
  }

  /// `%` stands for any text and `_` for any character; case does not matter.
  private static func matches(_ name: String, like pattern: String) -> Bool {
    matches(Array(name.lowercased())[...], Array(pattern.lowercased())[...])
  }

  private static func matches(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>)
    -> Bool
  {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    if first == "%" {
      return matches(name, rest) || (!name.isEmpty && matches(name.dropFirst(), pattern))
    }
    guard let letter = name.first, first == "_" || first == letter else { return false }
    return matches(name.dropFirst(), rest)
  }
}
