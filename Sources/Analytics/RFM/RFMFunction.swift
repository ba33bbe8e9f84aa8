import ColStore
import Query

/// What a segmentation gives: one row a user, or one a segment.
enum SegmentationOutput: String, CaseIterable {
  case users
  case segments
}

/// `rfm(events, as_of := …, output := 'users' | 'segments')`: recency, frequency and monetary value
/// of all buyers, their scores, and what they are called.
public struct RFMFunction: TableFunction {
  public let name = "rfm"
  public let parameters = ["as_of", "output"]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  /// What buyers are called by their scores R and F, as text.
  public static var explanation: String { RFMSegment.explanation }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let columns = EventColumns(call: call)
    let (user, time) = (try columns.required("user_id"), try columns.time())
    let price = try columns.price()
    // Where events have no types, all are purchases.
    var purchases = call.input
    if call.column("event_type") != nil {
      purchases = .filter(
        purchases, predicate: try columns.step(EventKind.purchase.name, at: call.position))
    }
    func only(_ condition: String) throws(QueryError) -> LogicalPlan {
      .filter(purchases, predicate: try call.condition(condition, at: call.position))
    }
    var inputs = [
      try call.aggregate(
        [("count", []), ("sum", [price]), ("max", [time])], by: [user],
        of: try only("user_id IS NOT NULL AND event_time IS NOT NULL")),
      // The day after the last event of any type.
      try call.aggregate([("max", [time])], of: call.input),
    ]
    if report != nil {
      inputs.append(try call.aggregate([("count", [])], of: try only("user_id IS NULL")))
      inputs.append(
        try call.aggregate(
          [("count", [])], of: try only("user_id IS NOT NULL AND event_time IS NULL")))
    }
    return .operation(
      RFMOperator(
        asOf: try call.time("as_of"),
        output: try call.word("output", SegmentationOutput.self) ?? .users, userType: user.type,
        priceType: price.type, report: report), inputs)
  }
}

/// Scores users whose purchases are summed up.
struct RFMOperator: TableOperator {
  let asOf: Int64?
  let output: SegmentationOutput
  let userType: DataType
  let priceType: DataType
  let report: AnalysisReport?

  var name: String { "rfm" }

  var schema: [Field] {
    switch output {
    case .users:
      [
        Field(name: "user_id", type: userType), Field(name: "recency", type: .bigint),
        Field(name: "frequency", type: .bigint),
        Field(name: "monetary", type: priceType.ofSums), Field(name: "r", type: .bigint),
        Field(name: "f", type: .bigint), Field(name: "m", type: .bigint),
        Field(name: "segment", type: .varchar),
      ]
    case .segments:
      [
        Field(name: "segment", type: .varchar), Field(name: "users", type: .bigint),
        Field(name: "of_users", type: .bigint), Field(name: "share", type: .double),
        Field(name: "mean_recency", type: .double), Field(name: "mean_frequency", type: .double),
        Field(name: "mean_monetary", type: .double),
        Field(name: "revenue", type: priceType.ofSums),
        Field(name: "of_revenue", type: priceType.ofSums),
        Field(name: "revenue_share", type: .double),
      ]
    }
  }

  /// - Parameter inputs: Each buyer's number of purchases, sum of prices and last purchase; the last
  ///   event; and where that is reported, how many purchases had no user, and how many no time.
  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let asOfDay = try asOfDay(inputs[1], context)
    let buyers = try inputs[0].collect(context).map { batch throws(QueryError) in
      try Buyers(batch, asOfDay: asOfDay, priceType: priceType)
    }
    if let report, inputs.count == 4 {
      report.add(
        LeftOut(
          withoutUnit: Int(try number(inputs[2], context) ?? 0),
          withoutTime: Int(try number(inputs[3], context) ?? 0)))
    }
    let table = BuyerTable(buyers, priceType: priceType)
    if output == .segments {
      let segments = table.segments()
      report?.addCells(segments.sizes)
      return PartSource(segments.columns(), keeping: columns)
    }
    // A result of which no column is wanted still has its rows.
    let wanted = columns.isEmpty ? [1] : columns
    return PartSource(count: buyers.count) { part in
      wanted.map { table.vector($0, of: buyers[part]) }
    }
  }

  private func asOfDay(_ last: Pipeline, _ context: QueryContext) throws(QueryError) -> Int64 {
    UTC.asOfDay(asOf, lastEvent: asOf == nil ? try number(last, context) : nil)
  }

  /// The only value of a relation; nil where it is NULL.
  private func number(_ input: Pipeline, _ context: QueryContext) throws(QueryError) -> Int64? {
    guard case .int64(let number)? = try input.collect(context).first?.columns[0].value(at: 0)
    else { return nil }
    return number
  }
}
