import ColStore

/// sequenceMatch(pattern)(time, c1, c2, …): whether the pattern occurs in a group's events; and
/// sequenceCount, how often. The patterns, limits and answers of ClickHouse.
///
/// Rows for which no condition holds, or with a NULL, are no events. Events of one time are in the order
/// of the store.
enum SequenceAggregates {
  static let functions: [AggregateFunction] = [
    function("sequenceMatch", .integer) { matcher, events throws(QueryError) in
      try matcher.matches(events) ? 1 : 0
    },
    function("sequenceCount", .bigint) { matcher, events throws(QueryError) in
      Int64(try matcher.count(events))
    },
  ]

  typealias Answer =
    @Sendable (SequenceMatcher, Span<FunnelEvent>) throws(QueryError) -> Int64

  private static func function(
    _ name: String, _ type: DataType, _ answer: @escaping Answer
  ) -> AggregateFunction {
    let signature = "\(name)('pattern')(time, condition, condition, …)"
    return AggregateFunction(parametric: name, signature: signature) {
      parameters, types throws(QueryError) in
      let arguments = try SequenceArguments.types(
        types, of: name, conditionsMin: 2, signature: signature)
      guard parameters.count == 1, case .string(let text) = parameters[0].value else {
        throw QueryError(
          .syntax, "\(name) takes one parameter, a pattern",
          at: (parameters.dropFirst().first ?? parameters.first)?.position,
          hint: "it is \(signature)")
      }
      let pattern: SequencePattern
      do throws(QueryError) {
        pattern = try SequencePattern(
          text, conditionCount: arguments.count - 1,
          unitsOfOne: TimeSpan.unitsOfOne(arguments[0]) ?? 1)
      } catch { throw error.located(at: parameters[0].position) }
      return AggregateOverload(
        name: "\(name)('\(text)')", arguments, type, isOrderSensitive: true
      ) { SequenceAccumulator(pattern, type, answer) }
    }
  }
}

private final class SequenceAccumulator: Accumulator {
  private let matcher: SequenceMatcher
  private let type: DataType
  private let answer: SequenceAggregates.Answer
  private let log = EventLog()
  private var masks = ConditionMasks()

  init(_ pattern: SequencePattern, _ type: DataType, _ answer: @escaping SequenceAggregates.Answer)
  {
    matcher = SequenceMatcher(pattern)
    self.type = type
    self.answer = answer
  }

  func resize(to count: Int) {}

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let masks = masks.read(arguments.dropFirst(), time: arguments[0], count: count)
    let times = Rows<Int64>(arguments[0])
    let place = log.room(count)
    var added = 0
    for row in 0..<count where masks[row] != 0 && masks[row] < ConditionMasks.unknown {
      place[added] = FunnelEvent(
        time: times[row], step: Int32(truncatingIfNeeded: masks[row]), row: groups[row])
      added += 1
    }
    log.added(added)
    withExtendedLifetime(arguments) {}
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? SequenceAccumulator else { return }
    log.absorb(other.log, mapping: mapping)
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    let output = FlatBuilder<Int64>(count: count)
    let ofNothing = try answer(matcher, Span<FunnelEvent>())
    output.values.update(repeating: ofNothing, count: count)
    try log.forEachGroup(groupCount: count) { group, events, _ throws(QueryError) in
      FunnelEvent.sortByTime(events)
      output[group] = try answer(matcher, events.span)
    }
    return output.finish(type)
  }
}
