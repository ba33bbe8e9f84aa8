/// Turns plans into events: walks from product to product and from view to cart to purchase, with
/// the published chances and gaps.
///
/// One writer serves one slice of the clock. Events within the slice go to `own`, later ones to
/// `later`; the slice is full when `quota` events of its month have been made.
struct SessionWriter: ~Copyable {
  let catalogue: Catalogue
  let shape: SessionShape
  let outcomes: SessionOutcomes
  var own: EventBuffer
  var later: EventBuffer
  /// Events of the slice's month that are still to be made.
  private(set) var missing = 0
  private var sliceEnd = 0
  private var monthEnd = 0

  private var time = 0
  private var user: UInt32 = 0
  private var sessionHigh: UInt64 = 0
  private var sessionLow: UInt64 = 0
  private var product = 0
  private var eventsMade = 0
  /// Stretches the gaps between events.
  private var pace = 1.0
  /// The last products looked at, in a ring.
  private var recent = InlineArray<16, UInt32>(repeating: 0)
  private var recentCount = 0

  init(catalogue: Catalogue, shape: SessionShape, outcomes: SessionOutcomes, capacity: Int) {
    self.catalogue = catalogue
    self.shape = shape
    self.outcomes = outcomes
    own = EventBuffer(capacity: capacity)
    later = EventBuffer(capacity: capacity / 4)
  }

  mutating func begin(_ slice: Slice, quota: Int) {
    own.removeAll()
    later.removeAll()
    missing = quota
    sliceEnd = slice.end
    monthEnd = slice.monthEnd
  }

  /// Writes one session; returns the time and the product of its last event.
  mutating func write(
    _ plan: SessionPlan, _ random: inout RandomStream
  ) -> (time: Int, product: Int) {
    time = plan.start
    user = plan.user
    product = plan.target
    // Whoever leaves soon has looked longer.
    pace = plan.eventCount <= 3 ? 1.4 / 34 : 1.0 / 34
    eventsMade = 0
    recentCount = 0
    drawSession(&random)
    switch plan.outcome {
    case .looking:
      if random.next() & 0x3F_FFFF < 9 {
        crawl(&random)
      } else {
        look(plan.eventCount, &random)
      }
    case .carting: cart(plan, &random)
    case .buying: buy(plan, &random)
    }
    return (time, product)
  }

  // MARK: Kinds of session

  private mutating func look(_ count: Int, _ random: inout RandomStream) {
    for _ in 0..<count { lookOn(&random) }
  }

  /// A crawler fetches product after product, seconds apart, and never buys.
  private mutating func crawl(_ random: inout RandomStream) {
    let count = 100 + Int(1_100 * random.unit() * random.unit())
    for _ in 0..<count {
      if eventsMade > 0 { product = catalogue.byEvents.draw(&random) }
      act(.view, after: 2 + 4 * random.unit(), &random)
    }
  }

  private mutating func cart(_ plan: SessionPlan, _ random: inout RandomStream) {
    let carts = cartCount(&random, again: 0.39)
    let rest = max(0, plan.eventCount - carts - 1)
    let before = Int(Double(rest + 1) * random.unit())
    lookAround(before, &random)
    product = plan.target
    // Some carts are filled from a list, with no view of the product before.
    if !random.chance(0.012) || before > 0 { view(&random) }
    fillCart(carts, &random)
    var left = rest - before
    if left > 0 && random.chance(0.97) {
      view(&random)
      left -= 1
    }
    while left > 0 {
      lookOn(&random)
      left -= 1
      if left > 2 && random.chance(0.03) {
        fillCart(cartCount(&random, again: 0.30), &random)
        left -= 1
      }
    }
  }

  private mutating func buy(_ plan: SessionPlan, _ random: inout RandomStream) {
    let carts = plan.recordsCarts ? cartCount(&random, again: 0.33) : 0
    let rest = max(0, plan.eventCount - carts - 2)
    let after = random.chance(0.36) ? 0 : Int(Double(rest + 1) * random.unit())
    let before = rest - after
    lookAround(before, &random)
    product = plan.target
    if !random.chance(0.008) { view(&random) }
    if carts > 0 {
      fillCart(carts, &random)
      // Half the buyers look at the product again before they pay.
      if before > 1 && random.chance(0.3) { view(&random, after: 25) }
    }
    purchase(hadCart: carts > 0, &random)
    if random.chance(0.052) {
      repeat { purchase(hadCart: true, &random) } while random.chance(0.35)
    }
    if random.chance(0.085) {
      // A second product in the same order.
      product = catalogue.byPurchases.draw(&random)
      view(&random)
      if plan.recordsCarts { fillCart(cartCount(&random, again: 0.25), &random) }
      purchase(hadCart: plan.recordsCarts, &random)
    }
    guard after > 0 else { return }
    if random.chance(0.92) { view(&random) } else { lookOn(&random) }
    for _ in 1..<max(1, after) { lookOn(&random) }
  }

  /// Views before a cart or purchase: they begin with the wanted product, or one like it.
  private mutating func lookAround(_ count: Int, _ random: inout RandomStream) {
    guard count > 0 else { return }
    if random.chance(0.45) { product = likeProduct(&random) }
    for _ in 0..<count { lookOn(&random) }
  }

  // MARK: Steps

  /// One more view: of the same product, of one seen before, of one like it, or of any other.
  private mutating func lookOn(_ random: inout RandomStream) {
    if eventsMade > 0 {
      let step = random.unit()
      let fresh = eventsMade == 1 ? 0.50 : 0.595
      if step < fresh {
        let strays = random.unit() < (eventsMade == 1 ? 0.26 : 0.13)
        product = strays ? freshProduct(at: time, &random) : likeProduct(&random)
      } else if step > 0.89 && recentCount > 1 {
        product = Int(recent[random.below(min(16, recentCount))])
      }
    }
    view(&random)
  }

  /// A product that is on sale at `moment`, by popularity.
  private func freshProduct(at moment: Int, _ random: inout RandomStream) -> Int {
    var drawn = catalogue.byEvents.draw(&random)
    for _ in 0..<4 where !isOnSale(drawn, at: moment) { drawn = catalogue.byEvents.draw(&random) }
    return drawn
  }

  /// A product of the same category.
  private func likeProduct(_ random: inout RandomStream) -> Int {
    let category = Int(catalogue.products[product].category)
    let table = catalogue.firstProduct[category]
    var drawn = table + catalogue.inCategory[category].draw(&random)
    for _ in 0..<4 where !isOnSale(drawn, at: time) {
      drawn = table + catalogue.inCategory[category].draw(&random)
    }
    return drawn
  }

  func isOnSale(_ product: Int, at moment: Int) -> Bool {
    let item = catalogue.products[product]
    return Int(item.launch) <= moment && moment < Int(item.retirement)
  }

  private mutating func view(_ random: inout RandomStream, after median: Double = 34) {
    act(.view, after: gap(median, &random), &random)
    recent[recentCount & 15] = UInt32(truncatingIfNeeded: product)
    recentCount += 1
  }

  private mutating func fillCart(_ count: Int, _ random: inout RandomStream) {
    for place in 0..<count {
      let isAgain = place > 0
      if isAgain && random.chance(0.45) { view(&random, after: 25) }
      let median = isAgain ? 6.0 : 20
      act(.cart, after: gap(median, &random), &random)
      guard random.next() & 1_023 < Self.repeatedCarts else { continue }
      // A nervous button: the same row again, at times many times.
      repeat { act(.cart, after: 0, &random) } while random.chance(0.36)
    }
  }

  private func cartCount(_ random: inout RandomStream, again: Double) -> Int {
    // Carts were pressed less often before all of them were recorded.
    let chance = time < Calendar.november(8) ? again - 0.08 : again
    var count = 1
    while count < 12 && random.chance(chance) { count += 1 }
    return count
  }

  private mutating func purchase(hadCart: Bool, _ random: inout RandomStream) {
    act(.purchase, after: gap(hadCart ? 65 : 95, &random), &random)
  }

  /// Seconds to the next event. Beyond a quarter of an hour the way it is reached matters no more.
  private func gap(_ median: Double, _ random: inout RandomStream) -> Double {
    guard eventsMade > 0 else { return 0 }
    let drawn = shape.gaps.draw(&random)
    return drawn < 795 ? drawn * median * pace : drawn
  }

  // MARK: Rows

  private mutating func drawSession(_ random: inout RandomStream) {
    sessionHigh = random.next()
    sessionLow = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    // About one in a hundred has a version other than 4.
    if sessionLow % 86 != 0 { sessionHigh = sessionHigh & ~0xF000 | 0x4000 }
  }

  private mutating func act(
    _ action: Event.Action, after gap: Double, _ random: inout RandomStream
  ) {
    time += Int(gap)
    eventsMade += 1
    guard missing > 0, time < Calendar.novemberEnd else { return }
    let word = random.next()
    let item = catalogue.products[product]
    let cents = item.cents(at: time, word)
    var shown = action
    // Nothing is ever sold for nothing; and a day's purchases were lost.
    if cents == 0 && (action == .purchase || word & 0xF0 != 0) { shown = .view }
    if action == .purchase && outcomes.losesPurchases(at: time) { shown = .view }
    let usesOther =
      item.otherTextBytes > 0 && (UInt64(item.seed) ^ word >> 60) & 7 < 3
    var event = Event(
      sessionHigh: sessionHigh, sessionLow: sessionLow, time: Int32(truncatingIfNeeded: time),
      product: UInt32(truncatingIfNeeded: product), cents: cents, user: user, action: shown,
      usesOtherText: usesOther)
    let rare = word >> 8 & 0xFFFF_FFFF
    if action == .cart && rare < Self.lostSessions {
      event.sessionHigh = 0
      event.sessionLow = 0
    } else if rare < Self.handedOver {
      // Two users with neighbouring identifiers appear in one session.
      event.user &-= 2
    }
    add(event)
    if rare > 0xFFFF_FFFF - Self.repeatedViews { add(event) }
  }

  private mutating func add(_ event: Event) {
    guard missing > 0 else { return }
    if Int(event.time) < sliceEnd { own.append(event) } else { later.append(event) }
    if Int(event.time) < monthEnd { missing -= 1 }
  }

  /// Out of 1,024 carts, those that are followed by copies of themselves.
  private static let repeatedCarts: UInt64 = 19
  /// Out of 2^32 events.
  private static let lostSessions: UInt64 = 15_000
  private static let handedOver: UInt64 = 44_000
  private static let repeatedViews: UInt64 = 140_000
}
