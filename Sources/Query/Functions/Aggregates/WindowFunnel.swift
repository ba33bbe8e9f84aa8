import ColStore

/// windowFunnel(window[, 'mode', …])(time, c1, c2, …): how many of the steps a group's events go
/// through in one chain within the window. The modes and answers of ClickHouse.
enum WindowFunnel {
  private static let signature = "windowFunnel(window[, 'mode', …])(time, condition, …)"
  private static let modes = [
    "strict_order", "strict_deduplication", "strict_increase", "strict_once", "allow_reentry",
  ]

  static let function = AggregateFunction(parametric: "windowFunnel", signature: signature) {
    parameters, types throws(QueryError) in
    let arguments = try SequenceArguments.types(
      types, of: "windowFunnel", conditionsMin: 1, signature: signature)
    guard let window = parameters.first else {
      throw QueryError(.syntax, "windowFunnel needs a window", hint: "it is \(signature)")
    }
    let units = try TimeSpan.units(
      of: window.value, window.type, time: arguments[0], what: "the window of windowFunnel",
      at: window.position)
    let chosen = try chosenModes(parameters.dropFirst())
    var options: FunnelRules.Options = []
    if chosen.contains("strict_deduplication") { options.insert(.deduplication) }
    if chosen.contains("strict_increase") { options.insert(.increase) }
    if chosen.contains("allow_reentry") { options.insert(.reentry) }
    let rules = FunnelRules(
      stepCount: arguments.count - 1, window: units,
      order: chosen.contains("strict_order") ? .strict : .ordered, options: options)
    let isOnce = chosen.contains("strict_once")
    let shown = (["\(units)"] + modes.filter { chosen.contains($0) }.map { "'\($0)'" })
      .joined(separator: ", ")
    return AggregateOverload(
      name: "windowFunnel(\(shown))", arguments, .integer,
      // Of rows at one time that are taken once, the first in the store goes first.
      isOrderSensitive: isOnce && options.contains(.deduplication)
    ) { WindowFunnelAccumulator(rules, isOnce: isOnce) }
  }

  private static func chosenModes(
    _ parameters: ArraySlice<AggregateParameter>
  ) throws(QueryError) -> Set<String> {
    var chosen: Set<String> = []
    for parameter in parameters {
      guard case .string(let mode) = parameter.value, modes.contains(mode) else {
        var hint = "the modes are \(modes.joined(separator: ", "))"
        var shown = "a \(parameter.type)"
        if case .string(let mode) = parameter.value {
          shown = "'\(mode)'"
          if mode == "strict" { hint = "it is called strict_deduplication" }
        }
        throw QueryError(
          .value, "windowFunnel has no mode \(shown)", at: parameter.position, hint: hint)
      }
      chosen.insert(mode)
    }
    if chosen.contains("allow_reentry"), !chosen.contains("strict_order") {
      throw QueryError(
        .value, "allow_reentry is a mode beside strict_order", at: parameters.first?.position)
    }
    return chosen
  }
}

private final class WindowFunnelAccumulator: Accumulator {
  private let rules: FunnelRules
  private let isOnce: Bool
  private let log = EventLog()
  private var masks = ConditionMasks()

  init(_ rules: FunnelRules, isOnce: Bool) {
    self.rules = rules
    self.isOnce = isOnce
  }

  func resize(to count: Int) {}

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let masks = masks.read(arguments.dropFirst(), time: arguments[0], count: count)
    let times = Rows<Int64>(arguments[0])
    if arguments[0].layout == .flat {
      let values = times.values
      append(masks, groups, count: count) { values[$0] }
    } else {
      append(masks, groups, count: count) { times[$0] }
    }
    withExtendedLifetime(arguments) {}
  }

  @inline(__always)
  private func append(
    _ masks: UnsafePointer<UInt64>, _ groups: UnsafePointer<UInt32>, count: Int,
    time: (Int) -> Int64
  ) {
    // Events of no step count in strict order only.
    let least: UInt64 = rules.order == .strict ? 0 : 1
    let isOnce = isOnce
    var place = log.room(count)
    var added = 0
    var row = 0
    while row < count {
      let mask = masks[row]
      var event = FunnelEvent(time: time(row), step: FunnelEvent.noStep, row: groups[row])
      if isOnce {
        event.step = Int32(truncatingIfNeeded: mask)
      } else if mask & (mask &- 1) == 0 {
        event.step = Int32(truncatingIfNeeded: 64 - mask.leadingZeroBitCount)
      } else if mask < ConditionMasks.unknown {
        log.added(added)
        added = 0
        place = append(event, ofSteps: mask, rowsLeft: count - row)
        row += 1
        continue
      }
      place[added] = event
      added += mask >= least && mask < ConditionMasks.unknown ? 1 : 0
      row += 1
    }
    log.added(added)
  }

  /// Adds a row of several steps, and returns where the `rowsLeft` next ones go.
  private func append(
    _ event: FunnelEvent, ofSteps mask: UInt64, rowsLeft: Int
  ) -> UnsafeMutablePointer<FunnelEvent> {
    let place = log.room(mask.nonzeroBitCount)
    var rest = mask
    var added = 0
    while rest != 0 {
      place[added] = event
      place[added].step = Int32(truncatingIfNeeded: rest.trailingZeroBitCount + 1)
      added += 1
      rest &= rest &- 1
    }
    log.added(added)
    return log.room(rowsLeft)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? WindowFunnelAccumulator else { return }
    log.absorb(other.log, mapping: mapping)
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    let output = FlatBuilder<Int64>(count: count)
    output.values.update(repeating: 0, count: count)
    if isOnce {
      let matcher = OnceFunnelMatcher(rules)
      try log.forEachGroup(groupCount: count) { group, events, _ in
        FunnelEvent.sortByTime(events)
        output[group] = Int64(matcher.level(of: UnsafeBufferPointer(events)))
      }
    } else {
      let matcher = FunnelMatcher(rules)
      try log.forEachGroup(groupCount: count) { group, events, steps in
        if steps <= 1 {
          // Nothing but first steps, as most sessions have: no order matters.
          output[group] = Int64(steps)
          return
        }
        FunnelEvent.sort(events)
        output[group] = Int64(matcher.level(of: events.span))
      }
    }
    return output.finish(.integer)
  }
}
