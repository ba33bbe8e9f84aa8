import ColStore
import Query
import Synchronization

/// `sessions(events, gap := …, keep_zero_price := …)`: one row a session.
public struct SessionsFunction: TableFunction {
  public let name = "sessions"
  public let parameters = ["gap", "keep_zero_price"]
  private let report: AnalysisReport?

  /// - Parameter report: Gets what was left out.
  public init(report: AnalysisReport? = nil) { self.report = report }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let columns = EventColumns(call: call)
    let gap = try call.duration("gap")
    let user = try columns.required("user_id")
    let unit = gap == nil ? try columns.required("user_session") : user
    let price = try columns.price()
    let input = call.project([
      unit, try columns.time(), price, user, try columns.required("event_type"),
      try columns.required("product_id"), columns.optional("category_code"),
      columns.optional("brand"),
    ])
    return .operation(
      SessionsOperator(
        gap: gap, keepsZeroPrice: try call.flag("keep_zero_price"), unitType: unit.type,
        userType: user.type, priceType: price.type, report: report), [input])
  }
}

/// Groups events into sessions.
struct SessionsOperator: TableOperator {
  let gap: Int64?
  let keepsZeroPrice: Bool
  let unitType: DataType
  let userType: DataType
  let priceType: DataType
  let report: AnalysisReport?

  var name: String { "sessions" }

  var schema: [Field] {
    SessionColumn.allCases.map { column in
      switch column {
      case .session:
        gap == nil
          ? Field(name: column.rawValue, type: unitType)
          : Field(name: "session_id", type: .varchar)
      default: Field(name: column.rawValue, type: type(of: column))
      }
    }
  }

  private func type(of column: SessionColumn) -> DataType {
    switch column {
    case .session: unitType
    case .user: userType
    case .start, .end: .timestamp
    case .minPrice, .maxPrice: priceType
    case .cartValue, .purchaseValue: priceType.ofSums
    case .averagePrice, .cartToView, .purchaseToCart, .productsPerEvent, .eventsPerMinute: .double
    case .isWeekend, .isReturning, .isAbandoned, .isPurchased: .boolean
    default: .bigint
    }
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let source = try EventSource(
      inputs[0], EventLayout(hasPrice: true, codedColumns: SessionLane.allCases.count),
      EventRules(needsPrice: !keepsZeroPrice), context)
    let keeper = PartKeeper(context)
    let outcome = try UnitGrouping<SessionCollector>(
      source: source, needsOrder: true, context: context
    ).run { _ in SessionCollector(source, gap: gap, keeper: keeper) }
    report?.add(outcome.leftOut)
    let table = try SessionTable(outcome)
    let wanted = columns.map { SessionColumn.allCases[$0] }
    let users = source.coded[SessionLane.user.rawValue]
    let needsNumbers =
      wanted.contains(where: \.needsNumbers) || (gap != nil && wanted.contains(.session))
    let renderer = SessionRenderer(
      table: table,
      numbers: needsNumbers
        ? try SessionNumbers(
          table, userCount: users.count, threads: context.options.threads, context) : nil,
      sessions: source.unit, users: users, priceType: priceType, hasGap: gap != nil)
    return PartSource(count: table.partCount) { part throws(QueryError) in
      let rows = try table.load(part: part)
      // A session counts even where none of its columns is wanted.
      let shown = wanted.isEmpty ? [SessionColumn.events] : wanted
      return shown.map { renderer.vector($0, part: part, rows) }
    }
  }
}
