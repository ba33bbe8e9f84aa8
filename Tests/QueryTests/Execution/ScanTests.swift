import ColStore
import Testing

@testable import Query

@Suite struct ScanTests {
  private let clicks = ClickTable(rowCount: 200, seed: 1)

  @Test(arguments: MemoryTable.Layout.allCases)
  func selectStarKeepsStoreOrder(layout: MemoryTable.Layout) throws {
    let table = clicks.table(layout)
    let expected = clicks.rows.indices.map { "\(table.row($0))" }
    for way in executionWays {
      let rows = try run(
        "select * from c", ["c": table], threads: way.threads, batchRows: way.batchRows)
      #expect(rows.map { "\($0)" } == expected)
    }
  }

  @Test(arguments: MemoryTable.Layout.allCases)
  func predicatesAgreeWithTheirNaiveTwins(layout: MemoryTable.Layout) throws {
    let table = clicks.table(layout)
    typealias Row = ClickTable.Row
    let cases: [(String, (Row) -> Bool)] = [
      ("kind = 'view'", { $0.kind == "view" }),
      ("kind <> 'view'", { $0.kind.map { $0 != "view" } ?? false }),
      ("kind is null", { $0.kind == nil }),
      ("price between 100 and 500", { $0.price.map { $0 >= 10_000 && $0 <= 50_000 } ?? false }),
      ("price < 0", { _ in false }),
      ("u in (1, 2, 3, 40)", { [1, 2, 3, 40].contains($0.user) }),
      ("u not in (1, null)", { _ in false }),
      ("brand like '%a%'", { $0.brand?.contains("a") ?? false }),
      ("brand like 'b_ta'", { $0.brand == "béta" }),
      (
        "not (kind = 'cart' or price > 300)",
        {
          guard let kind = $0.kind else { return false }
          return kind != "cart" && ($0.price.map { $0 <= 30_000 } ?? false)
        }
      ),
      ("score = 'nan'::double", { $0.score?.isNaN ?? false }),
      ("score > 1", { $0.score.map { $0 > 1 || $0.isNaN } ?? false }),
      ("score = 0", { $0.score == 0 }),
      (
        "brand = 'apple' and price > 100 and kind = 'view'",
        {
          $0.brand == "apple" && $0.kind == "view" && ($0.price.map { $0 > 10_000 } ?? false)
        }
      ),
      (
        "t >= timestamp '2019-10-01 12:00:00'",
        { $0.time.map { $0 >= 1_569_931_200_000_000 } ?? false }
      ),
    ]
    for (predicate, holds) in cases {
      let expected = clicks.rows.indices.filter { holds(clicks.rows[$0]) }
        .map { "\(table.row($0))" }
      for way in executionWays {
        let rows = try run(
          "select * from c where \(predicate)", ["c": table], threads: way.threads,
          batchRows: way.batchRows)
        #expect(rows.map { "\($0)" } == expected, "\(predicate)")
      }
    }
  }

  @Test func limitStopsEarlyAndSkipsTheOffset() throws {
    let table = clicks.table(.flat)
    for way in executionWays {
      let rows = try run(
        "select u, price from c limit 11 offset 20", ["c": table], threads: way.threads,
        batchRows: way.batchRows)
      #expect(rows.count == 11)
      #expect(rows.first == [table.values[4][20], table.values[3][20]])
      #expect(
        try run("select * from c limit 0", ["c": table], threads: way.threads).isEmpty)
    }
  }

  /// A branch that fails must not be seen by rows that do not reach it.
  @Test func branchesGuardWhatMayFail() throws {
    let table = MemoryTable(
      [("x", .varchar), ("n", .integer)],
      [
        [.string("12"), .string("no"), .null, .string("7")],
        [.int64(0), .int64(2), .int64(0), .null],
      ], layout: .coded)
    #expect(
      try run(
        "select case when x <> 'no' then x::integer end, case when n <> 0 then 10 // n else -1 end, "
          + "coalesce(try_cast(x as integer), 99) from t", ["t": table])
        == [
          [.int64(12), .int64(-1), .int64(12)], [.null, .int64(5), .int64(99)],
          [.null, .int64(-1), .int64(99)], [.int64(7), .int64(-1), .int64(7)],
        ])
    #expect(throws: QueryError.self) { try run("select x::integer from t", ["t": table]) }
    #expect(
      try run("select count(*) from t where x <> 'no' and x::integer > 10", ["t": table])
        == [[.int64(1)]])
  }

  @Test func cancellationStopsAStatement() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let database = Database(options: QueryOptions())
    try database.register(clicks.table(.flat), as: "c")
    let plan = try database.plan("select * from c")
    let executor = Executor(options: QueryOptions(), cancellation: cancellation)
    #expect(throws: QueryError.self) { try executor.run(plan, into: RowSink()) }
  }
}
