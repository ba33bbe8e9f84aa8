import ColStore
import Glibc
import Query

extension DotCommand {
  /// Running things that are written elsewhere.
  static let scriptCommands: [DotCommand] = [
    DotCommand(
      "read", operands: "FILE", completing: .file, "run the statements and commands of FILE"
    ) {
      shell, call in
      try shell.run(scriptAt: FileNames.expandingHome(try call.required("a file")))
    },
    DotCommand(
      "explain", operands: "[analyze] [SQL]", completing: .statement,
      "show the plan of SQL, or of the last statement"
    ) { shell, call in
      let words = call.rest.split(separator: " ", maxSplits: 1).map { String($0) }
      let analyzes = words.first?.lowercased() == "analyze"
      let rest = analyzes ? words.dropFirst().first ?? "" : call.rest
      guard let sql = rest.isEmpty ? shell.lastSQL : rest else {
        throw CommandFailure(".explain needs SQL: nothing has run yet")
      }
      try shell.run(sql: "EXPLAIN \(analyzes ? "ANALYZE " : "")\(sql)")
    },
    DotCommand("edit", "write the last statement in $EDITOR, and run what comes out") { shell, _ in
      guard let sql = try edited(shell.lastSQL ?? "") else { return }
      shell.history.add(sql)
      try shell.output.write(sql + "\n")
      try shell.run(sql: sql)
    },
    DotCommand("print", operands: "[TEXT]", "write TEXT") { shell, call in
      try shell.output.write(call.arguments.joined(separator: " ") + "\n")
    },
    DotCommand(
      "echo", operands: "on|off", completing: .choice(["on", "off"]),
      "write statements before their results"
    ) {
      shell, call in
      guard let isOn = try call.isOn() else {
        return try shell.output.write(shell.settings.echoes ? "on\n" : "off\n")
      }
      shell.settings.echoes = isOn
    },
    DotCommand(
      "bail", operands: "on|off", completing: .choice(["on", "off"]),
      "whether a script ends with its first error"
    ) {
      shell, call in
      guard let isOn = try call.isOn() else { throw CommandFailure(".bail is on or off") }
      shell.settings.stopsAtErrors = isOn
    },
    DotCommand("history", operands: "[N]", "list the last N entries, 20 by default") {
      shell, call in
      guard let count = Int(try call.single() ?? "20"), count > 0 else {
        throw CommandFailure(".history takes a number above 0")
      }
      let entries = shell.history.entries
      let first = max(0, entries.count - count)
      let lines = entries[first...].enumerated().map { "\(first + $0 + 1)  \($1)\n" }
      try shell.output.writePaged(lines.joined(), shell.settings)
    },
    DotCommand("shell", alias: "system", operands: "COMMAND", "run a command of the system's shell")
    {
      _, call in
      guard !call.rest.isEmpty else { throw CommandFailure(".shell needs a command") }
      guard let code = ChildProcess.run(call.rest) else {
        throw CommandFailure("the command cannot be run")
      }
      guard code == 0 else { throw CommandFailure("the command ended with exit code \(code)") }
    },
    DotCommand("cd", operands: "[FOLDER]", completing: .folder, "go to another folder") { _, call in
      let folder = FileNames.expandingHome(try call.single() ?? "~")
      guard chdir(folder) == 0 else { throw systemError("cannot go there", folder) }
    },
  ]

  /// The text after the user has left the editor; nil where nothing is left of it.
  private static func edited(_ text: String) throws -> String? {
    let folder = environment("TMPDIR") ?? "/tmp"
    var path = Array("\(folder)/ecq-XXXXXX.sql".utf8CString)
    let descriptor = mkstemps(&path, 4)
    guard descriptor >= 0 else { throw systemError("cannot be written", folder) }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(name) }
    var text = text
    try text.withUTF8 { try writeFully(UnsafeRawBufferPointer($0), to: descriptor) }
    close(descriptor)
    let editor = environment("VISUAL") ?? environment("EDITOR") ?? "vi"
    guard let code = ChildProcess.run("\(editor) \(name)"), code == 0 else {
      throw CommandFailure("\(editor) failed", hint: "EDITOR names the editor")
    }
    let sql = try readText(path: name).trimmed
    return sql.isEmpty ? nil : sql
  }
}
