import ColStore

extension DotCommand {
  /// The shell itself.
  static let sessionCommands: [DotCommand] = [
    DotCommand(
      "help", operands: "[COMMAND]", completing: .command, "list the commands, or describe one"
    ) {
      shell, call in
      guard let name = try call.single() else {
        return try shell.output.writePaged(helpText, shell.settings)
      }
      let word = name.drop { $0 == "." || $0 == "\\" }.lowercased()
      guard let command = named(word) ?? aliases[word].flatMap(named) else {
        let near = nearestName(to: word, among: all.flatMap(\.names))
        throw CommandFailure(
          "there is no command \".\(word)\"", hint: near.map { "did you mean \".\($0)\"?" })
      }
      let names = command.names.map { "." + $0 }.joined(separator: ", ")
      try shell.output.write("\(names) \(command.operands)\n  \(command.summary)\n")
    },
    DotCommand("show", "list the settings") { shell, _ in
      try shell.output.write(settingsText(shell))
    },
    DotCommand("version", "show the version") { shell, _ in
      try shell.output.write(CommandLineInterface.configuration.version + "\n")
    },
    DotCommand("quit", alias: "exit", operands: "[CODE]", "leave the shell; so does Ctrl-D") {
      shell, call in
      guard let code = Int32(try call.single() ?? "0"), (0...255).contains(code) else {
        throw CommandFailure(".\(call.name) takes an exit code from 0 to 255")
      }
      shell.exitCode = code
    },
  ]

  /// All commands, a line each.
  static var helpText: String {
    let heads = all.map { "." + $0.names[0] + ($0.operands.isEmpty ? "" : " " + $0.operands) }
    let width = heads.map(displayWidth).max() ?? 0
    let lines = zip(heads, all).map { head, command in
      "\(head)\(String(repeating: " ", count: width - displayWidth(head)))  \(command.summary)\n"
    }
    return lines.joined() + """

      Statements end with ";" and may have several lines. Tab completes, Ctrl-R searches the history,
      Alt-Enter breaks a line, Ctrl-C drops what is typed or stops what runs, Ctrl-D leaves. "_" is the
      table of the last result. \\d, \\q, \\i and other names of psql are understood.

      """
  }

  private static func settingsText(_ shell: Shell) -> String {
    let settings = shell.settings
    let format = settings.formatSettings
    let options = shell.engine.options
    var lines: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String) { lines.append((name, value)) }
    func add(_ name: String, _ isOn: Bool) { add(name, isOn ? "on" : "off") }
    add("mode", settings.format?.rawValue ?? "auto")
    add("headers", format.hasHeader)
    add("nullvalue", format.null?.string ?? "as usual in the format")
    add("bigint", format.quotesLargeNumbers ? "string" : "number")
    add("maxrows", format.rowsShownMax == .max ? "all" : "\(format.rowsShownMax)")
    add("maxwidth", format.widthMax.map { "\($0)" } ?? "auto")
    add("pager", settings.paging == .never ? "off" : settings.pager ?? "auto")
    add("output", shell.output.path ?? "standard output")
    add("timer", settings.showsTime)
    add("echo", settings.echoes)
    add("bail", settings.stopsAtErrors)
    add("threads", "\(options.threads)")
    add("memory", options.memoryLimit.map(byteText) ?? "no limit")
    add("timeout", options.timeout.map { "\(fixed($0, 3)) s" } ?? "no limit")
    return lines.map { name, value in
      String(repeating: " ", count: 10 - name.count) + "\(name): \(value)\n"
    }.joined()
  }
}
