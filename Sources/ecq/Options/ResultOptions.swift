import ArgumentParser
import Query

extension OutputFormat: ExpressibleByArgument {}
extension ColorChoice: ExpressibleByArgument {}
extension LargeNumbers: ExpressibleByArgument {}

/// How results are written.
struct ResultOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "How results are written (default: table on a terminal, else csv).", valueName: "format"))
  var format: OutputFormat?

  @Option(name: .long, help: ArgumentHelp("Use colours.", valueName: "when"))
  var color = ColorChoice.auto

  @Option(
    name: .customLong("json-bigint"),
    help: ArgumentHelp(
      "How JSON writes numbers that may not fit a double: BIGINT and long DECIMAL.",
      valueName: "form"))
  var largeNumbers = LargeNumbers.number

  var settings: FormatSettings {
    var settings = FormatSettings()
    settings.quotesLargeNumbers = largeNumbers == .string
    return settings
  }

  var terminal: Terminal { Terminal(color: color) }

  func makeSink(to stream: OutputStream) -> any ResultSink {
    let terminal = terminal
    let format = format ?? (terminal.isOutputTerminal ? .table : .csv)
    return format.makeSink(to: stream, terminal: terminal, settings: settings)
  }
}
