/// A statement as it is written.
indirect enum StatementSyntax: Sendable {
  case query(QuerySyntax)
  case explain(StatementSyntax, analyze: Bool)
  case describe(QuerySyntax)
  case summarize(QuerySyntax)
  case showTables
  case createTable(name: NameSyntax, orReplace: Bool, ifNotExists: Bool, QuerySyntax)
  case copy(QuerySyntax, path: String, options: [CopyOptionSyntax], position: Int)
}

struct CopyOptionSyntax: Sendable {
  let name: NameSyntax
  let value: String?
}
