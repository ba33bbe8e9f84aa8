import ColStore
import Query

/// `users(events, until := …, label_window := …, as_of := …, rfm := …, keep_zero_price := …)`: one
/// row a user.
public struct UsersFunction: TableFunction {
  public let name = "users"
  public let parameters = ["until", "label_window", "as_of", "rfm", "keep_zero_price"]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let input = try UserTable.input(EventColumns(call: call))
    return .operation(
      UsersOperator(
        rules: try call.userRules(), hasRFM: try call.flag("rfm"), userType: input[0].type,
        priceType: input[2].type, report: report), [call.project(input)])
  }
}

extension TableFunctionCall {
  /// Which events of users count, by the call's arguments.
  func userRules() throws(QueryError) -> UserRules {
    let window = try duration("label_window")
    let until = try time("until")
    if window != nil && until == nil {
      throw QueryError(
        .value, "label_window needs until, the time from which the label looks",
        at: argument("label_window")?.position)
    }
    var period: LabelPeriod?
    if let until {
      var end: Int64?
      if let window {
        let (sum, overflow) = until.addingReportingOverflow(window)
        end = overflow ? .max : sum
      }
      period = LabelPeriod(until: until, end: end)
    }
    return UserRules(
      keepsZeroPrice: try flag("keep_zero_price"), hasSessions: column("user_session") != nil,
      period: period, asOf: try time("as_of"))
  }
}

/// The columns of the users table, in order.
enum UserColumn: String, CaseIterable {
  case user = "user_id"
  case events = "num_events"
  case views = "num_views"
  case carts = "num_carts"
  case removes = "num_removes"
  case purchases = "num_purchases"
  case sessions = "num_sessions"
  case activeDays = "active_days"
  case products = "products_viewed"
  case categories = "categories_viewed"
  case brands = "brands_viewed"
  case spend = "total_spend"
  case meanSpend = "mean_spend"
  case meanViewPrice = "mean_view_price"
  case meanCartPrice = "mean_cart_price"
  case meanHour = "mean_hour"
  case weekendShare = "weekend_share"
  case firstSeen = "first_seen"
  case lastSeen = "last_seen"
  case daysSinceLast = "days_since_last"
  case viewsPerSession = "views_per_session"
  case cartsPerSession = "carts_per_session"
  case logViews = "log1p_num_views"
  case logCarts = "log1p_num_carts"
  case logSpend = "log1p_total_spend"
  case isBuyer = "is_buyer"
  // With rfm.
  case recency
  case frequency
  case monetary
  case r
  case f
  case m
  // With a label.
  case willPurchase = "will_purchase"

  static let scores: [UserColumn] = [.recency, .frequency, .monetary, .r, .f, .m]

  func type(user: DataType, price: DataType) -> DataType {
    switch self {
    case .user: user
    case .firstSeen, .lastSeen: .timestamp
    case .spend, .monetary: price.ofSums
    case .meanSpend, .meanViewPrice, .meanCartPrice, .meanHour, .weekendShare, .viewsPerSession,
      .cartsPerSession, .logViews, .logCarts, .logSpend:
      .double
    case .isBuyer, .willPurchase: .boolean
    default: .bigint
    }
  }
}

/// Groups events into users.
struct UsersOperator: TableOperator {
  let rules: UserRules
  let hasRFM: Bool
  let userType: DataType
  let priceType: DataType
  let report: AnalysisReport?

  var name: String { "users" }

  private var shown: [UserColumn] {
    UserColumn.allCases.filter { column in
      if column == .willPurchase { return rules.period?.end != nil }
      return hasRFM || !UserColumn.scores.contains(column)
    }
  }

  var schema: [Field] {
    shown.map { Field(name: $0.rawValue, type: $0.type(user: userType, price: priceType)) }
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let table = try UserTable(inputs[0], rules: rules, report: report, context)
    let wanted = columns.isEmpty ? [.events] : columns.map { shown[$0] }
    let renderer = UserRenderer(
      table: table,
      scores: wanted.contains(where: UserColumn.scores.contains) ? try table.scores() : nil)
    return PartSource(count: table.parts.all.count) { part throws(QueryError) in
      let rows = try table.load(part: part)
      return wanted.map { renderer.vector($0, rows) }
    }
  }
}
