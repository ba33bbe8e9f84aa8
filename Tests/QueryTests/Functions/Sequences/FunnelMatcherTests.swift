import Testing

@testable import Query

/// The matcher against definitions that try all chains.
struct FunnelMatcherTests {
  @Test func levelsAndChainsAreThoseOfAllChainsTried() {
    var random = SeededNumbers(seed: 5)
    var levels = [Int](repeating: 0, count: 5)
    let orders: [FunnelRules.Order] = [.ordered, .strict, .any]
    let options: [FunnelRules.Options] = [
      [], .deduplication, .reentry, [.deduplication, .reentry],
    ]
    for trial in 0..<20_000 {
      let order = orders[trial % 3]
      let rules = FunnelRules(
        stepCount: 1 + Int(random.next() % 4),
        window: random.next() % 4 == 0 ? nil : Int64(random.next() % 12), order: order,
        options: order == .any ? [] : options[Int(random.next() % 4)])
      let events = Self.events(rules, excludes: trial % 2 == 0, &random)
      let matcher = FunnelMatcher(rules)
      let found = matcher.match(events.span)
      let expected = NaiveFunnel.match(events, rules)
      let chain = found == 0 ? [] : (1...found).map { matcher.step($0) }
      #expect(found == expected.count, "\(rules) \(events)")
      #expect(matcher.level(of: events.span) == found)
      #expect(chain.map(\.row) == expected.map(\.row), "\(rules) \(events)")
      levels[found] += 1
    }
    for level in levels { #expect(level > 200) }
  }

  /// Events in order, with many ties in time; rows may be of several steps.
  private static func events(
    _ rules: FunnelRules, excludes: Bool, _ random: inout SeededNumbers
  ) -> [FunnelEvent] {
    var events: [FunnelEvent] = []
    for row in 0..<UInt32(random.next() % 10) {
      let time = Int64(random.next() % 16) - 8
      if excludes && random.next() % 8 == 0 {
        events.append(FunnelEvent(time: time, step: FunnelEvent.exclusion, row: row))
      }
      let mask = random.next() % 4 == 0 ? random.next() : 1 << (random.next() % 5)
      let steps = (1...rules.stepCount).filter { mask >> ($0 - 1) & 1 == 1 }
      for step in steps { events.append(FunnelEvent(time: time, step: Int32(step), row: row)) }
      if steps.isEmpty && rules.order == .strict {
        events.append(FunnelEvent(time: time, step: FunnelEvent.noStep, row: row))
      }
    }
    events.withUnsafeMutableBufferPointer { FunnelEvent.sort($0) }
    return events
  }

  @Test func aStepMayHaveToComeLater() {
    let events = Self.steps([(0, 1), (5, 2), (5, 3), (7, 3)])
    #expect(Self.level(events, FunnelRules(stepCount: 3, window: nil, options: .increase)) == 3)
    #expect(Self.level(Self.steps([(5, 1), (5, 2)]), FunnelRules(stepCount: 2, window: 9)) == 2)
    let rules = FunnelRules(stepCount: 2, window: 9, options: .increase)
    #expect(Self.level(Self.steps([(5, 1), (5, 2)]), rules) == 1)
  }

  @Test func timesMayBeExtreme() {
    let events = Self.steps([(.min, 1), (.max, 2)])
    #expect(Self.level(events, FunnelRules(stepCount: 2, window: .max)) == 1)
    #expect(Self.level(events, FunnelRules(stepCount: 2, window: nil)) == 2)
    #expect(Self.level(events, FunnelRules(stepCount: 2, window: nil, order: .any)) == 2)
  }

  @Test func allThirtyTwoStepsAreCounted() {
    let steps = (1...32).map { (Int64($0), Int32($0)) }
    for order in [FunnelRules.Order.ordered, .strict, .any] {
      let rules = FunnelRules(stepCount: 32, window: 31, order: order)
      #expect(Self.level(Self.steps(steps), rules) == 32)
      #expect(Self.level(Self.steps(steps.dropLast()), rules) == 31)
    }
  }

  @Test func eventsAreSortedHoweverTheyCome() {
    var random = SeededNumbers(seed: 3)
    for count in [0, 1, 2, 17, 100, 3000] {
      for distinct in [1, 3, 1000] as [UInt64] {
        var events = (0..<count).map {
          FunnelEvent(
            time: Int64(random.next() % distinct), step: Int32(random.next() % 4) - 1,
            row: UInt32($0))
        }
        let expected = events.sorted(by: FunnelEvent.precedes)
        events.withUnsafeMutableBufferPointer { FunnelEvent.sort($0) }
        #expect(events.map(\.row) == expected.map(\.row))
      }
    }
  }

  private static func steps(_ steps: [(Int64, Int32)]) -> [FunnelEvent] {
    steps.map { FunnelEvent(time: $0.0, step: $0.1) }
  }

  private static func level(_ events: [FunnelEvent], _ rules: FunnelRules) -> Int {
    FunnelMatcher(rules).level(of: events.span)
  }
}

/// What a funnel's rules say, by trying every chain.
enum NaiveFunnel {
  static func match(_ events: [FunnelEvent], _ rules: FunnelRules) -> [FunnelEvent] {
    if rules.order == .any { return matchAny(events, rules) }
    return bestChain(events[..<cut(events, rules)], rules)
  }

  /// Where strict order or deduplication ends it all.
  private static func cut(_ events: [FunnelEvent], _ rules: FunnelRules) -> Int {
    let isStrict = rules.order == .strict
    for (index, event) in events.enumerated() {
      // An exclusion ends chains, and so what is under way begins behind it.
      let from = events[..<index].lastIndex { $0.step == FunnelEvent.exclusion } ?? 0
      let reached = bestChain(events[from..<index], rules).count
      if bestChain(events[..<index], rules).count == rules.stepCount { return index }
      if isStrict, reached > 0 {
        if event.step <= 0 { return index }
        if event.step > reached + 1 && !rules.options.contains(.reentry) { return index }
      }
      if rules.options.contains(.deduplication), event.step > 1, event.step <= reached {
        return index
      }
    }
    return events.count
  }

  /// Of the longest chains the one that ends first, with the latest events before its end.
  private static func bestChain(
    _ events: ArraySlice<FunnelEvent>, _ rules: FunnelRules
  ) -> [FunnelEvent] {
    var best: [Int] = []
    func extend(_ chain: [Int]) {
      if isBetter(chain, than: best) { best = chain }
      if chain.count == rules.stepCount { return }
      let from = chain.last.map { $0 + 1 } ?? events.startIndex
      for index in from..<max(from, events.endIndex) {
        if !chain.isEmpty && events[index].step == FunnelEvent.exclusion { break }
        guard Int(events[index].step) == chain.count + 1 else { continue }
        if let first = chain.first, let window = rules.window,
          events[index].time - events[first].time > window
        {
          continue
        }
        extend(chain + [index])
      }
    }
    extend([])
    return best.map { events[$0] }
  }

  private static func isBetter(_ chain: [Int], than best: [Int]) -> Bool {
    if chain.count != best.count { return chain.count > best.count }
    guard let end = chain.last, let bestEnd = best.last else { return false }
    if end != bestEnd { return end < bestEnd }
    return best.reversed().lexicographicallyPrecedes(chain.reversed())
  }

  private static func matchAny(_ events: [FunnelEvent], _ rules: FunnelRules) -> [FunnelEvent] {
    for level in (1...rules.stepCount).reversed() {
      for last in events.indices {
        var from = last
        while from > 0, events[from].step != FunnelEvent.exclusion,
          events[last].time - events[from - 1].time <= rules.window ?? .max,
          events[from - 1].step != FunnelEvent.exclusion
        {
          from -= 1
        }
        let chain = (1...level).compactMap { step in
          events[from...last].last { Int($0.step) == step }
        }
        if chain.count == level { return chain }
      }
    }
    return []
  }
}
