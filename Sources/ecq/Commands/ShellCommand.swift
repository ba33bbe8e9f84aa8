import ArgumentParser
import Glibc

/// `ecq shell`: statements and commands, one after another.
struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell",
    abstract: "Answer SQL and commands, one after another, at a prompt.",
    discussion: """
      Each store is a table with the name of its file. Statements end with ; and may have several \
      lines; .help lists the commands. Off a terminal, statements and commands are read from \
      standard input, up to the first error.

      Commands of ~/.ecqrc are run first, on a terminal. The history is kept in \
      ~/.local/state/ecq/history, or in $ECQ_HISTORY. Long results go to $ECQ_PAGER, $PAGER or less.

      EXAMPLES:
        ecq shell events.ecq
        ecq shell october.ecq november.ecq --timer
        echo 'FROM events LIMIT 3;' | ecq shell events.ecq --format json
      """)

  @Argument(help: ArgumentHelp("Stores to open.", valueName: "store"), completion: .file())
  var stores: [String] = []

  @Flag(name: .long, help: "Run no ~/.ecqrc.")
  var noInit = false

  @OptionGroup var results: ResultOptions
  @OptionGroup var engine: EngineOptions

  func run() throws { try runShell(stores: stores, results, engine, runsStartupFile: !noInit) }
}

/// Whether a person sits at both ends.
var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

/// Runs the shell to its end, which is that of the process.
func runShell(
  stores: [String], _ results: ResultOptions, _ engine: EngineOptions, runsStartupFile: Bool
) throws {
  var settings = ShellSettings()
  settings.format = results.format
  settings.formatSettings = results.settings
  settings.color = results.color
  settings.showsTime = engine.timer
  let options = try engine.queryOptions()
  let shell = Shell(
    engine: try ShellEngine(stores: stores, options: options), settings: settings,
    isInteractive: isInteractive)
  let exitCode: Int32
  if isInteractive {
    let file = environment("HOME").map { "\($0)/.ecqrc" }
    let startupFile = file.flatMap { runsStartupFile && fileExists($0) ? $0 : nil }
    exitCode = shell.interact(startupFile: startupFile)
  } else {
    try shell.run(script: LineReader(STDIN_FILENO, name: "standard input"), path: nil)
    exitCode = shell.exitCode ?? 0
  }
  if exitCode != 0 { throw ExitRequest(code: exitCode) }
}

/// Ends the process with a code that the user has asked for.
struct ExitRequest: Error {
  let code: Int32
}
