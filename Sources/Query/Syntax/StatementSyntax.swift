/// A statement as it is written.
indirect enum StatementSyntax: Sendable {
  case query(QuerySyntax)
  case explain(StatementSyntax, analyze: Bool)
  /// All rows of a report.
  case report(QuerySyntax)
  case createTable(name: NameSyntax, orReplace: Bool, ifNotExists: Bool, QuerySyntax)
  case copy(QuerySyntax, path: String, options: [CopyOptionSyntax], position: Int)
}

/// What tells of tables or queries: a statement, or a table in FROM.
indirect enum ReportSyntax: Sendable {
  case describe(QuerySyntax)
  case summarize(QuerySyntax)
  case tables
}

struct CopyOptionSyntax: Sendable {
  let name: NameSyntax
  let value: String?
}
