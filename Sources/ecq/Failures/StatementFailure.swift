import Query

/// A statement that failed, with the text it stands in.
struct StatementFailure: Error {
  let error: QueryError
  let sql: String
  /// The file that the SQL comes from; nil for the command line and standard input.
  let path: String?
  /// The line of the file that the SQL begins in.
  var firstLine = 1

  var text: String {
    let text = error.render(sql: sql)
    guard let path, let position = error.position else { return text }
    let before = sql.utf8.prefix(position)
    let line = before.count { $0 == UInt8(ascii: "\n") } + firstLine
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) }
    let column = sql[(lineStart ?? before.startIndex)..<before.endIndex].count + 1
    return "\(path):\(line):\(column): \(text)"
  }
}
