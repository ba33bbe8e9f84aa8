import ColStore
import Query

/// What the columns of an operator's input are, in this order: the unit, the time, the price (where
/// it is wanted), coded columns, and conditions.
struct EventLayout: Sendable {
  var hasPrice = false
  /// How many columns are read as codes.
  var codedColumns = 0
  /// How many BOOLEAN columns become the bits of one more lane, the first the lowest bit.
  var conditions = 0

  var firstCoded: Int { hasPrice ? 3 : 2 }
  var firstCondition: Int { firstCoded + codedColumns }
  /// Lanes of 32 bits: the coded columns, and the conditions' bits.
  var laneCount: Int { codedColumns + (conditions > 0 ? 1 : 0) }
  /// The lane of the conditions' bits.
  var conditionLane: Int { codedColumns }
}

/// Which events count, and how many did not.
struct EventRules: Sendable {
  /// Only rows with a price above 0.
  var needsPrice = false
  /// Only rows that have a value in this lane.
  var requiredLane: Int?
  /// Only rows whose condition lane is not zero.
  var needsCondition = false
}

/// The input of an analysis: rows as events of units.
struct EventSource: Sendable {
  let input: Pipeline
  let layout: EventLayout
  let rules: EventRules
  let unit: CodedColumn
  let coded: [CodedColumn]
  /// Prices that are DOUBLE are carried as their bit patterns.
  let priceIsDouble: Bool

  init(
    _ input: Pipeline, _ layout: EventLayout, _ rules: EventRules, _ context: QueryContext
  ) throws(QueryError) {
    self.input = input
    self.layout = layout
    self.rules = rules
    unit = try CodedColumn(input, column: 0, context)
    var coded: [CodedColumn] = []
    for column in 0..<layout.codedColumns {
      coded.append(try CodedColumn(input, column: layout.firstCoded + column, context))
    }
    self.coded = coded
    priceIsDouble = layout.hasPrice && input.types[2] == .double
  }

  /// The table whose row groups hold each unit's rows together.
  var clusters: (any RowSource)? {
    let facts = input.facts(0)
    return facts.dictionary === unit.dictionary ? facts.clusters : nil
  }
}

/// Rows of events, lane by lane.
struct EventLanes {
  let count: Int
  let times: UnsafePointer<Int64>
  /// ``noPrice`` where it is NULL. Times where prices are not wanted.
  let prices: UnsafePointer<Int64>
  let codes: UnsafePointer<UnsafePointer<UInt32>>

  func lane(_ index: Int) -> UnsafePointer<UInt32> { codes[index] }
}

/// A price that is NULL.
let noPrice = Int64.min
