import ArgumentParser
import ColStore
import Glibc

/// The root command. Its subcommands are listed in the order in which a newcomer needs them.
struct CommandLineInterface: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ecq",
    abstract: "A columnar engine for e-commerce clickstreams.",
    usage: "ecq <subcommand> …",
    version: "ecq 0.1.0",
    subcommands: [
      Demo.self, Generate.self, Ingest.self, Query.self, Info.self, Verify.self, Repair.self,
      Sessions.self, Users.self, RFM.self, Funnel.self,
      Retention.self, Segment.self, Paths.self, EDA.self, Train.self, Predict.self, Evaluate.self,
      BakeOffCommand.self, Cluster.self,
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

/// The first argument must name a subcommand, unless it is an option.
private func checkSubcommand(_ arguments: [String]) throws {
  let names = CommandLineInterface.configuration.subcommands.map { $0._commandName } + ["help"]
  guard let first = arguments.first else {
    throw UsageFailure("no command given: one of \(names.dropLast().joined(separator: ", "))")
  }
  guard !first.hasPrefix("-"), !names.contains(first), !first.hasPrefix("___") else { return }
  throw UsageFailure(
    "unknown command \"\(first)\"",
    hint: nearestName(to: first, among: names).map { "did you mean \"\($0)\"?" })
}
