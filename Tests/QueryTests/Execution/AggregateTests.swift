import ColStore
import Testing

@testable import Query

@Suite struct AggregateTests {
  private let clicks = ClickTable(rowCount: 300, seed: 2)

  private func check(
    _ sql: String, _ expected: [[Value]], morselRows: Int = 7
  ) throws {
    for layout in MemoryTable.Layout.allCases {
      let table = clicks.table(layout, morselRows: morselRows)
      for way in executionWays {
        let rows = try run(sql, ["c": table], threads: way.threads, batchRows: way.batchRows)
        #expect(sorted(rows) == sorted(expected), "\(sql) \(layout) \(way)")
      }
    }
  }

  private typealias Row = ClickTable.Row

  /// The naive twin: groups by any hashable key.
  private func grouped<Key: Hashable>(
    by key: (Row) -> Key, _ result: (Key, [Row]) -> [Value]
  ) -> [[Value]] {
    Dictionary(grouping: clicks.rows, by: key).map { result($0.key, $0.value) }
  }

  private func text(_ value: String?) -> Value { value.map { .string($0) } ?? .null }

  private func sum(_ values: [Int64]) -> Value {
    values.isEmpty ? .null : .int128(values.reduce(Int128(0)) { $0 + Int128($1) })
  }

  @Test func countsAndSumsByACodedKey() throws {
    try check(
      "select kind, count(*), count(price), sum(price), min(price), max(t) from c group by kind",
      grouped(by: \.kind) { kind, rows in
        let prices = rows.compactMap(\.price)
        return [
          text(kind), .int64(Int64(rows.count)), .int64(Int64(prices.count)), sum(prices),
          prices.min().map { .int64($0) } ?? .null,
          rows.compactMap(\.time).max().map { .int64($0) } ?? .null,
        ]
      })
  }

  @Test func groupsWithoutACountAreFoundToo() throws {
    try check(
      "select kind, max(brand) from c group by kind",
      grouped(by: \.kind) { kind, rows in [text(kind), text(rows.compactMap(\.brand).max())] })
  }

  @Test func groupsByTwoKeysAndByExpressions() throws {
    struct Key: Hashable {
      let brand: String?
      let hour: Int64?
    }
    try check(
      "select upper(brand), extract(hour from t), count(*), avg(price) from c group by 1, 2",
      grouped(
        by: {
          Key(
            brand: $0.brand?.uppercased(),
            hour: $0.time.map { $0 % 86_400_000_000 / 3_600_000_000 })
        },
        { key, rows in
          let prices = rows.compactMap(\.price)
          let total = prices.reduce(0, +)
          return [
            text(key.brand), key.hour.map { .int64($0) } ?? .null, .int64(Int64(rows.count)),
            prices.isEmpty
              ? .null : .double(Double(total) / (Double(prices.count) * 100)),
          ]
        }))
  }

  /// More groups than lanes serve, in runs, so that the run kernels see them.
  @Test func runsOfManyGroups() throws {
    let count = 9000
    var numbers = SeededNumbers(seed: 5)
    var users: [Value] = []
    var prices: [Value] = []
    var kinds: [Value] = []
    var expected: [Int64: (count: Int, sum: Int64?, least: Int64?, views: Int64)] = [:]
    var user: Int64 = 0
    while users.count < count {
      user += 1
      for _ in 0..<Int.random(in: 1...9, using: &numbers) {
        let price = Int64.random(in: -500...500, using: &numbers)
        let isNull = Int.random(in: 0..<6, using: &numbers) == 0
        let isView = Int.random(in: 0..<5, using: &numbers) != 0
        users.append(.int64(user))
        prices.append(isNull ? .null : .int64(price))
        kinds.append(.string(isView ? "view" : "cart"))
        var group = expected[user] ?? (0, nil, nil, 0)
        group.count += 1
        if !isNull {
          group.sum = (group.sum ?? 0) + price
          if !isView { group.least = min(group.least ?? .max, price) }
        }
        if isView { group.views += 1 }
        expected[user] = group
      }
    }
    let answer = expected.map { user, group -> [Value] in
      [
        .int64(user), .int64(Int64(group.count)), group.sum.map { .int128(Int128($0)) } ?? .null,
        group.least.map { .int64($0) } ?? .null, .int128(Int128(group.views)),
      ]
    }
    for layout in [MemoryTable.Layout.flat, .locallyCoded] {
      let table = MemoryTable(
        [("u", .bigint), ("price", .integer), ("kind", .varchar)], [users, prices, kinds],
        layout: layout, morselRows: 700)
      for way in [(1, 16_384), (2, 100), (8, 333)] {
        let rows = try run(
          "select u, count(*), sum(price), min(case when kind = 'cart' then price end), "
            + "sum(case when kind = 'view' then 1 else 0 end) from t group by u", ["t": table],
          threads: way.0, batchRows: way.1)
        #expect(sorted(rows) == sorted(answer))
      }
    }
  }

  @Test func doublesGroupByValueNotByBits() throws {
    try check(
      "select score, count(*) from c where score = 0 or score = 'nan'::double group by score",
      [
        [.double(0), .int64(Int64(clicks.rows.count { $0.score == 0 }))],
        [.double(.nan), .int64(Int64(clicks.rows.count { $0.score?.isNaN ?? false }))],
      ])
  }

  @Test func distinctCountsAndSums() throws {
    try check(
      "select kind, count(distinct u), count(distinct brand), sum(distinct price) from c group by 1",
      grouped(by: \.kind) { kind, rows in
        [
          text(kind), .int64(Int64(Set(rows.compactMap(\.user)).count)),
          .int64(Int64(Set(rows.compactMap(\.brand)).count)),
          sum(Array(Set(rows.compactMap(\.price)))),
        ]
      })
    try check(
      "select count(distinct u), count(distinct score) from c",
      [
        [
          .int64(Int64(Set(clicks.rows.compactMap(\.user)).count)),
          .int64(
            Int64(Set(clicks.rows.compactMap(\.score).map { $0.isNaN ? "nan" : "\($0 + 0)" }).count)
          ),
        ]
      ])
  }

  @Test func filtersAndCases() throws {
    try check(
      "select count(*) filter (where price > 500), sum(case when kind = 'cart' then price else 0 end), "
        + "sum(case when kind = 'cart' then price end), max(case when brand = 'none' then price end) "
        + "from c",
      [
        [
          .int64(Int64(clicks.rows.count { ($0.price ?? 0) > 50_000 })),
          sum(clicks.rows.compactMap { $0.kind == "cart" ? $0.price : 0 }),
          sum(clicks.rows.compactMap { $0.kind == "cart" ? $0.price : nil }), .null,
        ]
      ])
  }

  @Test func noRowsMakeOneGroupWithoutKeysAndNoneWithKeys() throws {
    try check(
      "select count(*), sum(price), avg(score), min(brand) from c where price < 0",
      [[.int64(0), .null, .null, .null]])
    try check("select kind, count(*) from c where price < 0 group by kind", [])
  }

  /// First appearance in store order, whatever the threads do.
  @Test func groupsOfAHashTableComeInStoreOrder() throws {
    let table = clicks.table(.flat)
    var order: [Value] = []
    for value in table.values[4] where !order.contains(value) { order.append(value) }
    for way in executionWays {
      let rows = try run(
        "select u + 0 * coalesce(length(kind), 0) as k, count(*) from c group by k", ["c": table],
        threads: way.threads, batchRows: way.batchRows)
      #expect(rows.map { $0[0] } == order)
    }
  }

  /// Each has a domain, and the product of their sizes is above 2^63.
  @Test func keysOfWideDomainsAreLookedUp() throws {
    let names = ["a", "b", "c", "d", "e"]
    let table = MemoryTable(
      names.map { ($0, .integer) }, names.map { _ in Value.integers([0, 70_000, 0, nil]) })
    let keys = names.joined(separator: ", ")
    for sql in [
      "select \(keys), count(*) from t group by all", "select distinct \(keys), 1 from t",
    ] {
      let rows = try run(sql, ["t": table])
      #expect(rows.map { $0[4] } == Value.integers([0, 70_000, nil]))
    }
  }

  @Test func sumsAreExactPastSixtyFourBits() throws {
    let big = Value.int64(Int64.max)
    let table = MemoryTable(
      [("x", .bigint), ("g", .integer)],
      [Array(repeating: big, count: 50), (0..<50).map { .int64($0 % 2) }])
    let half = Int128(Int64.max) * 25
    #expect(
      try run("select sum(x), avg(x) from t", ["t": table])
        == [[.int128(half * 2), .double(Double(Int64.max))]])
    #expect(
      try run("select g, sum(x) from t group by g order by g", ["t": table], threads: 4)
        == [[.int64(0), .int128(half)], [.int64(1), .int128(half)]])
  }

  @Test func sumsPastThirtyEightDigitsAreRefused() throws {
    let table = MemoryTable(
      [("x", .decimal(precision: 38, scale: 0))],
      [Array(repeating: .int128(powersOfTen128[38] - 1), count: 3)])
    #expect(throws: QueryError.self) { try run("select sum(x) from t", ["t": table]) }
  }

  @Test func groupingSetsAddTheirRows() throws {
    let byKind = grouped(by: \.kind) { kind, rows in [text(kind), .int64(Int64(rows.count))] }
    try check(
      "select kind, count(*) from c group by grouping sets ((kind), ())",
      byKind + [[.null, .int64(Int64(clicks.rows.count))]])
  }

  /// The one value that the compact states of min and max cannot tell from an empty group.
  @Test func extremesOfTheExtremeValues() throws {
    let table = MemoryTable(
      [("g", .bigint), ("x", .bigint)],
      [
        (0..<4000).map { .int64(Int64($0 / 2)) },
        (0..<4000).map { row in
          switch row / 2 % 4 {
          case 0: .int64(.max)
          case 1: .int64(.min)
          case 2: .null
          default: .int64(Int64(row % 2))
          }
        },
      ], morselRows: 1000)
    let expected = (0..<Int64(2000)).map { group -> [Value] in
      switch group % 4 {
      case 0: [.int64(group), .int64(.max), .int64(.max)]
      case 1: [.int64(group), .int64(.min), .int64(.min)]
      case 2: [.int64(group), .null, .null]
      default: [.int64(group), .int64(0), .int64(1)]
      }
    }
    for way in executionWays where way.batchRows > 4 {
      let rows = try run(
        "select g, min(x), max(x) from t group by g order by g", ["t": table],
        threads: way.threads, batchRows: way.batchRows)
      #expect(rows == expected)
    }
    #expect(
      try run("select min(x), max(x) from t", ["t": table]) == [[.int64(.min), .int64(.max)]])
  }

  /// Sums whose groups are never NULL keep no counts; those that may be NULL do.
  @Test func sumsOfCasesWithAndWithoutNulls() throws {
    let count: Int64 = 6000
    let groups = (0..<count).map { $0 * 7919 % 2000 }
    func price(_ row: Int64) -> Int64 { row % 100 - 50 }
    let kinds = ["view", "cart", "view", "view", "view", "view", "purchase"]
    func kind(_ row: Int64) -> String { kinds[Int(row * 31 % 7)] }
    let table = MemoryTable(
      [
        ("g", .bigint), ("kind", .varchar), ("p", .decimal(precision: 9, scale: 2)),
        ("q", .integer),
      ],
      [
        groups.map { .int64($0) }, (0..<count).map { .string(kind($0)) },
        (0..<count).map { .int64(price($0)) },
        (0..<count).map { $0 % 3 == 0 ? .null : .int64(price($0)) },
      ], layout: .locallyCoded, morselRows: 1500)
    var expected: [[Value]] = []
    for group in Set(groups).sorted() {
      let rows = (0..<count).filter { groups[Int($0)] == group }
      let views = rows.filter { kind($0) == "view" }
      let carts = rows.filter { kind($0) == "cart" }
      let nullable = carts.filter { $0 % 3 != 0 }
      let others = rows.filter { kind($0) != "cart" }
      func total(_ rows: [Int64]) -> Value { .int128(Int128(rows.reduce(0) { $0 + price($1) })) }
      expected.append([
        .int64(group), .int128(Int128(views.count)), total(carts),
        nullable.isEmpty && others.isEmpty ? .null : total(nullable),
        nullable.isEmpty ? .null : total(nullable),
      ])
    }
    for way in [(1, 16_384), (4, 700)] {
      let rows = try run(
        "select g, sum(case when kind = 'view' then 1 else 0 end), "
          + "sum(case when kind = 'cart' then p else 0 end), "
          + "sum(case when kind = 'cart' then q else 0 end), "
          + "sum(case when kind = 'cart' then q end) from t group by g order by g", ["t": table],
        threads: way.0, batchRows: way.1)
      #expect(rows == expected)
    }
  }
}
