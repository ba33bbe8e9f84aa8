import ColStore
import Query

/// What is computed of each user from the events; all other columns follow from these.
enum UserField: Int, CaseIterable {
  case user
  case events
  case views
  case carts
  case removes
  case purchases
  case sessions
  case activeDays
  case products
  case categories
  case brands
  /// The sum of the prices of purchases; of DOUBLE prices, as are all sums, a bit pattern.
  case spend
  case viewPrices
  case viewPriceSum
  case cartPrices
  case cartPriceSum
  case hourSum
  case weekendEvents
  case firstSeen
  case lastSeen
  /// The time of the last purchase; of no meaning where there is none.
  case lastPurchase
  /// 1 where a purchase follows within the label's window.
  case label
}

/// The lanes of a user's events.
enum UserLane: Int, CaseIterable {
  case session
  case type
  case product
  case category
  case brand
}

/// The time until which features look, and from which the label does.
struct LabelPeriod: Sendable {
  let until: Int64
  /// nil: there is no label.
  let end: Int64?
}

/// Computes ``UserField``s of one user after the other.
struct UserFeatures {
  private let kinds: [UInt8]
  private let nulls: [UInt32]
  private let pricesAreDouble: Bool
  private let period: LabelPeriod?
  private var distinct = DistinctCounter()

  init(_ source: EventSource, _ period: LabelPeriod?) {
    kinds = EventKind.kinds(of: source.coded[UserLane.type.rawValue])
    nulls = source.coded.map { $0.nullCode ?? .max }
    pricesAreDouble = source.priceIsDouble
    self.period = period
  }

  /// Writes the fields of a user, whose events are in the order of their times.
  ///
  /// - Returns: Whether the user has an event that counts.
  mutating func write(
    _ user: UInt32, _ events: EventLanes, _ all: Range<Int>, to table: WideRows
  ) throws(QueryError) -> Bool {
    var rows = all
    var label = false
    if let period {
      let end = all.first { events.times[$0] >= period.until } ?? all.upperBound
      rows = all.lowerBound..<end
      guard !rows.isEmpty else { return false }
      label = hasPurchase(events, end..<all.upperBound, before: period.end)
    }
    let row = table.append()
    let columns = table.columns
    func set(_ field: UserField, _ value: Int64) { columns[field.rawValue][row] = value }
    func lane(_ lane: UserLane) -> UnsafePointer<UInt32> { events.codes[lane.rawValue] }
    func count(_ which: UserLane) -> Int64 {
      Int64(distinct.count(lane(which), rows, null: nulls[which.rawValue]))
    }
    set(.user, Int64(user))
    set(.events, Int64(rows.count))
    set(.sessions, count(.session))
    set(.products, count(.product))
    set(.categories, count(.category))
    set(.brands, count(.brand))
    set(.firstSeen, events.times[rows.lowerBound])
    set(.lastSeen, events.times[rows.upperBound - 1])
    set(.label, label ? 1 : 0)
    writeTimes(events.times, rows, set)
    try writeKinds(events, rows, lane(.type), set)
    return true
  }

  private func hasPurchase(_ events: EventLanes, _ rows: Range<Int>, before end: Int64?) -> Bool {
    guard let end else { return false }
    let types = events.lane(UserLane.type.rawValue)
    return rows.contains { row in
      events.times[row] < end && Int(kinds[Int(types[row])]) == EventKind.purchase.rawValue
    }
  }

  /// Days, hours and weekends; times ascend.
  private func writeTimes(
    _ times: UnsafePointer<Int64>, _ rows: Range<Int>, _ set: (UserField, Int64) -> Void
  ) {
    var (days, hours, weekend): (Int64, Int64, Int64) = (0, 0, 0)
    var current = Int64.min
    var isWeekend: Int64 = 0
    for row in rows {
      let day = UTC.day(of: times[row])
      if day != current {
        current = day
        days += 1
        isWeekend = UTC.weekday(ofDay: day) >= 6 ? 1 : 0
      }
      weekend += isWeekend
      hours += (times[row] &- day &* UTC.day) / (3600 * UTC.second)
    }
    set(.activeDays, days)
    set(.hourSum, hours)
    set(.weekendEvents, weekend)
  }

  /// Counts and prices by the kind of event.
  private func writeKinds(
    _ events: EventLanes, _ rows: Range<Int>, _ types: UnsafePointer<UInt32>,
    _ set: (UserField, Int64) -> Void
  ) throws(QueryError) {
    var counts = SIMD8<Int64>()
    var priced = SIMD8<Int64>()
    var sums = SIMD8<Int64>()
    var doubles = SIMD8<Double>()
    var largest: UInt64 = 0
    var lastPurchase: Int64 = 0
    for row in rows {
      let kind = Int(kinds[Int(types[row])])
      counts[kind] += 1
      if kind == EventKind.purchase.rawValue { lastPurchase = events.times[row] }
      let price = events.prices[row]
      if price == noPrice { continue }
      priced[kind] += 1
      if pricesAreDouble {
        doubles[kind] += Double(bitPattern: UInt64(bitPattern: price))
      } else {
        sums[kind] &+= price
        largest = max(largest, price.magnitude)
      }
    }
    let (bound, overflow) = largest.multipliedReportingOverflow(by: UInt64(rows.count))
    guard !overflow, bound <= UInt64(Int64.max) else {
      throw QueryError(.value, "the prices of a user are too large to be added")
    }
    func sum(_ kind: EventKind) -> Int64 {
      pricesAreDouble
        ? Int64(bitPattern: doubles[kind.rawValue].bitPattern) : sums[kind.rawValue]
    }
    set(.views, counts[EventKind.view.rawValue])
    set(.carts, counts[EventKind.cart.rawValue])
    set(.removes, counts[EventKind.remove.rawValue])
    set(.purchases, counts[EventKind.purchase.rawValue])
    set(.spend, sum(.purchase))
    set(.viewPrices, priced[EventKind.view.rawValue])
    set(.viewPriceSum, sum(.view))
    set(.cartPrices, priced[EventKind.cart.rawValue])
    set(.cartPriceSum, sum(.cart))
    set(.lastPurchase, lastPurchase)
  }
}

/// Computes the users that a worker gets.
final class UserCollector: UnitConsumer {
  private var features: UserFeatures
  private let rows = WideRows(width: UserField.allCases.count)
  private let keeper: PartKeeper
  private var part = 0
  private(set) var parts: [(part: Int, columns: [NarrowColumn])] = []

  init(_ source: EventSource, _ period: LabelPeriod?, keeper: PartKeeper) {
    features = UserFeatures(source, period)
    self.keeper = keeper
  }

  func begin(part: Int) {
    self.part = part
    rows.removeAll()
  }

  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ range: Range<Int>
  ) throws(QueryError) {
    _ = try features.write(unit, events, range, to: rows)
  }

  func end() throws(QueryError) {
    if rows.count > 0 { parts.append((part, try keeper.keep(rows.narrowed()))) }
  }
}

/// All users of an input, in parts.
struct UserTable: Sendable {
  let parts: Unshared<[NarrowColumn]>
  let users: CodedColumn
  let priceType: DataType
  /// The day up to which days are counted: the one given, or the one after the last event.
  let asOfDay: Int64

  /// The columns of events that the input must have, in this order.
  static func input(_ columns: EventColumns) throws(QueryError) -> [Expression] {
    [
      try columns.required("user_id"), try columns.time(), try columns.price(),
      columns.optional("user_session"), try columns.required("event_type"),
      columns.optional("product_id"), columns.optional("category_code"),
      columns.optional("brand"),
    ]
  }

  init(
    _ input: Pipeline, rules: UserRules, report: AnalysisReport?, _ context: QueryContext
  ) throws(QueryError) {
    let source = try EventSource(
      input, EventLayout(hasPrice: true, codedColumns: UserLane.allCases.count),
      EventRules(
        needsPrice: !rules.keepsZeroPrice,
        requiredLane: rules.hasSessions ? UserLane.session.rawValue : nil), context)
    let keeper = PartKeeper(context)
    let outcome = try UnitGrouping<UserCollector>(
      source: source, needsOrder: false, context: context
    ).run { _ in UserCollector(source, rules.period, keeper: keeper) }
    report?.add(outcome.leftOut)
    parts = Unshared(
      outcome.consumers.flatMap(\.parts).sorted { $0.part < $1.part }.map(\.columns))
    users = source.unit
    priceType = input.types[2]
    asOfDay = UTC.asOfDay(rules.period?.until ?? rules.asOf, lastEvent: outcome.lastTime)
  }

  func load(part: Int) throws(QueryError) -> WideRows {
    let rows = WideRows(width: UserField.allCases.count)
    try rows.load(parts[part])
    return rows
  }
}

/// Which events of users count, and until when.
struct UserRules: Sendable {
  let keepsZeroPrice: Bool
  /// Whether events have sessions, and only those with one count.
  let hasSessions: Bool
  let period: LabelPeriod?
  let asOf: Int64?
}
