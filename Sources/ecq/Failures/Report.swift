import ArgumentParser
import ColStore
import Generator
import Glibc
import ML
import Plot
import Query

/// What the user is told of an error, and the process's exit code.
enum FailureReport {
  case quiet(exitCode: Int32)
  /// One to three lines.
  case message(lines: [String], exitCode: Int32)

  init(_ error: any Error) {
    switch error {
    case let request as ExitRequest: self = .quiet(exitCode: request.code)
    case OutputError.brokenPipe:
      self = .quiet(exitCode: 0)
    case OutputError.system(let code):
      self = .fault("cannot write the output: \(String(cString: strerror(code)))")
    case let failure as UsageFailure:
      let lines = [failure.message] + (failure.hint.map { [$0] } ?? []) + ["see `ecq --help`"]
      self = .message(lines: lines, exitCode: 2)
    case let failure as CommandFailure:
      self = .fault(failure.message + (failure.hint.map { "; \($0)" } ?? ""))
    case let failure as StatementFailure:
      self = failure.error.kind == .cancelled ? .quiet(exitCode: 130) : .fault(failure.text)
    case let error as QueryError:
      self = .fault(error.render(sql: ""))
    case let error as StoreError:
      let hint = nearestFile(to: error.place).map { "; did you mean \"\($0)\"?" } ?? ""
      self = error.isCancellation ? .quiet(exitCode: 130) : .fault(error.description + hint)
    case let error as ModelError: self = .fault(error.description)
    case let error as PlotError: self = .fault(error.description)
    case let error as GeneratorError: self = .fault(error.description)
    default: self = .parsing(error)
    }
  }

  /// The data or the query is at fault.
  private static func fault(_ text: String) -> FailureReport {
    .message(lines: [text], exitCode: 1)
  }

  /// Errors of the argument parser.
  private static func parsing(_ error: any Error) -> FailureReport {
    guard CommandLineInterface.exitCode(for: error) == .validationFailure else {
      return fault(CommandLineInterface.message(for: error))
    }
    let message = onOneLine(CommandLineInterface.message(for: error))
    return .message(lines: [message, "see `\(helpCommand(for: error))`"], exitCode: 2)
  }
}

/// Tells the user of `error` on standard error, and returns the exit code.
func report(_ error: any Error) -> Int32 {
  if CommandLineInterface.exitCode(for: error) == .success { return printRequested(error) }
  switch FailureReport(error) {
  case .quiet(let exitCode): return exitCode
  case .message(let lines, let exitCode):
    writeToStandardError("ecq: " + lines.joined(separator: "\n") + "\n")
    return exitCode
  }
}

/// `--help` and `--version` reach here as errors.
private func printRequested(_ request: any Error) -> Int32 {
  let stream = OutputStream.standardOutput()
  stream.buffer.append(CommandLineInterface.message(for: request) + "\n")
  do { try stream.flush() } catch { return report(error) }
  return 0
}

/// The message with its list of choices, which the parser writes a line each, behind the sentence, and
/// the nearest of them.
private func onOneLine(_ message: String) -> String {
  let lines = message.split(separator: "\n")
  let choices = lines.filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
  let sentences = lines.filter { !$0.hasPrefix("  - ") }
  let text = (sentences.joined(separator: " ") + " " + choices.joined(separator: ", "))
    .split(separator: " ").joined(separator: " ")
  let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
  guard text.hasPrefix("The value '"), quoted.count > 2, text.contains("Please provide one of")
  else { return text }
  // The value, the option, and a few choices stand in quotes.
  let candidates =
    choices.map { String($0) } + stride(from: 5, to: quoted.count, by: 2).map { String(quoted[$0]) }
  let near = nearestName(to: String(quoted[1]), among: candidates)
  return near.map { "\(text)\(text.hasSuffix(".") ? "" : ".") Did you mean '\($0)'?" } ?? text
}

/// The help page that the error's command has: the one whose usage the parser would show.
private func helpCommand(for error: any Error) -> String {
  let text = CommandLineInterface.fullMessage(for: error, columns: 1000)
  let names = CommandLineInterface.configuration.subcommands.map { $0._commandName }
  let name = names.first { text.contains("See 'ecq \($0) ") }
  return name.map { "ecq \($0) --help" } ?? "ecq --help"
}
