/// What stands in FROM.
struct TableSyntax: Sendable {
  let kind: Kind
  let alias: AliasSyntax?
  let position: Int
  let height: Int

  indirect enum Kind: Sendable {
    case table([NameSyntax])
    case file(String)
    case query(QuerySyntax, isLateral: Bool)
    case function(CallSyntax)
    case join(JoinSyntax)
    case pivot(PivotSyntax)
    case unpivot(UnpivotSyntax)
    case report(ReportSyntax)
  }
}

/// `AS name(column, …)`.
struct AliasSyntax: Sendable {
  let name: NameSyntax
  let columns: [NameSyntax]
}

struct JoinSyntax: Sendable {
  enum Kind: Sendable {
    case inner
    case left
    case right
    case full
    case cross
    case semi
    case anti
    case positional
  }

  enum Condition: Sendable {
    case none
    case on(ExpressionSyntax)
    case using([NameSyntax])
    case natural
  }

  let kind: Kind
  let isAsOf: Bool
  let left: TableSyntax
  let right: TableSyntax
  let condition: Condition
}
