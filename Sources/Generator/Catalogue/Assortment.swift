import Glibc

/// Which product has which popularity: products stand by category, and popularity ranks are dealt
/// so that every category gets its share of the events.
///
/// 1. The best sellers take their published figures.
/// 2. Every other product gets a normal score; a category's mean score is moved until the ranks
///    that its products take in the order of all scores carry the category's share.
struct Assortment {
  let list: CategoryList
  private(set) var firstProduct: [Int] = [0]
  /// Expected events of each product in the full two months.
  private(set) var events: [Double] = []
  /// The best seller that a product is, by product index.
  private(set) var bestSellers: [Int: BestSeller] = [:]
  private var isBestSeller: [Bool] = []

  init(_ list: CategoryList, _ random: inout RandomStream) {
    self.list = list
    var scores: [Double] = []
    for entry in list.entries {
      let first = scores.count
      for _ in 0..<entry.productCount { scores.append(1.6 * random.normal()) }
      var place = first
      for seller in BestSeller.all where seller.belongs(to: entry) {
        bestSellers[place] = seller
        place += 1
      }
      firstProduct.append(scores.count)
    }
    events = Array(repeating: 0, count: scores.count)
    isBestSeller = scores.indices.map { bestSellers[$0] != nil }
    let curve = (0..<scores.count).map { Popularity.events(rank: $0) }
    for (index, seller) in bestSellers { events[index] = seller.views * 1.054 }
    deal(scores, curve)
  }

  private mutating func deal(_ scores: [Double], _ curve: [Double]) {
    let entries = list.entries
    let sum =
      curve[bestSellers.count...].reduce(0, +) + bestSellers.keys.reduce(0) { $0 + events[$1] }
    var means = zip(entries, entries.indices).map { entry, _ in
      log(entry.share / Double(entry.productCount) * Double(scores.count))
    }
    for round in 0..<14 {
      // Ranks by counting scores into narrow bins; the last round sorts.
      let final = round == 13
      let ranks = final ? sortedRanks(scores, means) : binnedRanks(scores, means)
      for category in entries.indices {
        var carried = 0.0
        for product in firstProduct[category]..<firstProduct[category + 1] {
          if !isBestSeller[product] {
            let rank = min(curve.count - 1, ranks[product] + bestSellers.count)
            if final { events[product] = curve[rank] }
            carried += curve[rank]
          } else {
            carried += events[product]
          }
        }
        means[category] += 0.8 * log(entries[category].share * sum / carried)
      }
    }
  }

  private func binnedRanks(_ scores: [Double], _ means: [Double]) -> [Int] {
    let binCount = 16_384
    var counts = Array(repeating: 0, count: binCount + 1)
    var bins = Array(repeating: 0, count: scores.count)
    forEachFree(means) { product, mean in
      let position = (scores[product] + mean + 24) / 48 * Double(binCount)
      let bin = binCount - 1 - min(binCount - 1, max(0, Int(position)))
      bins[product] = bin
      counts[bin + 1] += 1
    }
    for bin in 0..<binCount { counts[bin + 1] += counts[bin] }
    var ranks = bins
    forEachFree(means) { product, _ in
      ranks[product] = counts[bins[product]]
      counts[bins[product]] += 1
    }
    return ranks
  }

  private func sortedRanks(_ scores: [Double], _ means: [Double]) -> [Int] {
    var keyed: [(score: Double, product: Int)] = []
    forEachFree(means) { product, mean in keyed.append((scores[product] + mean, product)) }
    keyed.sort { $0.score != $1.score ? $0.score > $1.score : $0.product < $1.product }
    var ranks = Array(repeating: 0, count: scores.count)
    for (rank, item) in keyed.enumerated() { ranks[item.product] = rank }
    return ranks
  }

  /// Calls `body` with every product that is not a best seller, and its category's mean score.
  private func forEachFree(_ means: [Double], _ body: (Int, Double) -> Void) {
    for category in means.indices {
      for product in firstProduct[category]..<firstProduct[category + 1]
      where !isBestSeller[product] {
        body(product, means[category])
      }
    }
  }
}
