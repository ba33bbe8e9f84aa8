import Glibc

extension ProductDraft {
  /// Gives every product its identifier, category identifier, text and history.
  func finish(_ random: inout RandomStream) -> (products: [Product], text: [UInt8]) {
    var products: [Product] = []
    var text: [UInt8] = []
    products.reserveCapacity(brands.count)
    text.reserveCapacity(brands.count * 70)
    var identifiers = ProductIdentifiers()
    let isLateBrand = list.brandNames.indices.map { _ in random.chance(0.42) }
    for (category, entry) in list.entries.enumerated() {
      let range = assortment.firstProduct[category]..<assortment.firstProduct[category + 1]
      identifiers.begin(entry, count: range.count)
      let brandNames = entry.brands.map(\.index).filter { $0 >= 0 }
      for index in range {
        var product = history(of: index, &random)
        product.category = UInt16(category)
        let identifier =
          assortment.bestSellers[index]?.identifier ?? identifiers.next(&random)
        let events = assortment.events[index]
        // Of several identifiers the first is the usual one.
        let place =
          entry.identifiers.count > 1 && random.chance(0.12)
          ? random.below(entry.identifiers.count) : 0
        let categoryIdentifier =
          entry.identifiers[assortment.bestSellers[index] == nil ? place : 0]
        let brand = brands[index]
        if brand >= brandNamesOfEntries && isLateBrand[brand] && events < 3_000 {
          product.launch = Int32(Calendar.octoberEnd + random.below(20 * Calendar.daySeconds))
          product.retirement = .max
        }
        product.textOffset = UInt32(text.count)
        append(
          identifier, categoryIdentifier, entry, brand < 0 ? [] : list.brandNames[brand],
          to: &text)
        product.textBytes = UInt8(text.count - Int(product.textOffset))
        if random.chance(0.001), let other = brandNames.first(where: { $0 != brand }) {
          // A few products are listed under two brands, or with and without one.
          let name = random.chance(0.7) || brand < 0 ? list.brandNames[other] : []
          append(identifier, categoryIdentifier, entry, name, to: &text)
          product.otherTextBytes =
            UInt8(text.count - Int(product.textOffset) - Int(product.textBytes))
        }
        products.append(product)
      }
    }
    return (products, text)
  }

  /// Brands from this index on are named by no category entry.
  private var brandNamesOfEntries: Int { 700 }

  private func history(of index: Int, _ random: inout RandomStream) -> Product {
    let events = assortment.events[index]
    var launch = Int32.min
    var retirement = Int32.max
    if events < 2_500 {
      if random.chance(0.18) {
        launch = Int32(random.below(Calendar.november(25)))
      } else if random.chance(0.06) {
        retirement = Int32(Calendar.daySeconds * 5 + random.below(Calendar.novemberEnd))
      }
    }
    var zeroPriceFrom = Int32.max
    if events < 12_000 && random.chance(0.0060) {
      let day = random.below(81) - 20
      zeroPriceFrom = Int32(day * Calendar.daySeconds + random.below(Calendar.daySeconds))
    }
    return Product(
      textOffset: 0, textBytes: 0, otherTextBytes: 0, category: 0,
      price: Int32(min(257_407, max(77, prices[index] * 100))),
      pricePeriods: pricePeriods(events, &random),
      seed: UInt32(truncatingIfNeeded: random.next()), launch: launch, retirement: retirement,
      zeroPriceFrom: zeroPriceFrom)
  }

  /// The more a product is looked at, the more often its price changes.
  private func pricePeriods(_ events: Double, _ random: inout RandomStream) -> UInt16 {
    if events > 30_000 {
      return UInt16(min(4_000, exp(5.4 + 0.9 * random.normal())))
    }
    let center = 0.36 * log(events / 25) + 0.2
    return UInt16(min(90, max(1, exp(center + 1.0 * random.normal()).rounded(.down))))
  }

  private func append(
    _ identifier: Int, _ category: UInt64, _ entry: CategoryEntry, _ brand: [UInt8],
    to text: inout [UInt8]
  ) {
    let comma = UInt8(ascii: ",")
    text.append(comma)
    text += Array(String(identifier).utf8)
    text.append(comma)
    text += Array(String(category).utf8)
    text.append(comma)
    text += entry.code
    text.append(comma)
    text += brand
    text.append(comma)
  }
}

/// Deals product identifiers: a category owns a block of 100,000 numbers, and its products stand
/// in it with gaps.
private struct ProductIdentifiers {
  private var nextShortBlock = 11
  private var nextLongBlock = 101
  private var identifier = 0
  private var widestGap = 1

  mutating func begin(_ entry: CategoryEntry, count: Int) {
    let block: Int
    if entry == "electronics.smartphone" {
      block = 10
    } else if entry == "electronics.audio.headphone" {
      block = 48
    } else if entry.hasShortProductIdentifiers && nextShortBlock < 100 {
      block = nextShortBlock
      nextShortBlock += nextShortBlock == 47 || nextShortBlock == 50 ? 2 : 1
    } else {
      block = nextLongBlock
      nextLongBlock += 1
    }
    identifier = block * 100_000 + 6_000
    widestGap = max(1, 2 * 90_000 / max(1, count) - 1)
  }

  mutating func next(_ random: inout RandomStream) -> Int {
    repeat { identifier += 1 + random.below(min(120, widestGap)) } while isTaken(identifier)
    return identifier
  }

  private func isTaken(_ identifier: Int) -> Bool {
    BestSeller.all.contains { $0.identifier == identifier }
  }
}
