import Query

/// The names that a shell can complete.
protocol Catalog {
  /// Tables, each with its columns.
  var tables: [(name: String, columns: [String])] { get }
  var functions: [String] { get }
  var keywords: [String] { get }
  var parameters: [String] { get }
  /// The files whose paths begin so; folders end with a slash.
  func files(startingWith path: String) -> [String]
}

/// The names of a running shell.
struct ShellCatalog: Catalog {
  private let engine: ShellEngine

  init(_ shell: Shell) { engine = shell.engine }

  var tables: [(name: String, columns: [String])] {
    let database = engine.database
    return database.tableNames.map { ($0, database.columns(of: $0).map(\.name)) }
  }

  var functions: [String] { engine.database.functionNames }
  var keywords: [String] { Database.keywords }
  var parameters: [String] { engine.options.parameters.keys.sorted() }
  func files(startingWith path: String) -> [String] { FileNames.starting(with: path) }
}
