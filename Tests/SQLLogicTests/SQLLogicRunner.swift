import Analytics
import ColStore
import Glibc
import Query

/// Runs the steps of a file over a database of its own and collects what went wrong.
struct SQLLogicRunner {
  private let database: Database
  private let folder: String
  private let fixtures: String
  private(set) var failures: [String] = []
  private(set) var recordCount = 0

  /// Stores are made in `folder` from the CSV files in `fixtures`.
  init(configuration: Configuration, folder: String, fixtures: String) {
    var options = configuration.options
    options.tableFunctions = analysisFunctions
    database = Database(options: options)
    self.folder = folder
    self.fixtures = fixtures
  }

  mutating func run(_ file: SQLLogicFile) throws {
    for step in file.steps {
      switch step {
      case .load(let name, let fixture, let isInOrder):
        try load(name, from: fixture, isInOrder: isInOrder)
      case .record(let record):
        recordCount += 1
        if let failure = check(record) {
          failures.append("line \(record.line): \(failure)\n  \(record.sql)")
        }
      }
    }
  }

  private func load(_ name: String, from fixture: String, isInOrder: Bool) throws {
    let path = "\(folder)/\(name).ecq"
    var options = IngestOptions()
    if isInOrder { options.clustering = .inputOrder }
    _ = try Ingest.run(files: ["\(fixtures)/\(fixture)"], into: path, options: options)
    try database.register(try Store(path: path), as: name)
  }

  /// What is wrong with a record's outcome; nil where it is as expected.
  private func check(_ record: SQLLogicFile.Record) -> String? {
    let collector = ResultCollector()
    var error: QueryError?
    do throws(QueryError) {
      try database.execute(record.sql, into: collector)
    } catch let failure {
      error = failure
    }
    switch record.expectation {
    case .success:
      return error.map { "failed: \($0.render(sql: record.sql))" }
    case .failure(let pattern):
      guard let error else { return "did not fail with \(pattern)" }
      let text = error.render(sql: record.sql)
      guard let expression = try? Regex(pattern).ignoresCase() else {
        return "not a regular expression: \(pattern)"
      }
      return text.contains(expression) ? nil : "failed with another error: \(text)"
    case .rows(let types, let sorting, let expected):
      if let error { return "failed: \(error.render(sql: record.sql))" }
      guard collector.columnCount == types.count else {
        return "\(collector.columnCount) columns, not \(types.count)"
      }
      return difference(
        sorted(collector.rows, sorting), sorted(expected, sorting),
        types: sorting == .valuesort ? ["T"] : types)
    }
  }

  private func sorted(_ rows: [[String]], _ sorting: SQLLogicFile.Sorting) -> [[String]] {
    switch sorting {
    case .nosort: rows
    case .rowsort: rows.sorted { $0.lexicographicallyPrecedes($1) }
    case .valuesort: rows.flatMap { $0 }.sorted().map { [$0] }
    }
  }

  private func difference(
    _ actual: [[String]], _ expected: [[String]], types: [Character]
  ) -> String? {
    let isEqual =
      actual.count == expected.count
      && zip(actual, expected).allSatisfy { actual, expected in
        actual.count == expected.count
          && zip(types, zip(actual, expected)).allSatisfy { type, values in
            Self.matches(values.0, values.1, type)
          }
      }
    if isEqual { return nil }
    func shown(_ rows: [[String]]) -> String {
      rows.prefix(20).map { "    " + $0.joined(separator: "\t") }.joined(separator: "\n")
    }
    return
      "gave \(actual.count) rows:\n\(shown(actual))\n  not \(expected.count):\n\(shown(expected))"
  }

  private static func matches(_ actual: String, _ expected: String, _ type: Character) -> Bool {
    if actual == expected { return true }
    guard type == "R", let left = Double(actual), let right = Double(expected) else { return false }
    if left == right { return true }
    return abs(left - right) <= 1e-12 * max(abs(left), abs(right))
  }
}
