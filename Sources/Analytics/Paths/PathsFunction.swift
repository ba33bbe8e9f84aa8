import ColStore
import Query

/// `paths(events, output := 'transitions' | 'paths', by := …, state := …, length := …)`: what
/// follows what within a unit, from its start to its end.
public struct PathsFunction: TableFunction {
  public let name = "paths"
  public let parameters = ["output", "by", "state", "length", "top"]
  private let report: AnalysisReport?

  public init(report: AnalysisReport? = nil) { self.report = report }

  public func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan {
    let columns = EventColumns(call: call)
    let unit = try columns.required(try call.text("by") ?? "user_session")
    let state: Expression
    if let text = try call.text("state") {
      state = try call.expression(text, at: call.argument("state")?.position)
    } else {
      state = try columns.required("event_type")
    }
    return .operation(
      PathsOperator(
        output: try call.word("output", PathsOperator.Output.self) ?? .transitions,
        length: try call.integer("length", in: 1...100) ?? 8,
        top: try call.integer("top", in: 1...1_000_000_000), report: report),
      [call.project([unit, try columns.time(), call.cast(state, to: .varchar)])])
  }
}

struct PathsOperator: TableOperator {
  enum Output: String, CaseIterable {
    /// One row for each pair of states that follow each other.
    case transitions
    /// One row for each way through.
    case paths
  }

  let output: Output
  /// States of a path that are told apart; what comes behind is `…`.
  let length: Int
  let top: Int?
  let report: AnalysisReport?

  var name: String { "paths" }

  var schema: [Field] {
    switch output {
    case .transitions:
      [
        Field(name: "from_state", type: .varchar), Field(name: "to_state", type: .varchar),
        Field(name: "transitions", type: .bigint), Field(name: "of_from", type: .bigint),
        Field(name: "probability", type: .double),
        Field(name: "median_seconds", type: .double),
      ]
    case .paths:
      [
        Field(name: "path", type: .varchar), Field(name: "units", type: .bigint),
        Field(name: "of_units", type: .bigint), Field(name: "share", type: .double),
      ]
    }
  }

  func makeSource(
    _ inputs: [Pipeline], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> any BatchSource {
    let source = try EventSource(
      inputs[0], EventLayout(codedColumns: 1), EventRules(), context)
    let states = source.coded[0]
    let all: [Vector]
    switch output {
    case .transitions:
      let outcome = try UnitGrouping<TransitionCollector>(
        source: source, needsOrder: false, context: context
      ).run { _ in TransitionCollector(states: states.count) }
      report?.add(outcome.leftOut)
      let table = TransitionTable(outcome.consumers, states)
      report?.addCells(table.cellSizes)
      all = table.columns(top: top)
    case .paths:
      let outcome = try UnitGrouping<PathCollector>(
        source: source, needsOrder: false, context: context
      ).run { _ in PathCollector(length: length) }
      report?.add(outcome.leftOut)
      all = PathTable(outcome.consumers, states).columns(top: top)
    }
    return PartSource(all, keeping: columns)
  }
}

/// What the states of events are called.
struct StateNames {
  private let names: [String]
  static let start = "START"
  static let end = "END"

  init(_ states: CodedColumn) {
    names = (0..<states.count).map { code in
      guard case .string(let text) = states.dictionary.value(at: code) else { return "NULL" }
      return text
    }
  }

  var count: Int { names.count }

  /// States, then the start, then the end.
  subscript(state: Int) -> String {
    if state < names.count { return names[state] }
    return state == names.count ? StateNames.start : StateNames.end
  }
}
