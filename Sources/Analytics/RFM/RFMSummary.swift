import ColStore

/// What the buyers of each segment have in common.
struct RFMSummary {
  private struct Sums {
    var users = 0
    var recency: Int64 = 0
    var purchases: Int64 = 0
    /// Of doubles the bit pattern.
    var spend: Int64 = 0
  }

  private let priceType: DataType
  /// By the number of the segment.
  private var sums = [Sums](repeating: Sums(), count: RFMSegment.allCases.count)
  /// Of all segments.
  private var revenue: Int64 = 0

  init(priceType: DataType) { self.priceType = priceType }

  /// How many users are in each segment that has some.
  var sizes: [Int] { sums.map(\.users).filter { $0 > 0 } }

  mutating func add(recency: Int64, frequency: Int64, monetary: Int64, to segment: RFMSegment) {
    let number = Int(segment.rawValue)
    sums[number].users += 1
    sums[number].recency += recency
    sums[number].purchases += frequency
    sums[number].spend = sum(sums[number].spend, monetary)
    revenue = sum(revenue, monetary)
  }

  private func sum(_ left: Int64, _ right: Int64) -> Int64 {
    priceType == .double
      ? Int64(bitPattern: (money(left) + money(right)).bitPattern) : left &+ right
  }

  private func money(_ sum: Int64) -> Double { priceType.money(sum) }

  /// One row a segment that somebody is in, in the order of ``RFMSegment``.
  func columns() -> [Vector] {
    let segments = RFMSegment.allCases.filter { sums[Int($0.rawValue)].users > 0 }
    let groups = segments.map { sums[Int($0.rawValue)] }
    let count = groups.count
    let users = groups.reduce(0) { $0 + $1.users }
    func mean(_ value: (Sums) -> Double) -> Vector {
      .build(.double, count: count) { value(groups[$0]) / Double(groups[$0].users) }
    }
    return [
      .labels(count: count) { segments[$0] },
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
