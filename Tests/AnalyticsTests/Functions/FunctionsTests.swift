import ColStore
import Query
import Synchronization
import Testing

@testable import Analytics

/// However the work is divided, an analysis has one answer.
@Suite struct FunctionsTests {
  private static let calls = [
    "sessions(t)", "sessions(t, gap := '30s')", "sessions(t, keep_zero_price := true)", "users(t)",
    "users(t, rfm := true)", "users(t, until := '2019-10-02 08:00:00', label_window := '1h')",
    "rfm(t)", "rfm(t, output := 'segments')", "funnel(t)", "funnel(t, \"order\" := 'any')",
    "funnel(t, \"order\" := 'strict', breakdown := 'brand')",
    "funnel(t, \"window\" := '1m', exclude := 'remove_from_cart')",
    "funnel(t, dropped_at := 'cart')", "retention(t, unit := 'day')",
    "retention(t, unit := 'week', rolling := true)", "segments(t)",
    "segments(t, output := 'segments')", "paths(t)", "paths(t, output := 'paths', length := 3)",
    "paths(t, state := 'event_type || brand')",
  ]

  private final class Rows: ResultSink {
    var rows: [String] = []
    func begin(schema: [Field]) throws {}
    func consume(_ batch: Batch) throws {
      for row in 0..<batch.rowCount {
        rows.append(batch.columns.map { "\($0.value(at: row))" }.joined(separator: "|"))
      }
    }
    func end() throws {}
  }

  private static func answer(
    _ sql: String, rows: Int = 4000, threads: Int, batchRows: Int, morselRows: Int
  ) throws -> [String] {
    var options = QueryOptions()
    options.threads = threads
    options.batchRows = batchRows
    options.tableFunctions = analysisFunctions
    let database = Database(options: options)
    try database.register(EventTable(rows: rows, units: 300, morselRows: morselRows), as: "t")
    let sink = Rows()
    try database.execute(sql, into: sink)
    return sink.rows
  }

  @Test(arguments: calls) func dividedWorkHasOneAnswer(call: String) throws {
    let expected = try Self.answer(
      "FROM \(call)", threads: 1, batchRows: 16_384, morselRows: 1000
    ).sorted()
    #expect(!expected.isEmpty)
    for (threads, batchRows, morselRows) in [(1, 7, 64), (3, 100, 333), (4, 16_384, 5000)] {
      let found = try Self.answer(
        "FROM \(call)", threads: threads, batchRows: batchRows, morselRows: morselRows)
      #expect(found.sorted() == expected)
    }
  }

  @Test(arguments: calls) func oneColumnIsAsAmongAll(call: String) throws {
    let all = try Self.answer("FROM \(call)", threads: 2, batchRows: 512, morselRows: 512)
    let count = try Self.answer(
      "SELECT count(*) FROM \(call)", threads: 2, batchRows: 512, morselRows: 512)
    #expect(count.count == 1 && count[0].contains("(\(all.count))"))
  }

  @Test(arguments: calls) func withoutRowsThereIsNoTrap(call: String) throws {
    _ = try Self.answer(
      "SELECT count(*) FROM \(call)", rows: 0, threads: 2, batchRows: 9, morselRows: 9
    )
    .count
  }

  @Test(arguments: [
    "sessions(t, gap := 'soon')", "sessions(t, gap := -5)", "users(t, label_window := '1d')",
    "rfm(t, output := 'user')", "rfm(t, as_of := 'tomorrow')", "funnel(t, steps := 7)",
    "funnel(t, \"order\" := 'orderly')", "funnel(t, dropped_at := 'carts')",
    "funnel(t, breakdown := 'colour')", "retention(t, unit := 'year')",
    "retention(t, periods := -1)", "paths(t, length := 0)", "sessions(t, 5)", "sessions()",
    "sessions(t, gaps := '1m')", "rfm((SELECT event_time FROM t))",
    "sessions((SELECT price AS event_time, * EXCLUDE (event_time) FROM t))",
  ])
  func wrongCallsAreErrors(call: String) {
    #expect(throws: QueryError.self) {
      try Self.answer("FROM \(call)", threads: 1, batchRows: 100, morselRows: 100)
    }
  }

  @Test func whatIsLeftOutIsReported() throws {
    let report = AnalysisReport()
    var options = QueryOptions()
    options.tableFunctions = [SessionsFunction(report: report), RFMFunction(report: report)]
    let database = Database(options: options)
    try database.register(EventTable(rows: 4000, units: 300, morselRows: 512), as: "t")
    let counts = Rows()
    try database.execute(
      """
      SELECT count(*) FILTER (WHERE user_session IS NULL),
        count(*) FILTER (WHERE user_session IS NOT NULL AND event_time IS NULL),
        count(*) FILTER (WHERE user_session IS NOT NULL AND event_time IS NOT NULL
          AND (price IS NULL OR price <= 0))
      FROM t
      """, into: counts)
    try database.execute("SELECT count(*) FROM sessions(t)", into: Rows())
    let left = report.leftOut
    let expected = [left.withoutUnit, left.withoutTime, left.withoutPrice].map {
      "\(Value.int64(Int64($0)))"
    }
    #expect(left.withoutUnit > 0 && left.withoutTime > 0 && left.withoutPrice > 0)
    #expect(counts.rows == [expected.joined(separator: "|")])

    let before = left.withoutUnit
    try database.execute("SELECT count(*) FROM rfm(t, output := 'segments')", into: Rows())
    #expect(report.leftOut.withoutUnit > before)
    #expect(report.smallCells > 0)
  }
}
