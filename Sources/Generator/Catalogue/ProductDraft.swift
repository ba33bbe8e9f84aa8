import Glibc

/// Products while the catalogue is made: brand and price for each.
struct ProductDraft {
  let assortment: Assortment
  let list: CategoryList
  /// Brand index, or -1.
  private(set) var brands: [Int]
  /// Usual price in the currency's units.
  private(set) var prices: [Double]

  init(_ assortment: Assortment, _ list: CategoryList) {
    self.assortment = assortment
    self.list = list
    brands = Array(repeating: -2, count: assortment.events.count)
    prices = Array(repeating: 0, count: assortment.events.count)
  }

  /// Deals brands within each category so that events carry the weights of the entry: the rare
  /// brands first pick products that they can afford, then each product in falling popularity
  /// draws among what the others have left.
  mutating func fillBrands(_ random: inout RandomStream) {
    var indices: [[UInt8]: Int] = [:]
    for (index, name) in list.brandNames.enumerated() { indices[name] = index }
    for category in list.entries.indices {
      let range = assortment.firstProduct[category]..<assortment.firstProduct[category + 1]
      let total = assortment.events[range].reduce(0, +)
      let entry = list.entries[category]
      let tail = list.tailBrands[category]
      let tailShare = min(entry.logged > 0.7 ? 0.004 : 0.14, 0.012 * Double(tail.count))
      var budgets = entry.brands.map { $0.weight * (1 - tailShare) * total }
      if entry.brands.isEmpty { budgets = [] }
      for product in range {
        guard let seller = assortment.bestSellers[product] else { continue }
        let name = Array(
          UnsafeBufferPointer(start: seller.brand.utf8Start, count: seller.brand.utf8CodeUnitCount))
        brands[product] = indices[name] ?? -1
        if let place = entry.brands.firstIndex(where: { $0.index == brands[product] }) {
          budgets[place] -= assortment.events[product]
        }
      }
      pickTailProducts(tail, in: range, budget: tailShare * total, &random)
      let order = range.filter { brands[$0] == -2 }
        .sorted { assortment.events[$0] > assortment.events[$1] }
      for (place, product) in order.enumerated() {
        let isHead = place * 2 < order.count
        brands[product] = drawBrand(
          entry, &budgets, spending: assortment.events[product], isHead: isHead, &random)
      }
    }
  }

  private mutating func pickTailProducts(
    _ tail: [Int], in range: Range<Int>, budget: Double, _ random: inout RandomStream
  ) {
    let weights = tail.indices.map { 1 / (Double($0) + 4) }
    let sum = weights.reduce(0, +)
    for (place, brand) in tail.enumerated() {
      var left = budget * weights[place] / sum
      var taken = 0
      for attempt in 0..<60 where left > 0 && taken < 40 {
        let product = range.lowerBound + random.below(range.count)
        let events = assortment.events[product]
        guard brands[product] == -2, events <= left * 1.2 || (attempt > 50 && taken == 0) else {
          continue
        }
        brands[product] = brand
        left -= events
        taken += 1
      }
    }
  }

  private func drawBrand(
    _ entry: CategoryEntry, _ budgets: inout [Double], spending events: Double, isHead: Bool,
    _ random: inout RandomStream
  ) -> Int {
    // Products without a brand are less popular than others of their category.
    func weight(_ place: Int) -> Double {
      let left = max(budgets[place], 0)
      return entry.brands[place].index == -1 && isHead ? left * 0.75 : left
    }
    var sum = 0.0
    for place in budgets.indices { sum += weight(place) }
    guard sum > 0 else { return entry.brands.first?.index ?? -1 }
    var point = random.unit() * sum
    var chosen = budgets.count - 1
    for place in budgets.indices {
      point -= weight(place)
      if point < 0 {
        chosen = place
        break
      }
    }
    budgets[chosen] -= events
    return entry.brands[chosen].index
  }

  mutating func fillPrices(_ random: inout RandomStream) {
    let levels = list.brandNames.map(Self.level)
    for category in list.entries.indices {
      let entry = list.entries[category]
      for product in assortment.firstProduct[category]..<assortment.firstProduct[category + 1] {
        let level = brands[product] < 0 ? 1 : levels[brands[product]]
        let spread = entry.priceSpread * (level == 1 ? 1 : 0.6)
        prices[product] = entry.medianPrice * level * exp(spread * random.normal())
      }
    }
    for (product, seller) in assortment.bestSellers { prices[product] = seller.price }
    prices = PriceScale.fit(prices, weights: assortment.events)
    for (product, seller) in assortment.bestSellers { prices[product] = seller.price }
  }

  /// The price level of a brand relative to its categories.
  private static func level(of brand: [UInt8]) -> Double {
    switch brand {
    case Array("apple".utf8): 2.9
    case Array("samsung".utf8): 0.95
    case Array("xiaomi".utf8): 0.62
    case Array("huawei".utf8): 0.72
    case Array("oppo".utf8): 0.8
    case Array("nokia".utf8): 0.5
    case Array("bosch".utf8), Array("sony".utf8), Array("lg".utf8): 1.3
    default: 1
    }
  }
}
