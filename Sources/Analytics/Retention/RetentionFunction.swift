import ColStore
import Query

/// `retention(events, start := …, return := …, unit := 'day' | 'week', periods := …, rolling := …,
/// as_of := …)`: who comes back, by cohort and period.
public struct RetentionFunction: TableFunction {
  public let name = "retention"
  public let parameters = ["start", "return", "unit", "periods", "rolling", "as_of"]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let columns = EventColumns(call: call)
    let input = [
      try columns.required("user_id"), try columns.time(),
      try columns.step(
        try call.text("start") ?? EventKind.view.name, at: call.argument("start")?.position),
      try columns.step(
        try call.text("return") ?? EventKind.purchase.name, at: call.argument("return")?.position),
    ]
    return .operation(
      RetentionOperator(
        unit: try call.word("unit", RetentionUnit.self) ?? .week,
        periods: try call.integer("periods", in: 0...1000) ?? 12,
        isRolling: try call.flag("rolling"), asOf: try call.time("as_of"), report: report),
      [call.project(input)])
  }
}

/// What cohorts and periods are made of.
enum RetentionUnit: String, CaseIterable {
  case day
  /// From Monday to Sunday.
  case week

  var days: Int64 { self == .day ? 1 : 7 }

  /// The number of the unit that a time is in.
  @inline(__always)
  func number(of time: Int64) -> Int64 {
    // 1969-12-29 was a Monday.
    self == .day ? UTC.day(of: time) : floorDivide(UTC.day(of: time) + 3, 7)
  }

  /// The first day of a unit, in days since 1970.
  func firstDay(_ number: Int64) -> Int64 { self == .day ? number : number * 7 - 3 }
}

struct RetentionOperator: TableOperator {
  let unit: RetentionUnit
  /// Periods 0 … periods.
  let periods: Int
  let isRolling: Bool
  let asOf: Int64?
  let report: AnalysisReport?

  var name: String { "retention" }

  var schema: [Field] {
    [
      Field(name: "cohort", type: .date), Field(name: "period", type: .bigint),
      Field(name: "users", type: .bigint), Field(name: "returned", type: .bigint),
      Field(name: "rate", type: .double), Field(name: "complete", type: .boolean),
    ]
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let source = try EventSource(
      inputs[0], EventLayout(conditions: 2), EventRules(needsCondition: true), context)
    let outcome = try UnitGrouping<RetentionCollector>(
      source: source, needsOrder: false, context: context
    ).run { _ in RetentionCollector(self, source) }
    report?.add(outcome.leftOut)
    var cohorts: [Int64: Cohort] = [:]
    for consumer in outcome.consumers { cohorts.merge(consumer.cohorts) { $0 + $1 } }
    let asOfDay = UTC.asOfDay(asOf, lastEvent: outcome.lastTime)
    report?.addCells(cohorts.values.map(\.users))
    return PartSource(rows(cohorts, asOfDay), keeping: columns)
  }

  private func rows(_ cohorts: [Int64: Cohort], _ asOfDay: Int64) -> [Vector] {
    let numbers = cohorts.keys.sorted()
    let width = periods + 1
    let count = numbers.count * width
    func cohort(_ row: Int) -> Cohort {
      cohorts[numbers[row / width]] ?? Cohort(users: 0, returned: [])
    }
    func returned(_ row: Int) -> Int { cohort(row).returned[row % width] }
    func isComplete(_ row: Int) -> Bool {
      unit.firstDay(numbers[row / width] + Int64(row % width) + 1) <= asOfDay
    }
    return [
      .build(.date, count: count) { unit.firstDay(numbers[$0 / width]) },
      .build(.bigint, count: count) { Int64($0 % width) },
      .build(.bigint, count: count) { Int64(cohort($0).users) },
      .build(.bigint, count: count) { Int64(returned($0)) },
      .buildNullable(.double, count: count) { (row: Int) -> Double? in
        isComplete(row) ? Double(returned(row)) / Double(cohort(row).users) : nil
      },
      .flags(count: count, isComplete),
    ]
  }
}

/// The users who started in one unit of time.
struct Cohort {
  var users: Int
  /// How many of them returned in each period.
  var returned: [Int]

  static func + (left: Cohort, right: Cohort) -> Cohort {
    Cohort(
      users: left.users + right.users,
      returned: zip(left.returned, right.returned).map { $0 + $1 })
  }
}

/// Counts one user after the other, for one worker.
final class RetentionCollector: UnitConsumer {
  private let unit: RetentionUnit
  private let periods: Int
  private let isRolling: Bool
  private let conditionLane: Int
  private(set) var cohorts: [Int64: Cohort] = [:]

  init(_ retention: RetentionOperator, _ source: EventSource) {
    unit = retention.unit
    periods = retention.periods
    isRolling = retention.isRolling
    conditionLane = source.layout.conditionLane
  }

  func consume(
    _ user: UInt32, order: UInt64, _ events: EventLanes, _ rows: Range<Int>
  ) throws(QueryError) {
    let bits = events.lane(conditionLane)
    guard let start = rows.first(where: { bits[$0] & 1 != 0 }) else { return }
    let startTime = events.times[start]
    let number = unit.number(of: startTime)
    let periods = periods
    let isRolling = isRolling
    let returns = { (_ returned: inout [Int]) in
      var last: Int64 = -1
      // Events of the same time may stand before the start.
      for row in rows where bits[row] & 2 != 0 && events.times[row] >= startTime {
        let period = self.unit.number(of: events.times[row]) - number
        if period == last { continue }
        if isRolling {
          for earlier in Int(last + 1)...max(Int(last + 1), Int(period)) where earlier <= periods {
            returned[earlier] += 1
          }
        } else if period <= Int64(periods) {
          returned[Int(period)] += 1
        }
        last = period
      }
    }
    if var cohort = cohorts.removeValue(forKey: number) {
      cohort.users += 1
      returns(&cohort.returned)
      cohorts[number] = cohort
    } else {
      var cohort = Cohort(users: 1, returned: Array(repeating: 0, count: periods + 1))
      returns(&cohort.returned)
      cohorts[number] = cohort
    }
  }
}
