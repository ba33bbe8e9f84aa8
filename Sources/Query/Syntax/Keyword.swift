/// The words that have a meaning of their own in the grammar.
enum Keyword {
  /// Never a name unless quoted or after AS.
  static let reserved: Set<String> = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case",
    "cast", "check", "collate", "column", "constraint", "create", "default", "deferrable", "desc",
    "describe", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign",
    "from", "group", "having", "in", "initially", "intersect", "into", "lambda", "lateral",
    "leading", "limit", "not", "null", "offset", "on", "only", "or", "order", "pivot", "placing",
    "primary", "qualify", "references", "returning", "select", "show", "some", "summarize",
    "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "unpivot", "using",
    "variadic", "when", "where", "window", "with",
  ]

  /// Function or type names, never a column or an alias unless quoted or after AS.
  static let reservedOutsideCalls: Set<String> = [
    "anti", "asof", "at", "authorization", "collation", "concurrently", "cross", "freeze", "full",
    "generated", "glob", "ilike", "inner", "is", "isnull", "join", "left", "like", "natural",
    "notnull", "outer", "overlaps", "positional", "right", "semi", "similar", "tablesample",
    "try_cast", "verbose",
  ]

  /// Whether the unquoted word can name a column or table, or be an alias without AS.
  static func canBeName(_ word: String) -> Bool {
    !reserved.contains(word) && !reservedOutsideCalls.contains(word)
  }

  /// The words that can follow a complete expression or clause; misspellings are compared to them.
  static let clauses = [
    "select", "from", "where", "group", "by", "having", "qualify", "window", "order", "limit",
    "offset", "union", "intersect", "except", "join", "left", "right", "full", "inner", "cross",
    "on", "using", "and", "or", "not", "between", "like", "ilike", "is", "null", "in", "as", "case",
    "when", "then", "else", "end", "asc", "desc", "nulls", "first", "last", "distinct", "with",
    "exists", "values", "cast", "interval", "over", "partition", "rows", "range", "filter",
  ]

  /// The words that begin a statement.
  static let statements = [
    "select", "from", "with", "values", "explain", "describe", "summarize", "show", "copy",
    "create", "table",
  ]
}
