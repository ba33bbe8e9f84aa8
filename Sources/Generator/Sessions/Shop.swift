/// All that is fixed before the first session: the goods, the visitors and their habits.
struct Shop: Sendable {
  let catalogue = Catalogue()
  let curve = TrafficCurve()
  let outcomes = SessionOutcomes()
  let shape = SessionShape()
  let population: Population

  init(rows: Int, seed: UInt64) { population = Population(rows: rows, seed: seed) }
}
