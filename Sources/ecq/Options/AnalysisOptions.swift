import Analytics
import ArgumentParser
import ColStore
import Query

/// `ROLE=COLUMN`: which column of the store plays a role.
struct ColumnMapping: ExpressibleByArgument {
  let role: String
  let column: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    role = String(parts[0])
    column = String(parts[1])
  }
}

/// A time as `--from` and `--to` take it: a date, with a time of day or without.
struct TimeBound: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard argument.utf8.allSatisfy({ $0 != UInt8(ascii: "'") }) else { return nil }
    text = argument
  }
}

/// What all analyses have in common: the store, which of its rows, and how it is used.
struct AnalysisOptions: ParsableArguments {
  @Argument(help: "The store with the events.", completion: .file())
  var store: String

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only events for which this SQL condition holds.", valueName: "sql"))
  var condition: String?

  @Option(name: .long, help: ArgumentHelp("Only events at or after this time.", valueName: "time"))
  var from: TimeBound?

  @Option(name: .long, help: ArgumentHelp("Only events before this time.", valueName: "time"))
  var to: TimeBound?

  @Option(
    name: .customLong("map"), parsing: .singleValue,
    help: ArgumentHelp(
      "Take a column for another: user_session=visit_id; may be repeated.",
      valueName: "name=column"))
  var mappings: [ColumnMapping] = []

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  @Option(
    name: .long,
    help: ArgumentHelp("Memory that operators may hold, for example 2GB.", valueName: "size"))
  var memoryLimit: ByteSize?

  /// The store as the table of a database.
  func open() throws -> Analysis {
    var options = QueryOptions()
    options.threads = threads.count
    options.memoryLimit = memoryLimit?.bytes
    options.targets = CopyFiles()
    // An analysis passes over its table once or twice: little is worth keeping.
    let database = try openDatabase(stores: [store], options: options, cacheBytes: 64 << 20)
    return Analysis(
      database: database, table: database.tableNames[0], conditions: conditions,
      renamed: mappings.map { ($0.role, $0.column) })
  }

  private var conditions: [String] {
    let time = mappings.first { $0.role == "event_time" }?.column ?? "event_time"
    let quoted = SQLQuoting.name(time)
    var conditions: [String] = []
    if let from { conditions.append("\(quoted) >= TIMESTAMP '\(from.text)'") }
    if let to { conditions.append("\(quoted) < TIMESTAMP '\(to.text)'") }
    if let condition { conditions.append(condition) }
    return conditions
  }
}

/// An open store, ready for table functions.
struct Analysis {
  let database: Database
  let table: String
  let conditions: [String]
  let renamed: [(to: String, from: String)]

  func request(
    _ function: any TableFunction, _ arguments: [String: TableFunctionArgument] = [:]
  ) -> TableRequest {
    var request = TableRequest(function, of: table)
    request.conditions = conditions
    request.renamed = renamed
    request.arguments = arguments
    return request
  }

  /// Writes a table as a store, or to standard output, and says what was left out.
  func answer(
    _ function: any TableFunction, _ arguments: FunctionArguments, into path: String?,
    rows noun: String, _ results: ResultOptions, _ report: AnalysisReport
  ) throws {
    let request = request(function, arguments.values)
    if let path {
      let count = try database.run(request, intoStore: path)
      writeToStandardError("\(path): \(counted(count, noun))\n")
    } else {
      let stream = OutputStream.standardOutput()
      let sink = TimedSink(results.makeSink(to: stream))
      do { try database.run(request, into: sink) } catch {
        stream.discard()
        throw sink.failure ?? error
      }
    }
    tell(report)
  }

  /// The columns of the events, under the names that they are taken for.
  var columns: [String] {
    database.columns(of: table).map { column in
      renamed.first { $0.from.lowercased() == column.name.lowercased() }?.to ?? column.name
    }
  }

  /// The events as the common table `ev`, in front of a query.
  var common: String {
    let columns = zip(database.columns(of: table), columns).map { column, name in
      "\(SQLQuoting.name(column.name)) AS \(SQLQuoting.name(name))"
    }
    let filter = conditions.map { "(\($0))" }.joined(separator: " AND ")
    return "WITH ev AS (SELECT \(columns.joined(separator: ", ")) FROM \(SQLQuoting.name(table))"
      + (filter.isEmpty ? "" : " WHERE \(filter)") + ") "
  }

  func tell(_ report: AnalysisReport) {
    let leftOut = report.leftOut
    var parts: [String] = []
    if leftOut.withoutUnit > 0 {
      parts.append("\(counted(leftOut.withoutUnit, "row")) without a session or user")
    }
    if leftOut.withoutTime > 0 {
      parts.append("\(counted(leftOut.withoutTime, "row")) without a time")
    }
    if leftOut.withoutPrice > 0 {
      parts.append("\(counted(leftOut.withoutPrice, "row")) without a price above 0")
    }
    if !parts.isEmpty { writeToStandardError("left out: \(parts.joined(separator: ", "))\n") }
    if report.smallCells > 0 {
      let bound = AnalysisReport.smallCellBound
      writeToStandardError(
        "small cells: \(counted(report.smallCells, "row")) of fewer than \(bound) units, whose "
          + "rates may be chance\n")
    }
  }
}

/// Arguments of table functions, from options.
struct FunctionArguments {
  private(set) var values: [String: TableFunctionArgument] = [:]

  mutating func set(_ name: String, _ text: String?) {
    if let text { values[name] = TableFunctionArgument(.string(text), type: .varchar) }
  }

  mutating func set(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    values[name] = TableFunctionArgument(.list(texts.map(Value.string)), type: .list(.varchar))
  }

  mutating func set(_ name: String, _ number: Int?) {
    if let number { values[name] = TableFunctionArgument(.int64(Int64(number)), type: .bigint) }
  }

  mutating func set(_ name: String, _ flag: Bool) {
    if flag { values[name] = TableFunctionArgument(.bool(true), type: .boolean) }
  }
}
