import Analytics
import ColStore
import ML
import Query

/// Opens stores as the tables of a database, each under its file's stem.
///
/// - Parameter cacheBytes: What may be kept of each store for later scans; nil: what is usual.
func openDatabase(
  stores: [String], options: QueryOptions, cacheBytes: Int? = nil
) throws -> Database {
  var options = options
  options.functions.append(PredictFunction.function)
  options.tableFunctions += analysisFunctions
  let database = Database(options: options)
  var paths: [String: String] = [:]
  for path in stores {
    let store = try Store(path: path)
    if let other = paths.updateValue(path, forKey: store.name.lowercased()) {
      throw UsageFailure("\(other) and \(path) would both be the table \"\(store.name)\"")
    }
    if let cacheBytes { store.limitCache(toBytes: cacheBytes) }
    try database.register(store, as: store.name)
  }
  return database
}

/// Runs SQL texts over a database and writes the results to one sink.
struct QuerySession {
  private let database: Database
  private let sink: TimedSink

  init(database: Database, sink: any ResultSink) {
    self.database = database
    self.sink = TimedSink(sink)
  }

  /// Runs all statements of `sql`, which begins in line `firstLine` of the file `path`, if any.
  /// `afterEach` gets the seconds from the text to the last row, without printing.
  func run(
    _ sql: String, path: String? = nil, firstLine: Int = 1, afterEach: (Double) -> Void = { _ in }
  ) throws {
    do {
      try database.execute(sql, into: sink) { report in
        afterEach(max(0, report.seconds - sink.takeSeconds()))
      }
    } catch {
      throw sink.failure
        ?? StatementFailure(error: error, sql: sql, path: path, firstLine: firstLine)
    }
  }
}
