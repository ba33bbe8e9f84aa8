/// Matches the events of one group with a ``SequencePattern``, with the answers of ClickHouse.
///
/// Events are sorted by time; an event's `step` has a bit for each condition that holds. Patterns
/// without times are run as an automaton, one step an event. Others are matched from the left with
/// backtracking, at most ``iterationsMax`` steps. A matcher serves one thread.
final class SequenceMatcher {
  /// How many steps one match may take.
  static let iterationsMax = 1_000_000

  private let pattern: SequencePattern
  private var automaton: SequenceAutomaton
  private var choices: [Choice] = []

  /// Where a match can go on differently: with the event behind `event` given to `action`.
  private struct Choice {
    let action: Int
    let event: Int
    let base: Int
  }

  init(_ pattern: SequencePattern) {
    self.pattern = pattern
    automaton = SequenceAutomaton(pattern)
  }

  /// Whether the pattern occurs in the events.
  func matches(_ events: Span<FunnelEvent>) throws(QueryError) -> Bool {
    guard hasConditions(events) else { return false }
    if !pattern.hasTimes { return automaton.matches(events) }
    var place = 0
    return try match(events, from: &place)
  }

  /// How often the pattern occurs, each time behind the time before.
  func count(_ events: Span<FunnelEvent>) throws(QueryError) -> Int {
    guard hasConditions(events) else { return 0 }
    var count = 0
    var place = 0
    while place < events.count, try match(events, from: &place) { count += 1 }
    return count
  }

  /// Whether each condition of the pattern holds somewhere.
  private func hasConditions(_ events: Span<FunnelEvent>) -> Bool {
    var missing = pattern.conditions
    var index = 0
    while missing != 0 && index < events.count {
      missing &= ~UInt32(bitPattern: events[index].step)
      index += 1
    }
    return missing == 0
  }

  /// Looks for a match from event `place` on, which then is behind the match.
  private func match(
    _ events: Span<FunnelEvent>, from place: inout Int
  ) throws(QueryError) -> Bool {
    let actions = pattern.actions
    let first = place
    var action = 0
    var event = place
    // The event that a time is measured from.
    var base = place
    choices.removeAll(keepingCapacity: true)
    func goBack() -> Bool {
      while let choice = choices.popLast() {
        action = choice.action
        event = choice.event + 1
        base = choice.base
        if event < events.count { return true }
      }
      return false
    }
    var iterations = 0
    search: while action < actions.count && event < events.count {
      switch actions[action] {
      case .event(let bit):
        if UInt32(bitPattern: events[event].step) & bit != 0 {
          base = event
          event += 1
          action += 1
        } else if !goBack() {
          break search
        }
      case .anyEvent:
        base = event
        event += 1
        action += 1
      case .anyEvents:
        choices.append(Choice(action: action, event: event, base: base))
        base = event
        action += 1
      case .distance(let comparison, let wanted):
        let distance = UInt64(bitPattern: events[event].time &- events[base].time)
        if Self.holds(comparison, distance, wanted) {
          choices.append(Choice(action: action, event: event, base: base))
          base = event
          action += 1
        } else if comparison == .less || comparison == .lessOrEqual {
          if !goBack() { break search }
        } else {
          // A later event may be far enough.
          event += 1
          if event == events.count && !goBack() { break search }
        }
      }
      iterations += 1
      if iterations > Self.iterationsMax {
        throw QueryError(
          .value, "the pattern takes more than \(Self.iterationsMax) steps to match a group",
          hint: "fewer .* and times make it easier")
      }
    }
    // What may match nothing does so at the end.
    while action < actions.count, Self.matchesNothing(actions[action]) { action += 1 }
    place = event == first ? event + 1 : event
    return action == actions.count
  }

  private static func holds(
    _ comparison: SequencePattern.Comparison, _ distance: UInt64, _ wanted: UInt64
  ) -> Bool {
    switch comparison {
    case .less: distance < wanted
    case .lessOrEqual: distance <= wanted
    case .greater: distance > wanted
    case .greaterOrEqual: distance >= wanted
    case .equal: distance == wanted
    }
  }

  private static func matchesNothing(_ action: SequencePattern.Action) -> Bool {
    switch action {
    case .anyEvents, .distance(.less, _), .distance(.lessOrEqual, _),
      .distance(.greaterOrEqual, 0):
      true
    default: false
    }
  }
}

/// A pattern without times as a nondeterministic automaton whose states are bits (Shift-And, Baeza-Yates
/// and Gonnet 1992): state i is reached where the first i events of the pattern have matched.
struct SequenceAutomaton {
  /// The states that stay where they are, whatever the event (`.*`).
  private var staying: [UInt64]
  /// Behind each state, what its next event needs: a condition's bit, or 0 for any event.
  private var needs: [UInt32] = []
  private var active: [UInt64]

  init(_ pattern: SequencePattern) {
    staying = [0]
    active = [0]
    for action in pattern.actions {
      switch action {
      case .event(let bit): needs.append(bit)
      case .anyEvent: needs.append(0)
      case .anyEvents:
        while staying.count <= needs.count / 64 { staying.append(0) }
        staying[needs.count / 64] |= 1 << UInt64(needs.count % 64)
      case .distance: break
      }
    }
    while staying.count <= needs.count / 64 { staying.append(0) }
    active = staying
  }

  mutating func matches(_ events: Span<FunnelEvent>) -> Bool {
    let last = needs.count
    for word in active.indices { active[word] = 0 }
    active[0] = 1
    if last == 0 { return true }
    for index in events.indices {
      let mask = UInt32(bitPattern: events[index].step)
      var isAlive = false
      for word in active.indices.reversed() {
        var next = active[word] & staying[word]
        // States that go on reach the state behind them.
        var going = active[word]
        while going != 0 {
          let state = word * 64 + going.trailingZeroBitCount
          going &= going &- 1
          guard state < last, needs[state] == 0 || needs[state] & mask != 0 else { continue }
          let target = state + 1
          if target / 64 == word {
            next |= 1 << UInt64(target % 64)
          } else {
            active[word + 1] |= 1
          }
          isAlive = true
        }
        isAlive = isAlive || next != 0
        active[word] = next
      }
      if active[last / 64] >> UInt64(last % 64) & 1 == 1 { return true }
      if !isAlive { return false }
    }
    return false
  }
}
