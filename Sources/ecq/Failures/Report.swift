import ArgumentParser
import ColStore
import Generator
import Glibc
import ML
import Plot
import Query

/// Tells the user of `error` on standard error, in one to three lines, and returns the exit code.
func report(_ error: any Error) -> Int32 {
  switch error {
  case OutputError.brokenPipe:
    return 0
  case OutputError.system(let code):
    return fail(["cannot write the output: \(String(cString: strerror(code)))"], 1)
  case let failure as UsageFailure:
    return fail(
      [failure.message] + (failure.hint.map { [$0] } ?? []) + ["see `ecq --help`"], 2)
  case let failure as StatementFailure:
    if failure.error.kind == .cancelled { return 130 }
    return fail([failure.text], 1)
  case let error as QueryError:
    return fail([error.render(sql: "")], 1)
  case let error as StoreError where error.isCancellation:
    return 130
  case let error as StoreError:
    return fail([error.description], 1)
  case let error as ModelError:
    return fail([error.description], 1)
  case let error as PlotError:
    return fail([error.description], 1)
  case let error as GeneratorError:
    return fail([error.description], 1)
  default:
    return reportParsing(error)
  }
}

/// Errors of the argument parser, among them `--help` and `--version`, which are none.
private func reportParsing(_ error: any Error) -> Int32 {
  switch CommandLineInterface.exitCode(for: error) {
  case .success:
    let stream = OutputStream.standardOutput()
    stream.buffer.append(CommandLineInterface.message(for: error) + "\n")
    do { try stream.flush() } catch { return report(error) }
    return 0
  case .validationFailure:
    let message = CommandLineInterface.message(for: error)
    return fail([onOneLine(message), "see `\(helpCommand(for: error))`"], 2)
  default:
    return fail([CommandLineInterface.message(for: error)], 1)
  }
}

/// The message with its list of choices, which the parser writes a line each, behind the sentence.
private func onOneLine(_ message: String) -> String {
  let lines = message.split(separator: "\n")
  let choices = lines.filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
  let sentences = lines.filter { !$0.hasPrefix("  - ") }
  return (sentences.joined(separator: " ") + " " + choices.joined(separator: ", "))
    .split(separator: " ").joined(separator: " ")
}

/// The help page that the error's command has: the one whose usage the parser would show.
private func helpCommand(for error: any Error) -> String {
  let text = CommandLineInterface.fullMessage(for: error, columns: 1000)
  let names = CommandLineInterface.configuration.subcommands.map { $0._commandName }
  let name = names.first { text.contains("See 'ecq \($0) ") }
  return name.map { "ecq \($0) --help" } ?? "ecq --help"
}

private func fail(_ lines: [String], _ exitCode: Int32) -> Int32 {
  writeToStandardError("ecq: " + lines.joined(separator: "\n") + "\n")
  return exitCode
}
