import ColStore
import Testing

@testable import Query

@Suite struct SortTests {
  private let clicks = ClickTable(rowCount: 250, seed: 3)

  /// The naive twin: a stable sort by the comparison of single values.
  private func expected(
    _ table: MemoryTable, _ keys: [(column: Int, descending: Bool, nullsFirst: Bool)]
  ) -> [Int] {
    func compare(_ left: Value, _ right: Value) -> Int {
      switch (left, right) {
      case (.int64(let a), .int64(let b)): return a < b ? -1 : (a > b ? 1 : 0)
      case (.string(let a), .string(let b)):
        let (x, y) = (Array(a.utf8), Array(b.utf8))
        return x.lexicographicallyPrecedes(y) ? -1 : (x == y ? 0 : 1)
      case (.double(let a), .double(let b)):
        if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
        return a < b ? -1 : (a > b ? 1 : 0)
      default: return 0
      }
    }
    return table.values[0].indices.sorted { left, right in
      for key in keys {
        let (a, b) = (table.values[key.column][left], table.values[key.column][right])
        if a.isNull || b.isNull {
          if a.isNull && b.isNull { continue }
          return a.isNull == key.nullsFirst
        }
        let order = compare(a, b)
        if order != 0 { return (order < 0) != key.descending }
      }
      return left < right
    }
  }

  @Test(arguments: MemoryTable.Layout.allCases)
  func ordersAreStableForEveryType(layout: MemoryTable.Layout) throws {
    let table = clicks.table(layout)
    let cases: [(String, [(Int, Bool, Bool)])] = [
      ("price", [(3, false, false)]),
      ("price desc nulls first", [(3, true, true)]),
      ("brand, u desc", [(2, false, false), (4, true, false)]),
      (
        "score desc, kind nulls first, price",
        [(5, true, false), (1, false, true), (3, false, false)]
      ),
      ("score", [(5, false, false)]),
      (
        "t desc, brand desc, score, u",
        [(0, true, false), (2, true, false), (5, false, false), (4, false, false)]
      ),
    ]
    for (clause, keys) in cases {
      let order = expected(table, keys.map { (column: $0.0, descending: $0.1, nullsFirst: $0.2) })
      for way in executionWays {
        let all = try run(
          "select * from c order by \(clause)", ["c": table], threads: way.threads,
          batchRows: way.batchRows)
        #expect(
          all.map { "\($0)" } == order.map { "\(table.row($0))" }, "\(clause)"
        )
        let top = try run(
          "select * from c order by \(clause) limit 9 offset 4", ["c": table],
          threads: way.threads, batchRows: way.batchRows)
        #expect(
          top.map { "\($0)" } == order[4..<13].map { "\(table.row($0))" })
      }
    }
  }

  /// So many rows that all but the first are dropped, by a bound and by zone maps, while they come.
  @Test(arguments: MemoryTable.Layout.allCases)
  func firstRowsOfManyAreThoseOfTheWholeOrder(layout: MemoryTable.Layout) throws {
    let table = ClickTable(rowCount: 30_000, seed: 11).table(layout, morselRows: 1_000)
    let clauses = [
      "t", "t desc", "t desc nulls first", "price", "price desc nulls first, u", "brand",
      "brand desc", "brand nulls first", "kind, brand desc", "score", "score desc", "u",
      "u desc, t", "price % 7", "t is null",
    ]
    for clause in clauses {
      for query in ["select * from c", "select u, brand, t, price, kind, score from c where u > 9"]
      {
        let sql = "\(query) order by \(clause)"
        let all = try run(sql, ["c": table])
        for (threads, batchRows) in [(1, 16_384), (3, 700), (8, 64)] {
          let top = try run(
            "\(sql) limit 20 offset 3", ["c": table], threads: threads,
            batchRows: batchRows)
          #expect(
            top.map { "\($0)" } == all[3..<23].map { "\($0)" }, "\(sql) \(threads) \(batchRows)")
        }
      }
    }
  }

  @Test func morselsBehindTheBoundAreNotRead() throws {
    let table = MemoryTable(
      [("x", .bigint)], [Value.integers((0..<40_000).map { $0 })], morselRows: 10_000)
    let cases: [(descending: Bool, first: Int, tenth: Int64)] = [(false, 0, 9), (true, 3, 39_990)]
    for (descending, first, tenth) in cases {
      let input = Pipeline(
        source: ScanSource(table: table, columns: [0], predicates: []), types: [.bigint])
      let key = CompiledSortKey(
        CompiledExpression(column: 0, type: .bigint), descending: descending)
      let bound = TopBound([key], over: input)
      let scan = try #require(bound.scan)
      #expect(scan.places[0] == first)
      bound.tighten(to: Vector(.bigint, [.int64(tenth)]), at: first)
      var options = QueryOptions()
      options.threads = 1
      let rows = try input.over(BoundedScan(scan: scan, bound: bound)).collect(
        QueryContext(options: options))
      #expect(rows.map(\.rowCount) == [10])
    }
  }

  @Test func radixSortOfManyRowsEqualsTheStandardSort() {
    var numbers = SeededNumbers(seed: 9)
    let values = (0..<5000).map { _ in Int64.random(in: -1000...1000, using: &numbers) }
    let wide = (0..<5000).map { _ in Int128(Int64.random(in: .min ... .max, using: &numbers)) }
    let columns = [
      SortColumn(
        vector: Vector(.bigint, values.map { .int64($0) }), descending: true, nullsFirst: false),
      SortColumn(
        vector: Vector(.hugeint, wide.map { .int128($0) }), descending: false, nullsFirst: false),
    ]
    let order = SortOrder.rows(columns, count: 5000)
    let expected = (0..<5000).sorted {
      (-values[$0], wide[$0], Int128($0)) < (-values[$1], wide[$1], Int128($1))
    }
    #expect((0..<5000).map { Int(order.pointer[$0]) } == expected)
    let top = SortOrder.rows(columns, count: 5000, limit: 37)
    #expect((0..<37).map { Int(top.pointer[$0]) } == Array(expected.prefix(37)))
  }

  @Test func distinctAndSetOperations() throws {
    func table(_ values: [Int64?]) -> MemoryTable {
      MemoryTable(
        [("x", .bigint)], [Value.integers(values)], morselRows: 2
      )
    }
    let tables = ["a": table([1, 2, 2, nil, 3, nil, 2]), "b": table([2, nil, 4, 2])]
    func answer(_ sql: String) throws -> [Int64?] {
      var first: [Int64?]?
      for way in executionWays {
        let rows = try run(sql, tables, threads: way.threads, batchRows: way.batchRows).map { row in
          if case .int64(let value) = row[0] { value } else { nil as Int64? }
        }
        #expect(first == nil || first == rows)
        first = rows
      }
      return first ?? []
    }
    #expect(try answer("select distinct x from a order by x") == [1, 2, 3, nil])
    #expect(
      try answer("select x from a union all select x from b") == [
        1, 2, 2, nil, 3, nil, 2, 2, nil, 4, 2,
      ])
    #expect(try answer("select x from a union select x from b order by x") == [1, 2, 3, 4, nil])
    #expect(try answer("select x from a intersect select x from b") == [2, nil])
    #expect(try answer("select x from a intersect all select x from b") == [2, 2, nil])
    #expect(try answer("select x from a except select x from b") == [1, 3])
    #expect(try answer("select x from a except all select x from b") == [1, 3, nil, 2])
  }
}
