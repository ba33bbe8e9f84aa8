import ArgumentParser
import Query

/// How statements are run.
struct EngineOptions: ParsableArguments {
  @Flag(name: .long, help: "Print each statement's time on standard error.")
  var timer = false

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  @Option(
    name: .long,
    help: ArgumentHelp("Memory that operators may hold, for example 2GB.", valueName: "size"))
  var memoryLimit: ByteSize?

  @Option(
    name: .long,
    help: ArgumentHelp("Stop a statement that takes longer.", valueName: "seconds"))
  var timeout: Double?

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("The value of $name in the SQL; may be repeated.", valueName: "name=value"))
  var parameters: [StatementParameter] = []

  @Flag(name: .long, help: "Compute everything from the rows, not from block statistics.")
  var noBlockAnswers = false

  func queryOptions() throws -> QueryOptions {
    var options = QueryOptions()
    options.threads = threads.count
    options.memoryLimit = memoryLimit?.bytes
    if let timeout {
      guard timeout > 0 else { throw UsageFailure("--timeout takes seconds, more than 0") }
      options.timeout = timeout
    }
    options.usesBlockAnswers = !noBlockAnswers
    for parameter in parameters { options.parameters[parameter.name] = parameter.value }
    options.targets = CopyFiles()
    return options
  }
}
