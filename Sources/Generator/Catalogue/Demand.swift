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
    let appeals = draft.list.brandNames.map(Self.appeal)
    for (category, entry) in draft.list.entries.enumerated() {
      let range = assortment.firstProduct[category]..<assortment.firstProduct[category + 1]
      // Best sellers are bought as published, and share what the category is to sell with others:
      // the popular more than in proportion, the dear less.
      var published = 0.0
      var others = 0.0
      for product in range {
        if let seller = assortment.bestSellers[product] {
          purchases[product] = seller.purchases / Self.allPurchases
          published += purchases[product]
        } else {
          let brand = draft.brands[product]
          let appeal = brand < 0 ? 1.45 : appeals[brand]
          purchases[product] =
            appeal * pow(events[product], 1.28) * pow(draft.prices[product], -0.3)
          others += purchases[product]
        }
      }
      let target = entry.share * entry.buying
      let scale = max(0.1 * target, target - published) / max(others, 1e-9)
      for product in range {
        if assortment.bestSellers[product] == nil { purchases[product] *= scale }
        fewCarts[product] = purchases[product] * entry.logged
        allCarts[product] =
          0.55 * purchases[product] + 0.45 * events[product] / total * entry.buying.squareRoot()
          * pow(draft.prices[product] / 150, -0.3)
      }
    }
  }

  /// The weights by which sessions pick products to look at. Buying and carting sessions look at
  /// the products that they are about, and at others of the category; the rest of the events that
  /// a product and its category are to have is left to chance.
  func views(_ assortment: Assortment) -> [Double] {
    let total = assortment.events.reduce(0, +)
    let demanded = (0..<purchases.count).map { product in
      0.45 * purchases[product] + 0.2 * fewCarts[product] + 0.35 * allCarts[product]
    }
    let demandedTotal = demanded.reduce(0, +)
    var views = assortment.events
    for category in 0..<(assortment.firstProduct.count - 1) {
      let range = assortment.firstProduct[category]..<assortment.firstProduct[category + 1]
      let wanted = assortment.events[range].reduce(0, +) / total
      let caused = demanded[range].reduce(0, +) / demandedTotal
      let left = max(0.2 * wanted, (wanted - Self.causedByCategory * caused))
      var sum = 0.0
      for product in range {
        let direct = Self.causedByProduct * demanded[product] / demandedTotal
        let share = assortment.events[product] / total
        views[product] = max(0.2 * share, share - direct)
        sum += views[product]
      }
      for product in range { views[product] *= left / sum }
    }
    return views
  }

  /// Shares of all events that follow from what sessions are about.
  private static let causedByCategory = 0.21
  private static let causedByProduct = 0.09
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
