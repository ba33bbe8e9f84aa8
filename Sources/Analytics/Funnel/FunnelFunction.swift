import ColStore
import Query

/// `funnel(events, steps := …, by := …, window := …, order := …, breakdown := …, exclude := …,
/// dropped_at := …)`: how many units go how far, step by step.
public struct FunnelFunction: TableFunction {
  public let name = "funnel"
  public let parameters = [
    "steps", "by", "window", "order", "breakdown", "exclude", "dropped_at",
  ]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  private enum Order: String, CaseIterable {
    case ordered
    case strict
    case any

    var rule: FunnelRules.Order {
      switch self {
      case .ordered: .ordered
      case .strict: .strict
      case .any: .any
      }
    }
  }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let columns = EventColumns(call: call)
    let names = try call.texts("steps") ?? EventKind.funnel
    let position = call.argument("steps")?.position
    guard (1...FunnelRules.stepsMax - 1).contains(names.count) else {
      throw QueryError(
        .value, "a funnel has 1 to \(FunnelRules.stepsMax - 1) steps", at: position ?? call.position
      )
    }
    let unitName = try call.text("by") ?? "user_session"
    let unit = try columns.required(unitName)
    var input = [unit, try columns.time()]
    let breakdown = try call.text("breakdown")
    if let breakdown {
      input.append(
        try call.expression(breakdown, at: call.argument("breakdown")?.position))
    }
    let breakdownType = input.count > 2 ? input[2].type : nil
    for name in names { input.append(try columns.step(name, at: position)) }
    let exclusions = try call.texts("exclude") ?? []
    for name in exclusions {
      input.append(try columns.step(name, at: call.argument("exclude")?.position))
    }
    guard names.count + exclusions.count <= 32 else {
      throw QueryError(
        .value, "a funnel has at most 32 steps and exclusions", at: call.position)
    }
    var dropped: Int?
    if let wanted = try call.text("dropped_at") {
      guard let step = names.firstIndex(of: wanted) else {
        throw QueryError(
          .name, "the funnel has no step \"\(wanted)\"", at: call.argument("dropped_at")?.position,
          hint: nearestName(to: wanted, among: names).map { "did you mean \"\($0)\"?" })
      }
      dropped = step + 1
    }
    let rules = FunnelRules(
      stepCount: names.count, window: try call.duration("window"),
      order: try call.word("order", Order.self)?.rule ?? .ordered)
    return .operation(
      FunnelOperator(
        rules: rules, steps: names, exclusions: exclusions.count,
        unit: Field(name: unitName, type: unit.type),
        breakdown: breakdownType.map { Field(name: breakdown ?? "", type: $0) },
        droppedAt: dropped, report: report), [call.project(input)])
  }
}

extension EventKind {
  /// The steps of a funnel where none are named.
  static let funnel = [view.name, cart.name, purchase.name]
}

extension EventColumns {
  /// Whether an event is of a step: of that type, where the step is a plain word, else what holds
  /// for the condition.
  func step(_ text: String, at position: Int?) throws(QueryError) -> Expression {
    let isWord =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
          || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
      }
    guard isWord else { return try call.condition(text, at: position) }
    return try call.call(
      "=",
      [
        call.cast(try required("event_type"), to: .varchar),
        .literal(.string(text), type: .varchar),
      ])
  }
}

/// Matches the events of units against a funnel, and counts.
struct FunnelOperator: TableOperator {
  let rules: FunnelRules
  let steps: [String]
  let exclusions: Int
  let unit: Field
  let breakdown: Field?
  /// Which units are listed in place of the counts: those that came to this step and no further.
  let droppedAt: Int?
  let report: AnalysisReport?

  var name: String { "funnel" }

  var schema: [Field] {
    let first = breakdown.map { [$0] } ?? []
    if droppedAt != nil {
      return [unit] + first + [
        Field(name: "first_step_time", type: .timestamp),
        Field(name: "last_step_time", type: .timestamp),
      ]
    }
    return first + [
      Field(name: "step", type: .bigint), Field(name: "name", type: .varchar),
      Field(name: "units", type: .bigint), Field(name: "of_previous", type: .bigint),
      Field(name: "step_rate", type: .double), Field(name: "of_first", type: .bigint),
      Field(name: "overall_rate", type: .double), Field(name: "median_seconds", type: .double),
      Field(name: "mean_seconds", type: .double),
    ]
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let source = try EventSource(
      inputs[0],
      EventLayout(
        codedColumns: breakdown == nil ? 0 : 1, conditions: steps.count + exclusions),
      EventRules(needsCondition: rules.order != .strict), context)
    let outcome = try UnitGrouping<FunnelCollector>(
      source: source, needsOrder: false, context: context
    ).run { _ in FunnelCollector(self, source) }
    report?.add(outcome.leftOut)
    if droppedAt != nil {
      let lists = Unshared(
        outcome.consumers.flatMap(\.dropped).sorted { $0.part < $1.part }.map(\.units))
      return PartSource(count: lists.all.count) { part in
        lists[part].columns(source.unit, source.coded.first, keeping: columns)
      }
    }
    let counts = FunnelCounts(merging: outcome.consumers.map(\.counts))
    report?.addCells(counts.cellSizes)
    return PartSource(
      counts.columns(steps: steps, breakdown: source.coded.first), keeping: columns)
  }
}
