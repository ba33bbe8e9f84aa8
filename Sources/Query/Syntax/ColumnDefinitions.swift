import ColStore

/// Reads a list of columns with their types: `event_time TIMESTAMP, price DECIMAL(9,2)`.
public func parseColumnDefinitions(_ text: String) throws(QueryError) -> [ColumnDescription] {
  var parser = Parser(text)
  var columns: [ColumnDescription] = []
  repeat {
    let name = try parser.anyName("a column's name")
    let syntax = try parser.typeName()
    let type = try TypeName.type(of: syntax)
    guard type.isStorable else {
      throw QueryError(
        .type, "a column of a store cannot have the type \(type)", at: syntax.position)
    }
    guard !columns.contains(where: { $0.name.lowercased() == name.text.lowercased() }) else {
      throw QueryError(.name, "column \"\(name.text)\" is named twice", at: name.position)
    }
    columns.append(ColumnDescription(name: name.text, type: type))
  } while parser.take(",")
  guard parser.isAtEnd else { throw parser.unexpected("expected \",\" or the end") }
  return columns
}
