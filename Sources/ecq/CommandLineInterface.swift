import ArgumentParser
import ColStore
import Glibc

/// The version of the program.
let productVersion = "0.1.0"

/// How this program was built: `release build, x86_64`.
private let buildDescription: String = {
  #if DEBUG
    let kind = "debug build"
  #else
    let kind = "release build"
  #endif
  #if arch(x86_64)
    return kind + ", x86_64"
  #elseif arch(arm64)
    return kind + ", arm64"
  #else
    return kind
  #endif
}()

/// The root command. Its subcommands are listed in the order in which a newcomer needs them.
struct CommandLineInterface: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ecq",
    abstract: "A columnar engine for e-commerce clickstreams.",
    usage: "ecq <subcommand> …",
    discussion: """
      CSV files become a store, one file; SQL, analyses and models work on stores.

      EXAMPLES:
        ecq ingest 2019-Oct.csv 2019-Nov.csv --into events.ecq
        ecq shell events.ecq
        ecq query events.ecq "SELECT event_type, count(*) FROM events GROUP BY 1"
        ecq query events.ecq -f report.sql --format json | jq .
        ecq funnel events.ecq --steps view,cart,purchase

      Exit codes: 0 done, 1 the data or the query is at fault, 2 wrong usage, 130 interrupted. \
      `ecq --generate-completion-script bash|zsh|fish` prints a script that completes all this.
      """,
    version: "ecq \(productVersion) (store format \(storeFormatVersion), \(buildDescription))",
    subcommands: [
      Demo.self, Generate.self, Ingest.self, Query.self, ShellCommand.self, Info.self, Verify.self,
      Repair.self,
      Sessions.self, Users.self, RFM.self, Funnel.self,
      Retention.self, Segment.self, Paths.self, EDA.self, Train.self, Predict.self, Evaluate.self,
      BakeOffCommand.self, Cluster.self, Purchase.self, PipelineCommand.self,
    ])
}

/// Runs the process's command and returns its exit code: 0 done, 1 the data or the query is at
/// fault, 2 wrong usage, 130 interrupted.
func runCommandLine(_ arguments: [String]) -> Int32 {
  Interruption.install()
  do {
    try checkSubcommand(arguments)
    var command = try CommandLineInterface.parseAsRoot(arguments)
    try command.run()
    return 0
  } catch {
    return report(error)
  }
}

/// The first argument must name a subcommand, unless it is an option, and so must that of `help`.
private func checkSubcommand(_ arguments: [String]) throws {
  let names = CommandLineInterface.configuration.subcommands.map { $0._commandName } + ["help"]
  guard let first = arguments.first else {
    throw UsageFailure("no command given: one of \(names.dropLast().joined(separator: ", "))")
  }
  if first.hasPrefix("-") { return try checkOption(first) }
  if !first.hasPrefix("___") { try check(first, among: names, what: "command") }
  if first == "help", let second = arguments.dropFirst().first, !second.hasPrefix("-") {
    try check(second, among: names, what: "command")
  }
}

/// Options without a subcommand are few; the parser finds the near ones of subcommands alone.
private func checkOption(_ argument: String) throws {
  let known = ["--help", "--version", "--generate-completion-script"]
  let name = String(argument.prefix { $0 != "=" })
  guard name.hasPrefix("--"), !name.hasPrefix("--experimental"),
    nearestName(to: name, among: known) != nil
  else { return }
  try check(name, among: known, what: "option")
}

private func check(_ name: String, among names: [String], what: String) throws {
  guard !names.contains(name) else { return }
  throw UsageFailure(
    "unknown \(what) \"\(name)\"",
    hint: nearestName(to: name, among: names).map { "did you mean \"\($0)\"?" })
}
