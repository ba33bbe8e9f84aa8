import ColStore

/// Finds columns by name as SQL does: exactly or, failing that, without regard to case.
struct ColumnLookup {
  let columns: [ColumnDescription]

  func contains(_ name: String) -> Bool {
    let wanted = name.lowercased()
    return columns.contains { $0.name.lowercased() == wanted }
  }

  /// The index of the column called `name`.
  ///
  /// - Parameter role: What the column is wanted as, for example `feature`.
  /// - Throws: ``ModelError`` that names the nearest column, where there is none of that name.
  func index(of name: String, as role: String) throws(ModelError) -> Int {
    if let exact = columns.firstIndex(where: { $0.name == name }) { return exact }
    let wanted = name.lowercased()
    if let found = columns.firstIndex(where: { $0.name.lowercased() == wanted }) { return found }
    var message = "there is no column \"\(name)\" for the \(role)"
    if let near = nearestName(to: name, among: columns.map(\.name)) {
      message += "; did you mean \"\(near)\"?"
    }
    throw ModelError(message)
  }
}
