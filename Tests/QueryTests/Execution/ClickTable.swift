import ColStore

/// A small table of events with NULLs, for tests against naive twins.
struct ClickTable {
  struct Row {
    let time: Int64?
    let kind: String?
    let brand: String?
    let price: Int64?
    let user: Int64?
    let score: Double?
  }

  let rows: [Row]

  /// Rows of a user lie together, as in a store.
  init(rowCount: Int, seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let kinds = ["view", "view", "view", "cart", "purchase"]
    let brands = ["apple", "samsung", "", "béta", "zz"]
    let scores: [Double] = [0, -0.0, 1.5, -2.25, .nan, .infinity]
    var user: Int64 = 7
    var rows: [Row] = []
    for index in 0..<rowCount {
      if Int.random(in: 0..<4, using: &numbers) == 0 {
        user = Int64.random(in: 0..<Int64(rowCount / 3 + 1), using: &numbers)
      }
      func some<Element>(_ value: Element, _ share: Int) -> Element? {
        Int.random(in: 0..<share, using: &numbers) == 0 ? nil : value
      }
      rows.append(
        Row(
          time: some(1_569_888_000_000_000 + Int64(index) * 977_000_000, 15),
          kind: some(kinds[index % kinds.count], 12),
          brand: some(brands[Int.random(in: 0..<brands.count, using: &numbers)], 5),
          price: some(Int64.random(in: 0..<100_000, using: &numbers), 9),
          user: some(user, 20),
          score: some(scores[Int.random(in: 0..<scores.count, using: &numbers)], 7)))
    }
    self.rows = rows
  }

  func table(_ layout: MemoryTable.Layout, morselRows: Int = 7) -> MemoryTable {
    func integers(_ path: (Row) -> Int64?) -> [Value] {
      rows.map { row in path(row).map { .int64($0) } ?? .null }
    }
    return MemoryTable(
      [
        ("t", .timestamp), ("kind", .varchar), ("brand", .varchar),
        ("price", .decimal(precision: 9, scale: 2)), ("u", .bigint), ("score", .double),
      ],
      [
        integers(\.time), rows.map { row in row.kind.map { .string($0) } ?? .null },
        rows.map { row in row.brand.map { .string($0) } ?? .null }, integers(\.price),
        integers(\.user), rows.map { row in row.score.map { .double($0) } ?? .null },
      ], layout: layout, morselRows: morselRows)
  }
}

/// Rows in an order that does not depend on the way they were computed.
func sorted(_ rows: [[Value]]) -> [String] { rows.map { "\($0)" }.sorted() }
