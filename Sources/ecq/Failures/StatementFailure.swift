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
    let text = located.render(sql: sql)
    guard let path, let position = error.position else { return text }
    let before = sql.utf8.prefix(position)
    let line = before.count { $0 == UInt8(ascii: "\n") } + firstLine
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) }
    let column = sql[(lineStart ?? before.startIndex)..<before.endIndex].count + 1
    return "\(path):\(line):\(column): \(text)"
  }

  /// The error; where it is about a file that is not there, with the name of one that is near.
  private var located: QueryError {
    guard error.hint == nil, let position = error.position, let path = literal(at: position),
      let near = nearestFile(to: path)
    else { return error }
    var error = error
    error.hint = "did you mean \"\(near)\"?"
    return error
  }

  /// The string that begins at a place of the SQL, as it is written between simple quotes.
  private func literal(at position: Int) -> String? {
    let bytes = sql.utf8.dropFirst(position)
    guard bytes.first == UInt8(ascii: "'") else { return nil }
    let content = bytes.dropFirst().prefix { $0 != UInt8(ascii: "'") }
    return String(decoding: content, as: UTF8.self)
  }
}
