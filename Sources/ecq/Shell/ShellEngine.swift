import ColStore
import Query

/// The tables of a shell, and how statements over them are run.
final class ShellEngine {
  private(set) var database: Database
  /// Where the tables come from, by name.
  private(set) var paths: [String: String] = [:]
  /// The table that stands for the last result.
  static let lastResultName = "_"

  init(stores: [String], options: QueryOptions) throws {
    var options = options
    options.isCancelled = { Interruption.isWanted }
    database = try openDatabase(stores: stores, options: options)
    for path in stores { paths[try Store(path: path).name] = path }
  }

  var options: QueryOptions { database.options }

  /// The tables, without the last result.
  var tableNames: [String] { database.tableNames.filter { $0 != Self.lastResultName } }

  /// Changes how statements are run from now on.
  func change(_ change: (inout QueryOptions) -> Void) {
    var options = database.options
    change(&options)
    database = Database(database, options: options)
  }

  /// Opens a store as a table, and returns its name.
  func open(_ path: String) throws -> String {
    let store = try Store(path: path)
    guard !tableNames.contains(where: { $0.lowercased() == store.name.lowercased() }) else {
      throw CommandFailure(
        "there is a table \"\(store.name)\" already", hint: ".close \(store.name) closes it")
    }
    try database.register(store, as: store.name)
    paths[store.name] = path
    return store.name
  }

  func close(_ table: String) throws {
    let name = try existing(table)
    database.removeTable(name)
    paths[name] = nil
  }

  /// The table's name as it is written in the catalogue.
  func existing(_ table: String) throws -> String {
    if let name = database.tableNames.first(where: { $0.lowercased() == table.lowercased() }) {
      return name
    }
    throw CommandFailure(
      "there is no table \"\(table)\"",
      hint: nearestName(to: table, among: tableNames).map { "did you mean \"\($0)\"?" })
  }

  func setLastResult(_ result: any RowSource) {
    database.replaceTable(Self.lastResultName, with: result)
  }
}
