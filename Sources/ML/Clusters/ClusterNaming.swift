/// What clusters are called: names by what sets them apart, and descriptions by their levels.
///
/// Names come from ``rules``, in order: each names the largest of the clusters without a name whose
/// measure is far enough from the mean of all rows. Clusters that no rule names are called by their
/// levels, as in ``levels``; of two equal names the smaller cluster's gets a number.
public struct ClusterNaming: Sendable {
  /// What is known of a cluster; nil where the data do not tell.
  public struct Profile: Sendable {
    public var rowCount: Int
    /// Of those rows, the share that abandoned a cart, that bought, and that had been here before.
    public var abandonment: Double?
    public var purchase: Double?
    public var returning: Double?
    public var price: Double?
    public var duration: Double?
    /// Different products looked at.
    public var breadth: Double?

    public init(
      rowCount: Int, abandonment: Double? = nil, purchase: Double? = nil,
      returning: Double? = nil, price: Double? = nil, duration: Double? = nil,
      breadth: Double? = nil
    ) {
      self.rowCount = rowCount
      self.abandonment = abandonment
      self.purchase = purchase
      self.returning = returning
      self.price = price
      self.duration = duration
      self.breadth = breadth
    }
  }

  /// A name, and the clusters that deserve it.
  struct Rule: Sendable {
    let name: String
    let measure: @Sendable (Profile) -> Double?
    /// Where the measure must lie, in multiples of the mean of all rows: above it where this is
    /// more than 1, else below.
    let bound: Double
    /// A second condition, on the cluster and the mean of all rows.
    var holds: @Sendable (_ cluster: Profile, _ mean: Profile) -> Bool = { _, _ in true }
  }

  static let rules: [Rule] = [
    Rule(name: "High-Risk", measure: \.abandonment, bound: 1.5),
    Rule(name: "Buyers", measure: \.purchase, bound: 1.5),
    Rule(name: "Explorers", measure: \.breadth, bound: 3),
    Rule(name: "Premium Shoppers", measure: \.price, bound: 1.5),
    Rule(
      name: "Loyal Window Shoppers", measure: \.returning, bound: 1.02,
      holds: { ($0.purchase ?? 0) <= ($1.purchase ?? 0) }),
    Rule(name: "Quick Browsers", measure: \.duration, bound: 0.5),
    Rule(name: "Patient Researchers", measure: \.duration, bound: 1.5),
    Rule(name: "Bargain Hunters", measure: \.price, bound: 0.75),
    Rule(name: "First-Time Visitors", measure: \.returning, bound: 0.98),
    Rule(
      name: "Hasty Abandoners", measure: \.abandonment, bound: 1.05,
      holds: { ($0.duration ?? .infinity) < ($1.duration ?? 0) / 2 }),
    Rule(name: "Steady Browsers", measure: \.breadth, bound: 1.05),
    Rule(name: "Window Shoppers", measure: \.purchase, bound: 0.8),
  ]

  public let names: [String]
  /// By the terciles of the clusters: `High-Risk | Patient | Explorer | Premium`; not always unique.
  public let levels: [String]

  public init(_ profiles: [Profile]) {
    let levels = Self.levels(profiles)
    let mean = Self.mean(profiles)
    var names = [String?](repeating: nil, count: profiles.count)
    for rule in Self.rules {
      guard let usual = rule.measure(mean), usual > 0 else { continue }
      var largest: Int?
      for (place, profile) in profiles.enumerated() where names[place] == nil {
        guard let value = rule.measure(profile), rule.holds(profile, mean) else { continue }
        let isAbove = rule.bound > 1
        guard isAbove ? value > usual * rule.bound : value < usual * rule.bound else { continue }
        if largest.map({ profile.rowCount > profiles[$0].rowCount }) ?? true { largest = place }
      }
      if let largest { names[largest] = rule.name }
    }
    var taken = Set(names.compactMap { $0 })
    let largestFirst = profiles.indices.sorted {
      (profiles[$1].rowCount, $0) < (profiles[$0].rowCount, $1)
    }
    for place in largestFirst where names[place] == nil {
      let plain =
        levels[place].isEmpty
        ? "Cluster \(place)"
        : levels[place].split(separator: "|").map { $0.filter { $0 != " " } }
          .joined(separator: " ")
      var name = plain
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(plain) \(number)"
        number += 1
      }
      names[place] = name
    }
    self.names = names.map { $0 ?? "" }
    self.levels = levels
  }

  /// The mean of all rows.
  static func mean(_ profiles: [Profile]) -> Profile {
    let total = profiles.reduce(0) { $0 + $1.rowCount }
    func mean(_ measure: (Profile) -> Double?) -> Double? {
      var sum = 0.0
      for profile in profiles {
        guard let value = measure(profile) else { return nil }
        sum += value * Double(profile.rowCount)
      }
      return total > 0 ? sum / Double(total) : nil
    }
    return Profile(
      rowCount: total, abandonment: mean(\.abandonment), purchase: mean(\.purchase),
      returning: mean(\.returning), price: mean(\.price), duration: mean(\.duration),
      breadth: mean(\.breadth))
  }

  /// Each measure above the 66 % quantile of the clusters, above the 33 % quantile, or below.
  private static func levels(_ profiles: [Profile]) -> [String] {
    let scales: [(measure: (Profile) -> Double?, names: [String])] = [
      ({ $0.abandonment }, ["High-Risk", "Medium-Risk", "Low-Risk"]),
      ({ $0.duration }, ["Patient", "Balanced", "Quick"]),
      ({ $0.breadth }, ["Explorer", "Browser", "Shopper"]),
      ({ $0.price }, ["Premium", "Mid-Range", "Budget"]),
    ]
    var parts = [[String]](repeating: [], count: profiles.count)
    for scale in scales {
      let values = profiles.compactMap { scale.measure($0).map { ($0 * 100).rounded() / 100 } }
      guard values.count == profiles.count, !values.isEmpty else { continue }
      let (high, middle) = (quantile(0.66, of: values), quantile(0.33, of: values))
      for (place, value) in values.enumerated() {
        parts[place].append(scale.names[value > high ? 0 : value > middle ? 1 : 2])
      }
    }
    return parts.map { $0.joined(separator: " | ") }
  }

  /// Interpolated between the two nearest values.
  private static func quantile(_ share: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
