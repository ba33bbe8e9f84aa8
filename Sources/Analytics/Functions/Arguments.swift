import ColStore
import Query

/// Reads the arguments of a call.
extension TableFunctionCall {
  func flag(_ name: String) throws(QueryError) -> Bool {
    guard let argument = argument(name) else { return false }
    switch argument.value {
    case .bool(let value): return value
    case .string("true"): return true
    case .string("false"): return false
    default: throw wrong(argument, name, "true or false")
    }
  }

  func text(_ name: String) throws(QueryError) -> String? {
    guard let argument = argument(name) else { return nil }
    guard case .string(let text) = argument.value else { throw wrong(argument, name, "a text") }
    return text
  }

  /// One of some words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Word.Type
  ) throws(QueryError) -> Word? where Word.RawValue == String {
    guard let argument = argument(name) else { return nil }
    if case .string(let text) = argument.value, let found = Word(rawValue: text.lowercased()) {
      return found
    }
    let words = Word.allCases.map(\.rawValue)
    var error = wrong(argument, name, words.joined(separator: ", "))
    if case .string(let text) = argument.value {
      error.hint = nearestName(to: text, among: words).map { "did you mean \"\($0)\"?" }
    }
    throw error
  }

  /// A list of texts, or one text with commas.
  func texts(_ name: String) throws(QueryError) -> [String]? {
    guard let argument = argument(name) else { return nil }
    switch argument.value {
    case .string(let text):
      return text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    case .list(let values):
      var texts: [String] = []
      for value in values {
        guard case .string(let text) = value else { throw wrong(argument, name, "a list of texts") }
        texts.append(text)
      }
      return texts
    default: throw wrong(argument, name, "a list of texts")
    }
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(QueryError) -> Int? {
    guard let argument = argument(name) else { return nil }
    let value: Int?
    switch argument.value {
    case .int64(let number): value = argument.type.isInteger ? Int(number) : nil
    case .string(let text): value = Int(text)
    default: value = nil
    }
    guard let value, range.contains(value) else {
      throw wrong(argument, name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A length of time in microseconds, above 0: an INTERVAL without months, or a text like `30m`.
  func duration(_ name: String) throws(QueryError) -> Int64? {
    guard let argument = argument(name) else { return nil }
    var found: Int64?
    switch argument.value {
    case .interval(let interval) where interval.months == 0:
      let (days, overflow) = Int64(interval.days).multipliedReportingOverflow(by: UTC.day)
      let (sum, sumOverflow) = days.addingReportingOverflow(interval.microseconds)
      found = overflow || sumOverflow ? nil : sum
    case .string(let text): found = Duration.microseconds(text)
    default: break
    }
    guard let found, found > 0 else {
      throw wrong(argument, name, "a length of time, for example 30m, 1h or 7d")
    }
    return found
  }

  /// A time in microseconds since 1970: a TIMESTAMP, a DATE, or a text that is one.
  func time(_ name: String) throws(QueryError) -> Int64? {
    guard let argument = argument(name) else { return nil }
    let value = try constant(
      .cast(
        .literal(argument.value, type: argument.type), to: .timestamp, isTry: true,
        position: argument.position))
    guard case .int64(let time) = value else {
      throw wrong(argument, name, "a time, for example 2019-11-01 or '2019-11-01 12:00:00'")
    }
    return time
  }

  private func wrong(
    _ argument: TableFunctionArgument, _ name: String, _ wanted: String
  ) -> QueryError {
    QueryError(.value, "\(name) takes \(wanted)", at: argument.position)
  }
}

/// Lengths of time as people write them.
enum Duration {
  private static let units: [(suffixes: [String], seconds: Int64)] = [
    (["s", "sec", "second", "seconds"], 1), (["m", "min", "minute", "minutes"], 60),
    (["h", "hour", "hours"], 3600), (["d", "day", "days"], 86_400),
    (["w", "week", "weeks"], 604_800),
  ]

  /// `30m`, `1h`, `7d`, `90 seconds`, or a number of seconds; nil where it is none of these.
  static func microseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard
      let seconds = unit.isEmpty ? 1 : units.first(where: { $0.suffixes.contains(unit) })?.seconds
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: seconds * UTC.second)
    return overflow ? nil : product
  }
}
