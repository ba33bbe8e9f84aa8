import Query

extension DotCommand {
  /// How statements are run.
  static let engineCommands: [DotCommand] = [
    DotCommand(
      "timer", operands: "on|off", completing: .choice(["on", "off"]), "write each statement's time"
    ) {
      shell, call in
      shell.settings.showsTime = try call.isOn() ?? !shell.settings.showsTime
    },
    DotCommand("threads", operands: "[N]", "threads that work") { shell, call in
      guard let text = try call.single() else {
        return try shell.output.write("\(shell.engine.options.threads)\n")
      }
      guard let threads = ThreadCount(argument: text) else {
        throw CommandFailure(".threads takes a number above 0, not \"\(text)\"")
      }
      shell.engine.change { $0.threads = threads.count }
    },
    DotCommand("memory", operands: "[SIZE|off]", "memory that operators may hold, for example 2GB")
    {
      shell, call in
      guard let text = try call.single() else {
        let limit = shell.engine.options.memoryLimit.map(byteText) ?? "no limit"
        return try shell.output.write("\(limit)\n")
      }
      if text.lowercased() == "off" { return shell.engine.change { $0.memoryLimit = nil } }
      guard let size = ByteSize(argument: text) else {
        throw CommandFailure(".memory takes a size such as 2GB, or off, not \"\(text)\"")
      }
      shell.engine.change { $0.memoryLimit = size.bytes }
    },
    DotCommand("timeout", operands: "[SECONDS|off]", "stop statements that take longer") {
      shell, call in
      guard let text = try call.single() else {
        let limit = shell.engine.options.timeout.map { "\(fixed($0, 3)) s" } ?? "no limit"
        return try shell.output.write("\(limit)\n")
      }
      if text.lowercased() == "off" { return shell.engine.change { $0.timeout = nil } }
      guard let seconds = Double(text), seconds > 0, seconds.isFinite else {
        throw CommandFailure(".timeout takes seconds above 0, or off, not \"\(text)\"")
      }
      shell.engine.change { $0.timeout = seconds }
    },
    DotCommand(
      "param", alias: "parameter", operands: "[NAME=VALUE]",
      "give $NAME a value, or list the values"
    ) {
      shell, call in
      guard !call.rest.isEmpty else { return try listParameters(shell) }
      if let parameter = StatementParameter(argument: call.arguments.joined(separator: " ")) {
        return shell.engine.change { $0.parameters[parameter.name] = parameter.value }
      }
      switch (call.arguments[0].lowercased(), call.arguments.count) {
      case ("list", 1): try listParameters(shell)
      case ("clear", 1): shell.engine.change { $0.parameters = [:] }
      case ("unset", 2): shell.engine.change { $0.parameters[call.arguments[1]] = nil }
      case ("set", 3):
        shell.engine.change { $0.parameters[call.arguments[1]] = call.arguments[2] }
      default: throw CommandFailure(".param takes NAME=VALUE, list, unset NAME or clear")
      }
    },
  ]

  private static func listParameters(_ shell: Shell) throws {
    var table = SmallTable(fields: [
      Field(name: "name", type: .varchar), Field(name: "value", type: .varchar),
    ])
    for (name, value) in shell.engine.options.parameters.sorted(by: { $0.key < $1.key }) {
      table.rows.append([.string(name), .string(value)])
    }
    try shell.show(table)
  }
}
