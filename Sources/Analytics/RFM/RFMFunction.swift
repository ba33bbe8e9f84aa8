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
    let input = [try columns.required("user_id"), try columns.time(), try columns.price()]
    // Where events have no types, all are purchases.
    var purchases = call.input
    if call.column("event_type") != nil {
      purchases = .filter(
        purchases, predicate: try columns.step(EventKind.purchase.name, at: call.position))
    }
    let asOf = try call.time("as_of")
    return .operation(
      RFMOperator(
        asOf: asOf, output: try call.word("output", SegmentationOutput.self) ?? .users,
        userType: input[0].type, priceType: input[2].type, report: report),
      [
        call.project(input, of: purchases),
        // The day after the last event of any type.
        try call.aggregate("max", input[1], of: call.input),
      ])
  }
}

/// Sums up the purchases of users.
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

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let source = try EventSource(
      inputs[0], EventLayout(hasPrice: true), EventRules(), context)
    let outcome = try UnitGrouping<RFMCollector>(
      source: source, needsOrder: false, context: context
    ).run { _ in RFMCollector(isDouble: priceType == .double) }
    report?.add(outcome.leftOut)
    let buyers = outcome.consumers.flatMap(\.parts).sorted { $0.part < $1.part }
      .flatMap(\.buyers)
    let table = BuyerTable(
      buyers, asOfDay: try asOfDay(inputs[1], context), users: source.unit, priceType: priceType)
    return PartSource(
      output == .users ? table.userColumns() : table.segmentColumns(), keeping: columns)
  }

  private func asOfDay(_ last: Pipeline, _ context: QueryContext) throws(QueryError) -> Int64 {
    if let asOf { return UTC.day(of: asOf) }
    guard let batch = try last.collect(context).first,
      case .int64(let time) = batch.columns[0].value(at: 0)
    else { return 0 }
    return UTC.day(of: time) + 1
  }
}

/// A user's purchases.
struct Buyer {
  let user: UInt32
  let last: Int64
  let purchases: Int64
  /// The sum of their prices; a bit pattern where prices are DOUBLE.
  let spend: Int64
}

final class RFMCollector: UnitConsumer {
  private let isDouble: Bool
  private var part = 0
  private var buyers: [Buyer] = []
  private(set) var parts: [(part: Int, buyers: [Buyer])] = []

  init(isDouble: Bool) { self.isDouble = isDouble }

  func begin(part: Int) {
    self.part = part
    buyers = []
  }

  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ rows: Range<Int>
  ) throws(QueryError) {
    var spend: Int64 = 0
    if isDouble {
      var sum = 0.0
      for row in rows where events.prices[row] != noPrice {
        sum += Double(bitPattern: UInt64(bitPattern: events.prices[row]))
      }
      spend = Int64(bitPattern: sum.bitPattern)
    } else {
      for row in rows where events.prices[row] != noPrice {
        let (sum, overflow) = spend.addingReportingOverflow(events.prices[row])
        guard !overflow else {
          throw QueryError(.value, "the prices of a user are too large to be added")
        }
        spend = sum
      }
    }
    buyers.append(
      Buyer(
        user: unit, last: events.times[rows.upperBound - 1], purchases: Int64(rows.count),
        spend: spend))
  }

  func end() { if !buyers.isEmpty { parts.append((part, buyers)) } }
}

/// All buyers with their scores.
struct BuyerTable {
  private let buyers: [Buyer]
  private let asOfDay: Int64
  private let users: CodedColumn
  private let priceType: DataType
  private let scores: RFMScores

  init(_ buyers: [Buyer], asOfDay: Int64, users: CodedColumn, priceType: DataType) {
    self.buyers = buyers
    self.asOfDay = asOfDay
    self.users = users
    self.priceType = priceType
    let isDouble = priceType == .double
    scores = RFMScores(
      recency: buyers.map { asOfDay - UTC.day(of: $0.last) }, frequency: buyers.map(\.purchases),
      monetary: buyers.map { RFMScores.moneyKey($0.spend, isDouble: isDouble) })
  }

  private func recency(_ buyer: Buyer) -> Int64 { asOfDay - UTC.day(of: buyer.last) }

  private func segment(_ buyer: Buyer) -> RFMSegment {
    RFMSegment(r: scores.r(recency(buyer)), f: scores.f(buyer.purchases))
  }

  private func money(_ value: Int64) -> Double {
    priceType == .double
      ? Double(bitPattern: UInt64(bitPattern: value)) : Double(value) / priceType.unitsPerOne
  }

  func userColumns() -> [Vector] {
    let count = buyers.count
    let codes = Buffer(UInt32.self, count: count)
    for (row, buyer) in buyers.enumerated() { codes.pointer(UInt32.self)[row] = buyer.user }
    let isDouble = priceType == .double
    return [
      users.vector(codes, count: count),
      .build(.bigint, count: count) { recency(buyers[$0]) },
      .build(.bigint, count: count) { buyers[$0].purchases },
      .build(priceType.ofSums, count: count) { buyers[$0].spend },
      .build(.bigint, count: count) { scores.r(recency(buyers[$0])) },
      .build(.bigint, count: count) { scores.f(buyers[$0].purchases) },
      .build(.bigint, count: count) {
        scores.m(RFMScores.moneyKey(buyers[$0].spend, isDouble: isDouble))
      },
      .labels(buyers.map { segment($0) }),
    ]
  }

  /// One row a segment that somebody is in, in the order of ``RFMSegment``.
  func segmentColumns() -> [Vector] {
    let members = Dictionary(grouping: buyers) { segment($0) }
    let segments = RFMSegment.allCases.filter { members[$0] != nil }
    let groups = segments.map { members[$0] ?? [] }
    let count = groups.count
    let isDouble = priceType == .double
    func sum(_ buyers: [Buyer]) -> Int64 {
      isDouble
        ? Int64(bitPattern: buyers.reduce(0.0) { $0 + money($1.spend) }.bitPattern)
        : buyers.reduce(0) { $0 &+ $1.spend }
    }
    let total = sum(buyers)
    func mean(_ value: (Buyer) -> Double) -> Vector {
      .build(.double, count: count) { row in
        groups[row].reduce(0) { $0 + value($1) } / Double(groups[row].count)
      }
    }
    return [
      .labels(segments),
      .build(.bigint, count: count) { Int64(groups[$0].count) },
      .build(.bigint, count: count) { _ in Int64(buyers.count) },
      .build(.double, count: count) { Double(groups[$0].count) / Double(buyers.count) },
      mean { Double(recency($0)) },
      mean { Double($0.purchases) },
      mean { money($0.spend) },
      .build(priceType.ofSums, count: count) { sum(groups[$0]) },
      .build(priceType.ofSums, count: count) { _ in total },
      .buildNullable(.double, count: count) { (row: Int) -> Double? in
        money(total) == 0 ? nil : money(sum(groups[row])) / money(total)
      },
    ]
  }
}
