import ColStore
import Glibc
import Query

/// `segments(events, output := 'users' | 'segments', keep_zero_price := …)`: users by what they do
/// more or less than others.
public struct SegmentsFunction: TableFunction {
  public let name = "segments"
  public let parameters = ["output", "keep_zero_price"]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let input = try UserTable.input(EventColumns(call: call))
    let rules = UserRules(
      keepsZeroPrice: try call.flag("keep_zero_price"),
      hasSessions: call.column("user_session") != nil, period: nil, asOf: nil)
    return .operation(
      SegmentsOperator(
        rules: rules, output: try call.word("output", SegmentationOutput.self) ?? .users,
        userType: input[0].type, priceType: input[2].type, report: report),
      [call.project(input)])
  }
}

/// What users are called by what they do, with what a shop can do about it.
enum UserSegment: UInt32, Label {
  case loyal
  case interested
  case churning
  case occasional
  case casual

  var name: String {
    switch self {
    case .loyal: "Loyal Buyers"
    case .interested: "High Interest / High Risk"
    case .churning: "Churn Warning"
    case .occasional: "Occasional Buyers"
    case .casual: "Casual Browsers"
    }
  }

  var action: String {
    switch self {
    case .loyal: "reward: loyalty programme, early access, referrals"
    case .interested: "retarget with the abandoned products, offer a discount or free delivery"
    case .churning: "simplify the search and the product pages, ask for feedback"
    case .occasional: "cross-sell and remind: recommendations after the purchase"
    case .casual: "make visits count: newsletter, best-sellers, personal start page"
    }
  }
}

/// How far a count lies from the mean of all users, in standard deviations of the population.
struct StandardScore {
  private let mean: Double
  private let deviation: Double

  init(count: Int, sum: Double, squares: Double) {
    let number = Double(max(1, count))
    mean = sum / number
    deviation = max(0, squares / number - mean * mean).squareRoot()
  }

  /// Exact sums of whole numbers.
  init(count: Int, sum: Int128, squares: Int128) {
    let number = Int128(max(1, count))
    mean = Double(sum) / Double(number)
    deviation = Double(number * squares - sum * sum).squareRoot() / Double(number)
  }

  /// 0 where all users are alike.
  func score(_ value: Double) -> Double { deviation == 0 ? 0 : (value - mean) / deviation }
}

struct SegmentsOperator: TableOperator {
  let rules: UserRules
  let output: SegmentationOutput
  let userType: DataType
  let priceType: DataType
  let report: AnalysisReport?

  var name: String { "segments" }

  var schema: [Field] {
    switch output {
    case .users:
      [
        Field(name: "user_id", type: userType), Field(name: "num_views", type: .bigint),
        Field(name: "num_carts", type: .bigint), Field(name: "num_purchases", type: .bigint),
        Field(name: "total_spend", type: priceType.ofSums), Field(name: "z_views", type: .double),
        Field(name: "z_carts", type: .double), Field(name: "z_purchases", type: .double),
        Field(name: "z_log1p_total_spend", type: .double), Field(name: "segment", type: .varchar),
      ]
    case .segments:
      [
        Field(name: "segment", type: .varchar), Field(name: "users", type: .bigint),
        Field(name: "of_users", type: .bigint), Field(name: "share", type: .double),
        Field(name: "mean_views", type: .double), Field(name: "mean_carts", type: .double),
        Field(name: "mean_purchases", type: .double),
        Field(name: "mean_total_spend", type: .double), Field(name: "action", type: .varchar),
      ]
    }
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let table = try UserTable(inputs[0], rules: rules, report: report, context)
    let scores = try SegmentScores(table)
    if output == .segments {
      let summary = try SegmentSummary(table, scores)
      report?.addCells(summary.sizes)
      return PartSource(summary.columns(), keeping: columns)
    }
    let renderer = UserRenderer(table: table, scores: nil)
    return PartSource(count: table.parts.all.count) { part throws(QueryError) in
      let rows = try table.load(part: part)
      func score(_ value: (Int) -> Double) -> Vector {
        .build(.double, count: rows.count, value)
      }
      return (columns.isEmpty ? [1] : columns).map { column in
        switch column {
        case 0: renderer.vector(.user, rows)
        case 1: renderer.vector(.views, rows)
        case 2: renderer.vector(.carts, rows)
        case 3: renderer.vector(.purchases, rows)
        case 4: renderer.vector(.spend, rows)
        case 5: score { scores.views.score(Double(rows[.views, $0])) }
        case 6: score { scores.carts.score(Double(rows[.carts, $0])) }
        case 7: score { scores.purchases.score(Double(rows[.purchases, $0])) }
        case 8: score { scores.spend.score(log1p(table.money(rows[.spend, $0]))) }
        default: .labels(count: rows.count) { scores.segment(rows, $0) }
        }
      }
    }
  }
}

/// The scores of all users, which segments are made from.
struct SegmentScores: Sendable {
  let views: StandardScore
  let carts: StandardScore
  let purchases: StandardScore
  /// Of log1p of the money spent.
  let spend: StandardScore

  init(_ table: UserTable) throws(QueryError) {
    var count = 0
    var sums = [Int128](repeating: 0, count: 3)
    var squares = sums
    var (spendSum, spendSquares) = (0.0, 0.0)
    for part in table.parts.all.indices {
      let rows = try table.load(part: part)
      count += rows.count
      for row in 0..<rows.count {
        for (place, field) in [UserField.views, .carts, .purchases].enumerated() {
          let value = Int128(rows[field, row])
          sums[place] += value
          squares[place] += value * value
        }
        let spend = log1p(table.money(rows[.spend, row]))
        spendSum += spend
        spendSquares += spend * spend
      }
    }
    views = StandardScore(count: count, sum: sums[0], squares: squares[0])
    carts = StandardScore(count: count, sum: sums[1], squares: squares[1])
    purchases = StandardScore(count: count, sum: sums[2], squares: squares[2])
    spend = StandardScore(count: count, sum: spendSum, squares: spendSquares)
  }

  /// The first segment whose rule holds.
  func segment(_ rows: WideRows, _ row: Int) -> UserSegment {
    let (carts, purchases) = (rows[.carts, row], rows[.purchases, row])
    if self.purchases.score(Double(purchases)) > 1 { return .loyal }
    if self.carts.score(Double(carts)) > 1 && purchases == 0 { return .interested }
    if views.score(Double(rows[.views, row])) > 0 && carts == 0 && purchases == 0 {
      return .churning
    }
    return purchases > 0 ? .occasional : .casual
  }
}

/// What the users of each segment have in common.
struct SegmentSummary {
  private struct Sums {
    var users = 0
    var views: Int64 = 0
    var carts: Int64 = 0
    var purchases: Int64 = 0
    var spend = 0.0
  }

  /// By the number of the segment.
  private var sums = [Sums](repeating: Sums(), count: UserSegment.allCases.count)

  init(_ table: UserTable, _ scores: SegmentScores) throws(QueryError) {
    for part in table.parts.all.indices {
      let rows = try table.load(part: part)
      for row in 0..<rows.count {
        let segment = Int(scores.segment(rows, row).rawValue)
        sums[segment].users += 1
        sums[segment].views += rows[.views, row]
        sums[segment].carts += rows[.carts, row]
        sums[segment].purchases += rows[.purchases, row]
        sums[segment].spend += table.money(rows[.spend, row])
      }
    }
  }

  /// How many users are in each segment that has some.
  var sizes: [Int] { sums.map(\.users).filter { $0 > 0 } }

  /// All segments, those without a user too.
  func columns() -> [Vector] {
    let segments = UserSegment.allCases
    let rows = sums
    let total = rows.reduce(0) { $0 + $1.users }
    func mean(_ value: (Sums) -> Double) -> Vector {
      .buildNullable(.double, count: rows.count) { (row: Int) -> Double? in
        rows[row].users == 0 ? nil : value(rows[row]) / Double(rows[row].users)
      }
    }
    return [
      .labels(count: rows.count) { segments[$0] },
      .build(.bigint, count: rows.count) { Int64(rows[$0].users) },
      .build(.bigint, count: rows.count) { _ in Int64(total) },
      .buildNullable(.double, count: rows.count) { (row: Int) -> Double? in
        total == 0 ? nil : Double(rows[row].users) / Double(total)
      },
      mean { Double($0.views) }, mean { Double($0.carts) }, mean { Double($0.purchases) },
      mean(\.spend), .texts(segments.map(\.action)),
    ]
  }
}
