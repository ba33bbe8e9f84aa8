import Glibc

/// The shop: its products with their texts, prices and popularity. It is the same for every seed
/// and row count; a small file sees the popular part of it, as the head of a large file does.
struct Catalogue: Sendable {
  private(set) var products: [Product] = []
  /// The texts of all products, behind each other.
  private(set) var text: [UInt8] = []
  private(set) var categories: [CategoryEntry]
  /// The first product of each category; one entry more than categories.
  private(set) var firstProduct: [Int] = [0]
  /// Products by events, by purchases, and by carts left while few and while all were recorded.
  let byEvents: AliasTable
  let byPurchases: AliasTable
  let byFewCarts: AliasTable
  let byAllCarts: AliasTable
  /// Products of one category by events; indices count from the category's first.
  let inCategory: [AliasTable]

  init() {
    let list = CategoryList()
    var random = RandomStream(seed: 0x5EED_0F5B)
    let assortment = Assortment(list, &random)
    categories = list.entries
    var draft = ProductDraft(assortment, list)
    draft.fillBrands(&random)
    draft.fillPrices(&random)
    firstProduct = assortment.firstProduct
    let demand = Demand(draft)
    let views = demand.views(assortment)
    byEvents = AliasTable(weights: views)
    byPurchases = AliasTable(weights: demand.purchases)
    byFewCarts = AliasTable(weights: demand.fewCarts)
    byAllCarts = AliasTable(weights: demand.allCarts)
    let first = assortment.firstProduct
    inCategory = list.entries.indices.map { category in
      AliasTable(weights: views[first[category]..<first[category + 1]])
    }
    let finished = draft.finish(&random)
    products = finished.products
    text = finished.text
  }
}
