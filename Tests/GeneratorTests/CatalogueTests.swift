import Testing

@testable import Generator

@Suite("Catalogue")
struct CatalogueTests {
  private let list = CategoryList()
  private let catalogue = Catalogue()

  @Test("It has the published numbers of categories, codes and brands")
  func counts() {
    let identifiers = list.entries.flatMap(\.identifiers)
    #expect(Set(identifiers).count == 691)
    #expect(identifiers.count == 691)
    let codes = list.entries.map(\.code).filter { !$0.isEmpty }
    #expect(codes.count == 129)
    #expect(Set(codes).count == 129)
    #expect(list.entries.count { $0.identifiers.count > 1 } == 58)
    #expect(Set(list.brandNames).count == 4_303)
    #expect(identifiers.allSatisfy { $0 > 1_000_000_000_000_000_000 })
  }

  @Test("Every brand has a product")
  func brands() {
    var seen: Set<[UInt8]> = []
    for product in catalogue.products {
      let text = catalogue.text[
        Int(product.textOffset)..<Int(product.textOffset) + Int(product.textBytes)]
      let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      #expect(fields.count == 6)
      seen.insert(Array(fields[4]))
    }
    #expect(seen.count >= 4_250)
  }

  @Test("Product identifiers are unique, of seven or eight digits")
  func productIdentifiers() {
    var seen: Set<[UInt8]> = []
    for product in catalogue.products {
      let start = Int(product.textOffset) + 1
      let digits = catalogue.text[start...].prefix { $0 != UInt8(ascii: ",") }
      #expect((7...8).contains(digits.count))
      seen.insert(Array(digits))
    }
    #expect(seen.count == catalogue.products.count)
  }

  @Test("An alias table draws in proportion to its weights")
  func aliasTable() {
    let table = AliasTable(weights: [1, 0, 3, 6])
    var random = RandomStream(seed: 1)
    var counts = [0, 0, 0, 0]
    for _ in 0..<100_000 { counts[table.draw(&random)] += 1 }
    #expect(counts[1] == 0)
    #expect(abs(counts[0] - 10_000) < 500)
    #expect(abs(counts[2] - 30_000) < 700)
  }

  @Test("Prices stay within the published limits, and change for popular products")
  func prices() throws {
    let best = try #require(catalogue.products.first { $0.pricePeriods > 100 })
    var seen: Set<Int32> = []
    for hour in 0..<(61 * 24) { seen.insert(best.cents(at: hour * 3_600, 0)) }
    #expect(seen.count > 5)
    for product in catalogue.products.prefix(20_000) {
      let cents = product.cents(at: 1_000_000, 0)
      #expect(cents == 0 || (77...257_407).contains(cents))
    }
  }
}
