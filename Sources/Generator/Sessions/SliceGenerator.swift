/// Makes the sessions that begin in a slice. A slice depends on the seed, its own number and its
/// quota alone, so slices can be made in any order, on any thread.
struct SliceGenerator: ~Copyable {
  private let curve: TrafficCurve
  private let population: Population
  private let seed: UInt64
  private(set) var writer: SessionWriter

  init(shop: Shop, seed: UInt64) {
    curve = shop.curve
    population = shop.population
    self.seed = seed
    writer = SessionWriter(
      catalogue: shop.catalogue, shape: shop.shape, outcomes: shop.outcomes,
      capacity: SlicePlan.rowsInSlice + 1_024)
  }

  mutating func generate(_ slice: Slice, quota: Int) {
    var random = RandomStream(seed: seed, index: UInt64(slice.index))
    writer.begin(slice, quota: quota)
    let firstClock = curve.sessionShare(before: slice.start)
    let lastClock = curve.sessionShare(before: slice.end)
    var singles = [0, 0]
    while writer.missing > 0 {
      let clock = firstClock + random.unit() * (lastClock - firstClock)
      var start = min(slice.end - 1, max(slice.start, curve.time(atSessionShare: clock)))
      let user = population.draw(
        at: clock, sliceClock: firstClock, singles: &singles, &random)
      var last: Int?
      // A visit is one session, or several of the same user in close succession.
      repeat {
        let plan = plan(start, user, startingWith: last, &random)
        let end = writer.write(plan, &random)
        start = end.time + Int(writer.shape.breaks.draw(&random))
        last = end.product
      } while start < Calendar.novemberEnd && writer.missing > 0
        && random.chance(Self.returnChance)
    }
  }

  private func plan(
    _ start: Int, _ user: Population.User, startingWith last: Int?,
    _ random: inout RandomStream
  ) -> SessionPlan {
    let outcomes = writer.outcomes
    let recordsAll = outcomes.recordsEveryCart(at: start, &random)
    let buying = min(0.97, outcomes.buyingChance(at: start) * user.inclination)
    let carting =
      min(0.9, outcomes.cartingChance(at: start) * (0.65 + 0.35 * user.inclination))
    let drawn = random.unit()
    let outcome: SessionPlan.Outcome =
      drawn < buying ? .buying : drawn < buying + (1 - buying) * carting ? .carting : .looking
    var recordsCarts = true
    let target: Int
    let events: Double
    switch outcome {
    case .looking:
      target =
        last != nil && random.chance(0.5)
        ? last ?? 0 : draw(writer.catalogue.byEvents, at: start, &random)
      events = writer.shape.lookingEvents.draw(&random)
    case .carting:
      let table = recordsAll ? writer.catalogue.byAllCarts : writer.catalogue.byFewCarts
      target = draw(table, at: start, &random)
      events = writer.shape.cartingEvents.draw(&random)
    case .buying:
      target = draw(writer.catalogue.byPurchases, at: start, &random)
      let product = writer.catalogue.products[target]
      let category = writer.catalogue.categories[Int(product.category)]
      recordsCarts = random.chance(
        outcomes.recordedShare(at: start, everyCart: recordsAll, category: category.logged))
      events = writer.shape.buyingEvents.draw(&random)
    }
    // On busy days it is the sessions without a cart that grow most.
    let stretch = outcomes.stretch(at: start)
    let stretched =
      (Double(Int(events)) - 1) * (outcome == .looking ? stretch : 1 + (stretch - 1) * 0.4)
    return SessionPlan(
      start: start, user: user.identifier, outcome: outcome,
      eventCount: 1 + Int(stretched + random.unit()), recordsCarts: recordsCarts, target: target)
  }

  private func draw(
    _ table: AliasTable, at time: Int, _ random: inout RandomStream
  ) -> Int {
    var drawn = table.draw(&random)
    for _ in 0..<4 where !writer.isOnSale(drawn, at: time) { drawn = table.draw(&random) }
    return drawn
  }

  /// The chance that another session of the same user follows within half an hour.
  private static let returnChance = 0.20
}
