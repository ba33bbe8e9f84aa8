import ArgumentParser
import ColStore
import ML
import Query

/// Which rows of a store a model is trained on or applied to.
struct ModelRows: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only rows for which this SQL condition holds.", valueName: "sql"))
  var condition: String?

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  /// The store's rows: all, or those of the condition, with the columns of `names` at least.
  func open(
    _ path: String, columns names: (any RowSource) throws -> [String]
  ) throws -> any RowSource {
    let store = try Store(path: path)
    guard let condition else { return store }
    var options = QueryOptions()
    options.threads = threads.count
    let database = try openDatabase(stores: [path], options: options)
    let columns = try names(store)
    do {
      return try QueryRows(database, table: store.name, columns: columns, where: condition)
    } catch {
      throw StatementFailure(
        error: error, sql: QueryRows.sql(table: store.name, columns: columns, where: condition),
        path: nil)
    }
  }
}

/// How rows are parted into those trained on and those a model is judged by.
struct SplitChoice: ExpressibleByArgument {
  enum Kind {
    case stratified
    case time
    case group(column: String)
    case none
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  init?(argument: String) {
    switch argument {
    case "stratified": kind = .stratified
    case "time": kind = .time
    case "none": kind = .none
    default:
      guard argument.hasPrefix("group="), argument.utf8.count > 6 else { return nil }
      kind = .group(column: String(argument.dropFirst(6)))
    }
  }

  var defaultValueDescription: String { text }

  /// As on the command line.
  var text: String {
    switch kind {
    case .stratified: "stratified"
    case .time: "time"
    case .group(let column): "group=\(column)"
    case .none: "none"
    }
  }

  /// The columns that the split needs, beside the label.
  var columns: [String] {
    switch kind {
    case .time: ["session_start"]
    case .group(let column): [column]
    case .stratified, .none: []
    }
  }

  /// Nil: all rows are in both parts.
  func split(
    _ source: any RowSource, label: BinaryLabel, testShare: Double, seed: UInt64, threads: Int
  ) throws -> RowSplit? {
    switch kind {
    case .stratified:
      try RowSplit.stratified(label.values, testShare: testShare, seed: seed)
    case .time:
      try RowSplit.byTime(
        source, column: "session_start", testShare: testShare, threads: threads)
    case .group(let column):
      try RowSplit.byGroup(
        source, column: column, testShare: testShare, seed: seed, threads: threads)
    case .none: nil
    }
  }
}
