import ColStore
import Query

extension DotCommand {
  /// How results look, and where they go.
  static let resultCommands: [DotCommand] = [
    DotCommand(
      "mode", alias: "format", operands: "[FORMAT]", completing: .choice(formatNames),
      "format of results: \(formatNames.joined(separator: ", "))"
    ) { shell, call in
      guard let name = try call.single() else {
        let format = shell.settings.format?.rawValue ?? "auto: a table on a terminal, else csv"
        return try shell.output.write("\(format)\n")
      }
      shell.settings.format = try format(named: name)
      shell.output.reset()
    },
    DotCommand("expanded", completing: .nothing, "write a value a line, or a table again") {
      shell, _ in
      shell.settings.format = shell.settings.format == .line ? nil : .line
      shell.output.reset()
    },
    DotCommand(
      "headers", alias: "header", operands: "on|off", completing: .choice(["on", "off"]),
      "write the column names of csv and tsv"
    ) { shell, call in
      guard let isOn = try call.isOn() else { throw CommandFailure(".headers is on or off") }
      shell.settings.formatSettings.hasHeader = isOn
      shell.output.reset()
    },
    DotCommand("nullvalue", operands: "[TEXT]", "write TEXT for NULL in table, csv, tsv and line") {
      shell, call in
      shell.settings.formatSettings.null = try call.single().map { NullText($0) }
      shell.output.reset()
    },
    DotCommand(
      "bigint", operands: "number|string",
      completing: .choice(LargeNumbers.allCases.map(\.rawValue)),
      "how json writes numbers that may not fit a double"
    ) { shell, call in
      guard let form = LargeNumbers(rawValue: try call.required("number or string")) else {
        throw CommandFailure(".bigint is number or string")
      }
      shell.settings.formatSettings.quotesLargeNumbers = form == .string
      shell.output.reset()
    },
    DotCommand("maxrows", operands: "[N|all]", "rows of a table that are shown at once") {
      shell, call in
      shell.settings.formatSettings.rowsShownMax = try limit(call, all: .max) ?? 40
    },
    DotCommand(
      "maxwidth", alias: "width", operands: "[N|auto]", "columns of the terminal that a table takes"
    ) { shell, call in
      shell.settings.formatSettings.widthMax = try limit(call, all: nil)
    },
    DotCommand(
      "pager", operands: "[auto|off|COMMAND]", completing: .choice(["auto", "off"]),
      "show long results with less, $PAGER, $ECQ_PAGER or COMMAND"
    ) { shell, call in
      switch call.rest {
      case "", "auto", "on": (shell.settings.paging, shell.settings.pager) = (.automatic, nil)
      case "off": shell.settings.paging = .never
      case let command: (shell.settings.paging, shell.settings.pager) = (.automatic, command)
      }
    },
    DotCommand(
      "output", operands: "[FILE]", completing: .file,
      "write results to FILE, or to the terminal again"
    ) {
      shell, call in
      try shell.output.redirect(to: try call.single().map(FileNames.expandingHome))
    },
    DotCommand(
      "once", operands: "FILE", completing: .file, "write the next statement's result to FILE"
    ) {
      shell, call in
      try shell.output.redirect(
        to: FileNames.expandingHome(try call.required("a file")), once: true)
    },
    DotCommand("last", "show the last result again, all of it; FROM _ queries it") { shell, _ in
      try shell.showLastResult()
    },
  ]

  private static let formatNames = OutputFormat.allCases.map(\.rawValue)

  /// Also by the names that other shells have for a format; nil: auto.
  private static func format(named name: String) throws -> OutputFormat? {
    let others = [
      "box": OutputFormat.table, "duckbox": .table, "column": .table, "columns": .table,
      "tabs": .tsv, "jsonlines": .jsonl, "ndjson": .jsonl, "vertical": .line, "md": .markdown,
    ]
    let name = name.lowercased()
    if name == "auto" { return nil }
    if let format = OutputFormat(rawValue: name) ?? others[name] { return format }
    let near = nearestName(to: name, among: formatNames + others.keys.sorted())
    throw CommandFailure(
      "there is no format \"\(name)\"",
      hint: near.map { "did you mean \"\($0)\"?" }
        ?? "there are \(formatNames.joined(separator: ", "))")
  }

  /// A number of rows or columns; `all` stands for what is said there.
  private static func limit(_ call: DotCall, all: Int?) throws -> Int? {
    guard let text = try call.single() else { return nil }
    if ["all", "auto", "0"].contains(text.lowercased()) { return all }
    guard let number = Int(text), number > 0 else {
      throw CommandFailure(".\(call.name) takes a number above 0, not \"\(text)\"")
    }
    return number
  }
}
