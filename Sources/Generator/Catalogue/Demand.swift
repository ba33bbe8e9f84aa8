import Glibc

/// How often products are bought, and left in carts.
struct Demand {
  private(set) var purchases: [Double]
  private(set) var fewCarts: [Double]
  private(set) var allCarts: [Double]

  init(_ draft: ProductDraft) {
    let assortment = draft.assortment
    let events = assortment.events
    purchases = Array(repeating: 0, count: events.count)
    fewCarts = purchases
    allCarts = purchases
    let total = events.reduce(0, +)
    for (category, entry) in draft.list.entries.enumerated() {
      let range = assortment.firstProduct[category]..<assortment.firstProduct[category + 1]
      let target = entry.share * entry.buying
      var sum = 0.0
      for product in range {
        let brand = draft.brands[product]
        let appeal = brand < 0 ? 0.6 : Self.appeal(of: draft.list.brandNames[brand])
        var weight = pow(events[product], 1.28) * appeal
        // Best sellers are bought as published.
        if let seller = assortment.bestSellers[product] {
          weight = seller.purchases / Self.allPurchases
          purchases[product] = weight * total
          sum += weight
          continue
        }
        purchases[product] = weight
      }
      var rest = 0.0
      for product in range where assortment.bestSellers[product] == nil {
        rest += purchases[product]
      }
      for product in range {
        if assortment.bestSellers[product] == nil {
          purchases[product] *= max(0.1 * target, target - sum) / max(rest, 1e-9)
        } else {
          purchases[product] /= total
        }
        fewCarts[product] = purchases[product] * entry.logged
        let share = events[product] / total
        allCarts[product] = 0.55 * purchases[product] + 0.45 * share * entry.buying.squareRoot()
      }
    }
  }

  private static let allPurchases = 1_659_788.0

  /// Purchases for an event of the brand, relative to its category.
  private static func appeal(of brand: [UInt8]) -> Double {
    switch brand {
    case Array("samsung".utf8): 1.25
    case Array("apple".utf8): 1.15
    case Array("xiaomi".utf8): 0.7
    case Array("huawei".utf8), Array("oppo".utf8): 0.62
    case Array("lucente".utf8): 1.5
    default: 0.95
    }
  }
}
