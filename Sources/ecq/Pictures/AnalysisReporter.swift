import Analytics
import Plot
import Query

/// Runs tables of an analysis and hands each on: to standard output, to a folder, and to pictures.
struct AnalysisReporter {
  let analysis: Analysis
  /// Nil: no files are written.
  var folder: ResultFolder?
  /// Where tables are printed, and what prints them; nil: they are not printed.
  var output: (stream: OutputStream, printer: any ResultSink)?
  /// Whether the titles of printed tables are said on standard error.
  var tellsTitles = false
  /// Of which command, for the line at the bottom of pictures.
  let command: String

  /// A table of SQL, in front of which the events are the common table `ev`.
  @discardableResult
  func table(
    sql: String, _ name: String, title: String, isPrinted: Bool = true
  ) throws -> ResultTable {
    let (table, sink) = try sinks(name, title, isPrinted)
    if tellsTitles, isPrinted, output != nil { writeToStandardError("\(title)\n") }
    do {
      try QuerySession(database: analysis.database, sink: sink).run(analysis.common + sql)
    } catch {
      output?.stream.discard()
      throw error
    }
    return table
  }

  /// A table of a table function over the events.
  @discardableResult
  func table(
    _ function: any TableFunction, _ arguments: FunctionArguments, _ name: String, title: String,
    isPrinted: Bool = true
  ) throws -> ResultTable {
    let (table, sink) = try sinks(name, title, isPrinted)
    let timed = TimedSink(sink)
    do {
      try analysis.database.run(analysis.request(function, arguments.values), into: timed)
    } catch {
      output?.stream.discard()
      throw timed.failure ?? error
    }
    return table
  }

  private func sinks(
    _ name: String, _ title: String, _ isPrinted: Bool
  ) throws -> (ResultTable, any ResultSink) {
    let table = ResultTable()
    var sinks: [any ResultSink] = [table]
    if let folder { sinks.append(try folder.sink(name, title: title)) }
    if isPrinted, let output { sinks.append(output.printer) }
    return (table, SeveralSinks(sinks))
  }

  func picture(_ chart: any Chart, _ name: String, title: String) throws {
    try folder?.write(chart, name, title: title, source: source)
  }

  /// `ecq eda · events · where brand = 'apple'`.
  private var source: String {
    let conditions = analysis.conditions.joined(separator: " and ")
    return "ecq \(command) · \(analysis.table)"
      + (conditions.isEmpty ? "" : " · where \(conditions)")
  }
}
