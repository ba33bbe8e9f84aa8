/// How long sessions are and how far apart their events: the published quantiles.
struct SessionShape: Sendable {
  /// Events of a session that looks only, that leaves a cart, and that buys.
  let lookingEvents = TabulatedDistribution(
    QuantileFunction([
      (0, 1), (0.415, 2), (0.578, 3), (0.685, 4), (0.757, 5), (0.81, 6), (0.85, 7), (0.905, 9.5),
      (0.953, 14.2), (0.972, 18.5), (0.992, 33), (0.9995, 95), (0.99998, 300), (1, 700),
    ]))
  let cartingEvents = TabulatedDistribution(
    QuantileFunction([
      (0, 2), (0.16, 3), (0.32, 4), (0.45, 5), (0.62, 7), (0.80, 11), (0.91, 18), (0.965, 29),
      (0.996, 60), (1, 200),
    ]))
  let buyingEvents = TabulatedDistribution(
    QuantileFunction([
      (0, 2), (0.10, 3), (0.24, 4), (0.36, 5), (0.54, 7), (0.74, 11), (0.88, 18), (0.955, 29),
      (0.994, 60), (1, 200),
    ]))
  /// Seconds between two views.
  let gaps = TabulatedDistribution(
    QuantileFunction([
      (0, 1), (0.01, 4), (0.05, 8), (0.1, 11), (0.25, 19), (0.5, 34), (0.75, 68), (0.9, 141),
      (0.95, 229), (0.99, 795), (0.9945, 1_500), (0.9953, 1_800), (0.99903, 6_522),
      (0.99951, 86_400), (1, 1_000_000),
    ]))
  /// Seconds from a session's end to the next of the same visit.
  let breaks = TabulatedDistribution(
    QuantileFunction([(0, 20), (0.3, 150), (0.6, 500), (0.9, 1_500), (1, 1_790)]))
}
