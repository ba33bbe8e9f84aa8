/// Finds how far the events of one unit go through a funnel.
///
/// The level is the largest k for which there is a chain of events of steps 1 … k, each behind the one
/// before it in the order of ``FunnelEvent/precedes(_:_:)``, that keeps to the rules. An exclusion ends
/// all chains that are under way: what was reached stays reached, and a new chain may begin.
///
/// One pass over the events, with one state a step: of all chains that have come to step k, the one
/// that started last is worth keeping, since every later step finds it within the window if any. A
/// chain of step k + 1 goes on from the chain of step k, so that starts descend from step to step.
/// Nothing is allocated after init. A matcher serves one thread.
package final class FunnelMatcher {
  package let rules: FunnelRules
  private let window: UInt64
  /// For steps 1 … : where the chain of that step started (ordered, strict), or the last event of that
  /// step (any).
  private let starts: UnsafeMutablePointer<Int64>
  /// The last event of that step's chain.
  private let ends: UnsafeMutablePointer<Int64>
  private let chain: UnsafeMutablePointer<FunnelEvent>

  package init(_ rules: FunnelRules) {
    self.rules = rules
    window = rules.window.map { UInt64($0) } ?? .max
    starts = .allocate(capacity: rules.stepCount + 1)
    starts.initialize(repeating: 0, count: rules.stepCount + 1)
    ends = .allocate(capacity: rules.stepCount + 1)
    ends.initialize(repeating: 0, count: rules.stepCount + 1)
    chain = .allocate(capacity: rules.stepCount + 1)
    chain.initialize(
      repeating: FunnelEvent(time: 0, step: 0), count: rules.stepCount + 1)
  }

  deinit {
    starts.deallocate()
    ends.deallocate()
    chain.deallocate()
  }

  /// The level that the events, sorted by ``FunnelEvent/precedes(_:_:)``, reach: 0 … stepCount.
  package func level(of events: Span<FunnelEvent>) -> Int { reach(events).level }

  /// As ``level(of:)``; ``step(_:)`` then tells the events of the chain that reached the level.
  package func match(_ events: Span<FunnelEvent>) -> Int {
    let (level, last) = reach(events)
    if level == 0 { return 0 }
    if rules.order == .any {
      findLatest(events, level: level, last: last)
    } else {
      findChain(events, level: level, last: last)
    }
    return level
  }

  /// The event of step 1 … level in the chain that ``match(_:)`` found: the one that reached the level
  /// first, with the latest possible events of the steps before.
  package func step(_ number: Int) -> FunnelEvent {
    precondition((1...rules.stepCount).contains(number), "a step of the funnel")
    return chain[number]
  }

  // MARK: Levels

  /// The level, and the index of the event that reached it.
  private func reach(_ events: Span<FunnelEvent>) -> (level: Int, last: Int) {
    switch rules.order {
    case .ordered where rules.options.isEmpty: reachInOrder(events)
    case .ordered, .strict: reachStrictly(events)
    case .any: reachInAnyOrder(events)
    }
  }

  private func reachInOrder(_ events: Span<FunnelEvent>) -> (level: Int, last: Int) {
    let (starts, window, stepCount) = (starts, window, rules.stepCount)
    // Chains of steps 1 … reached are under way.
    var reached = 0
    var level = 0
    var last = 0
    for index in events.indices {
      let event = events[index]
      let step = Int(event.step)
      if step == 1 {
        starts[1] = event.time
        if reached == 0 { reached = 1 }
      } else if step <= 0 {
        if event.step == FunnelEvent.exclusion { reached = 0 }
        continue
      } else if step <= reached + 1 && reached > 0 {
        let start = starts[step - 1]
        if UInt64(bitPattern: event.time &- start) > window { continue }
        starts[step] = start
        if step > reached { reached = step }
      }
      if reached > level {
        level = reached
        last = index
        if level == stepCount { break }
      }
    }
    return (level, last)
  }

  private func reachStrictly(_ events: Span<FunnelEvent>) -> (level: Int, last: Int) {
    let (starts, ends, window) = (starts, ends, window)
    let isStrict = rules.order == .strict
    let options = rules.options
    var reached = 0
    var level = 0
    var last = 0
    for index in events.indices {
      let event = events[index]
      let step = Int(event.step)
      if step <= 0 {
        if isStrict && reached > 0 { break }
        if event.step == FunnelEvent.exclusion { reached = 0 }
        continue
      }
      if step == 1 {
        starts[1] = event.time
        ends[1] = event.time
        if reached == 0 { reached = 1 }
      } else if step <= reached && options.contains(.deduplication) {
        break
      } else if reached == 0 {
        continue
      } else if step > reached + 1 {
        if isStrict && !options.contains(.reentry) { break }
        continue
      } else {
        let start = starts[step - 1]
        if UInt64(bitPattern: event.time &- start) > window { continue }
        if options.contains(.increase) && ends[step - 1] >= event.time { continue }
        starts[step] = start
        ends[step] = event.time
        if step > reached { reached = step }
      }
      if reached > level {
        level = reached
        last = index
        if level == rules.stepCount { break }
      }
    }
    return (level, last)
  }

  private func reachInAnyOrder(_ events: Span<FunnelEvent>) -> (level: Int, last: Int) {
    let (latest, window, stepCount) = (starts, window, rules.stepCount)
    var seen: UInt64 = 0
    var level = 0
    var last = 0
    for index in events.indices {
      let event = events[index]
      let step = Int(event.step)
      if step <= 0 {
        if event.step == FunnelEvent.exclusion { seen = 0 }
        continue
      }
      latest[step] = event.time
      seen |= 1 << UInt64(step)
      if seen >> UInt64(level + 1) & 1 == 0 { continue }
      var within = 0
      while within < stepCount, seen >> UInt64(within + 1) & 1 == 1,
        UInt64(bitPattern: event.time &- latest[within + 1]) <= window
      {
        within += 1
      }
      if within > level {
        level = within
        last = index
        if level == stepCount { break }
      }
    }
    return (level, last)
  }

  // MARK: Chains

  /// Walks back from the event that reached the level: of all chains that end there, the one that takes
  /// the latest event of each step is the latest in every step, so that it keeps to the window.
  private func findChain(_ events: Span<FunnelEvent>, level: Int, last: Int) {
    chain[level] = events[last]
    var missing = level - 1
    var index = last
    let increases = rules.options.contains(.increase)
    while missing > 0 && index > 0 {
      index -= 1
      let event = events[index]
      if Int(event.step) != missing { continue }
      if increases && event.time >= chain[missing + 1].time { continue }
      chain[missing] = event
      missing -= 1
    }
  }

  /// The latest event of each step up to the one that reached the level.
  private func findLatest(_ events: Span<FunnelEvent>, level: Int, last: Int) {
    var missing = (UInt64(2) << UInt64(level)) - 2
    var index = last + 1
    while missing != 0 && index > 0 {
      index -= 1
      let event = events[index]
      guard event.step > 0, missing >> UInt64(event.step) & 1 == 1 else { continue }
      chain[Int(event.step)] = event
      missing &= ~(1 << UInt64(event.step))
    }
  }
}
