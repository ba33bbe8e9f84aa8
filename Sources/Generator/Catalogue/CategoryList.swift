/// All categories and brands of the shop: those of ``categoryEntries`` and an invented tail.
struct CategoryList: Sendable {
  private(set) var entries: [CategoryEntry] = []
  /// Brand names, at ``CategoryEntry/brands`` indices.
  private(set) var brandNames: [[UInt8]] = []
  /// For each category, brands of its own long tail, the more frequent first.
  private(set) var tailBrands: [[Int]] = []

  static let identifierCount = 691
  static let brandCount = 4_303

  init() {
    var random = RandomStream(seed: 0x5EED_CA7E)
    var brandIndices: [[UInt8]: Int] = [:]
    var takenIdentifiers: Set<UInt64> = []
    parseEntries(&brandIndices, &takenIdentifiers, &random)
    for word in words(rareBrandNames) { addBrand(word, &brandIndices) }
    let knownBrands = brandNames.count
    while brandNames.count < Self.brandCount { addBrand(inventedName(&random), &brandIndices) }
    addTailCategories(knownBrands: knownBrands, &takenIdentifiers, &random)
    distributeTailBrands(&random)
  }

  @discardableResult
  private mutating func addBrand(_ name: [UInt8], _ indices: inout [[UInt8]: Int]) -> Int {
    if let known = indices[name] { return known }
    indices[name] = brandNames.count
    brandNames.append(name)
    return brandNames.count - 1
  }

  private mutating func parseEntries(
    _ brands: inout [[UInt8]: Int], _ taken: inout Set<UInt64>, _ random: inout RandomStream
  ) {
    for line in categoryEntries.utf8.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " ")).map { Array($0) }
      if line.first == UInt8(ascii: " ") {
        for field in fields { parseBrand(field, &brands) }
        continue
      }
      let numbers = fields[1...].map(parseDecimal)
      precondition(numbers.count == 8, "a category entry has nine fields")
      let isCode = !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(fields[0][0])
      var identifiers: [UInt64] = []
      if isCode {
        for _ in 0..<Int(numbers[0]) {
          identifiers.append(inventedIdentifier(isUsual: true, &taken, &random))
        }
      } else {
        identifiers = [fields[0].reduce(0) { $0 * 10 + UInt64($1 - 48) }]
        taken.insert(identifiers[0])
      }
      entries.append(
        CategoryEntry(
          code: isCode ? fields[0] : [], identifiers: identifiers, share: numbers[1] / 1e6,
          productCount: Int(numbers[2]), medianPrice: numbers[3], priceSpread: numbers[4],
          buying: numbers[5], logged: numbers[6], hasShortProductIdentifiers: numbers[7] == 7,
          brands: []))
    }
    for index in entries.indices {
      let total = entries[index].brands.reduce(0) { $0 + $1.weight }
      for brand in entries[index].brands.indices { entries[index].brands[brand].weight /= total }
    }
  }

  private mutating func parseBrand(_ field: [UInt8], _ brands: inout [[UInt8]: Int]) {
    guard let colon = field.lastIndex(of: UInt8(ascii: ":")) else { return }
    let name = Array(field[..<colon])
    let index = name == [UInt8(ascii: "-")] ? -1 : addBrand(name, &brands)
    let weight = parseDecimal(Array(field[(colon + 1)...]))
    entries[entries.count - 1].brands.append((index, weight))
  }

  /// Adds categories without a code until there are ``identifierCount`` identifiers.
  private mutating func addTailCategories(
    knownBrands: Int, _ taken: inout Set<UInt64>, _ random: inout RandomStream
  ) {
    let missing = Self.identifierCount - entries.reduce(0) { $0 + $1.identifiers.count }
    let restShare = 1 - entries.reduce(0) { $0 + $1.share }
    let weights = (0..<missing).map { 1 / (Double($0) + 12) }
    let total = weights.reduce(0, +)
    for weight in weights {
      let share = restShare * weight / total
      var brands: [(index: Int, weight: Double)] = [(-1, 0.15 + 0.8 * random.unit())]
      let named = 1 - brands[0].weight
      let count = 2 + random.below(8)
      for place in 0..<count {
        // The brands known from elsewhere, and mostly the less frequent of them.
        let index = Int(Double(knownBrands) * (1 - random.unit() * random.unit()))
        brands.append((min(index, knownBrands - 1), named / Double(count) * (place == 0 ? 1 : 1)))
      }
      entries.append(
        CategoryEntry(
          code: [],
          identifiers: [inventedIdentifier(isUsual: random.chance(0.2), &taken, &random)],
          share: share, productCount: max(3, Int(38_000 * weight / total)),
          medianPrice: 20 + 180 * random.unit() * random.unit(),
          priceSpread: 0.5 + 0.6 * random.unit(), buying: 0.82, logged: 0.08,
          hasShortProductIdentifiers: false, brands: brands))
    }
  }

  /// Gives every brand that no category names a home; larger categories get more of them.
  private mutating func distributeTailBrands(_ random: inout RandomStream) {
    tailBrands = Array(repeating: [], count: entries.count)
    var named = Set<Int>()
    for entry in entries { for brand in entry.brands { named.insert(brand.index) } }
    let homes = AliasTable(
      weights: entries.map { entry in
        let isPhone = entry.logged > 0.7
        return isPhone ? 20 : Double(entry.productCount).squareRoot() * 10
      })
    for brand in brandNames.indices where !named.contains(brand) {
      tailBrands[homes.draw(&random)].append(brand)
    }
  }

  /// An identifier of 19 digits: `20530135…` for the old and usual ones.
  private func inventedIdentifier(
    isUsual: Bool, _ taken: inout Set<UInt64>, _ random: inout RandomStream
  ) -> UInt64 {
    while true {
      let identifier =
        isUsual
        ? 2_053_013_552_000_000_000 + UInt64(random.below(14_600_000_000))
        : 2_055_000_000_000_000_000 + UInt64(random.below(118_000_000_000_000_000))
      if taken.insert(identifier).inserted { return identifier }
    }
  }

  /// A name of two to four syllables in lower case, at times with a dot, a dash or a second word.
  private func inventedName(_ random: inout RandomStream) -> [UInt8] {
    let onsets = Array("bcdfghjklmnprstvz".utf8)
    let clusters = ["st", "br", "tr", "gr", "kl", "sh", "ch", "pr", "fl"].map { Array($0.utf8) }
    let vowels = Array("aeiouaeioy".utf8)
    let endings = ["", "", "", "n", "s", "r", "l", "x", "k", "tex", "ko", "line", "ini"]
      .map { Array($0.utf8) }
    var name: [UInt8] = []
    for syllable in 0..<(2 + random.below(2)) {
      if random.chance(0.2) {
        name += clusters[random.below(clusters.count)]
      } else {
        name.append(onsets[random.below(onsets.count)])
      }
      name.append(vowels[random.below(vowels.count)])
      if syllable == 0 && random.chance(0.05) { name.append(UInt8(ascii: "-")) }
    }
    name += endings[random.below(endings.count)]
    if random.chance(0.02) { name += Array(".pro".utf8) }
    return name
  }
}

/// The words of a text that is separated by white space.
func words(_ text: String) -> [[UInt8]] {
  text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { Array($0) }
}

/// The value of digits with at most one decimal point.
private func parseDecimal(_ digits: [UInt8]) -> Double {
  var value = 0.0
  var divisor = 0.0
  for digit in digits {
    if digit == UInt8(ascii: ".") {
      divisor = 1
    } else {
      precondition((48...57).contains(digit), "a number of a category entry holds digits")
      value = value * 10 + Double(digit - 48)
      divisor *= 10
    }
  }
  return divisor > 0 ? value / divisor : value
}
