/// A pattern of events in the language of ClickHouse's `sequenceMatch`:
///
///     (?N)       an event for which condition N holds
///     .          any event
///     .*         any number of events
///     (?t<=S)    the time between what is before and behind it: also <, >=, >, ==
struct SequencePattern: Sendable {
  enum Comparison: Sendable {
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    case equal
  }

  enum Action: Sendable {
    /// The bit of the condition in an event's mask.
    case event(UInt32)
    case anyEvent
    case anyEvents
    /// The distance in units of the events' times.
    case distance(Comparison, UInt64)
  }

  /// The first is always ``Action/anyEvents``: a match may begin anywhere.
  let actions: [Action]
  /// The conditions that a match needs.
  let conditions: UInt32
  let hasTimes: Bool

  /// `unitsOfOne`: the units of time of what the pattern calls 1.
  init(
    _ text: String, conditionCount: Int, unitsOfOne: Int64
  ) throws(QueryError) {
    var reader = Reader(text)
    var actions: [Action] = [.anyEvents]
    var conditions: UInt32 = 0
    var hasTimes = false
    while !reader.isAtEnd {
      if reader.take("(?t") {
        let comparison = try reader.comparison()
        let (units, overflow) = try reader.number().multipliedReportingOverflow(
          by: UInt64(unitsOfOne))
        if case .distance = actions[actions.count - 1] {
          throw QueryError(
            .value, "a time in a pattern follows an event, not another time")
        }
        actions.append(.distance(comparison, overflow ? .max : units))
        hasTimes = true
        try reader.close()
      } else if reader.take("(?") {
        let number = try reader.number()
        guard number >= 1, number <= UInt64(conditionCount) else {
          throw QueryError(
            .value, "the pattern asks for condition \(number) of \(conditionCount)")
        }
        let bit: UInt32 = 1 << UInt32(number - 1)
        conditions |= bit
        actions.append(.event(bit))
        try reader.close()
      } else if reader.take(".*") {
        actions.append(.anyEvents)
      } else if reader.take(".") {
        actions.append(.anyEvent)
      } else {
        throw reader.error("the pattern goes on with what is none of (?N), (?t…), . and .*")
      }
    }
    self.actions = actions
    self.conditions = conditions
    self.hasTimes = hasTimes
  }

  private struct Reader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ symbol: StaticString) -> Bool {
      let count = symbol.utf8CodeUnitCount
      guard index + count <= bytes.count,
        symbol.withUTF8Buffer({ bytes[index..<index + count].elementsEqual($0) })
      else { return false }
      index += count
      return true
    }

    mutating func close() throws(QueryError) {
      if !take(")") { throw error("the pattern wants a closing parenthesis") }
    }

    mutating func comparison() throws(QueryError) -> Comparison {
      if take("<=") { return .lessOrEqual }
      if take("<") { return .less }
      if take(">=") { return .greaterOrEqual }
      if take(">") { return .greater }
      if take("==") { return .equal }
      throw error("the pattern wants one of <=, <, >=, > and == behind (?t")
    }

    mutating func number() throws(QueryError) -> UInt64 {
      let start = index
      _ = take("+")
      var value: UInt64 = 0
      let first = index
      while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 {
        let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, tooLargeToo) = product.addingReportingOverflow(UInt64(bytes[index] - 0x30))
        if tooLarge || tooLargeToo {
          index = start
          throw error("the pattern has a number that is too large")
        }
        value = sum
        index += 1
      }
      if index == first { throw error("the pattern wants a number") }
      return value
    }

    func error(_ message: String) -> QueryError {
      let rest = String(decoding: bytes[index...].prefix(30), as: UTF8.self)
      return QueryError(
        .value, "\(message), found \(isAtEnd ? "its end" : "'\(rest)' at character \(index + 1)")")
    }
  }
}
