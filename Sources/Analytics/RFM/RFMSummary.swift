import ColStore

/// What the buyers of each segment have in common.
struct RFMSummary {
  private struct Sums {
    var users = 0
    var recency: Int64 = 0
    var purchases: Int64 = 0
    /// As ``Buyers/spend``.
    var spend: Int64 = 0
  }

  private let priceType: DataType
  private var sums: [RFMSegment: Sums] = [:]
  /// Of all segments.
  private var revenue: Int64 = 0

  init(priceType: DataType) { self.priceType = priceType }

  /// How many users are in each segment that has some.
  var sizes: [Int] { sums.values.map(\.users) }

  mutating func add(_ buyers: Buyers, _ row: Int, recency: Int64, to segment: RFMSegment) {
    var own = sums.removeValue(forKey: segment) ?? Sums()
    own.users += 1
    own.recency += recency
    own.purchases += buyers.purchases[row]
    own.spend = sum(own.spend, buyers.spend[row])
    revenue = sum(revenue, buyers.spend[row])
    sums[segment] = own
  }

  private func sum(_ left: Int64, _ right: Int64) -> Int64 {
    priceType == .double
      ? Int64(bitPattern: (money(left) + money(right)).bitPattern) : left &+ right
  }

  private func money(_ sum: Int64) -> Double { priceType.money(sum) }

  /// One row a segment that somebody is in, in the order of ``RFMSegment``.
  func columns() -> [Vector] {
    let segments = RFMSegment.allCases.filter { sums[$0] != nil }
    let groups = segments.compactMap { sums[$0] }
    let count = groups.count
    let users = groups.reduce(0) { $0 + $1.users }
    func mean(_ value: (Sums) -> Double) -> Vector {
      .build(.double, count: count) { value(groups[$0]) / Double(groups[$0].users) }
    }
    return [
      .labels(segments),
      .build(.bigint, count: count) { Int64(groups[$0].users) },
      .build(.bigint, count: count) { _ in Int64(users) },
      .build(.double, count: count) { Double(groups[$0].users) / Double(users) },
      mean { Double($0.recency) },
      mean { Double($0.purchases) },
      mean { money($0.spend) },
      .build(priceType.ofSums, count: count) { groups[$0].spend },
      .build(priceType.ofSums, count: count) { _ in revenue },
      .buildNullable(.double, count: count) { (row: Int) -> Double? in
        money(revenue) == 0 ? nil : money(groups[row].spend) / money(revenue)
      },
    ]
  }
}
