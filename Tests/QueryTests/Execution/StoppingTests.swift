import ColStore
import Synchronization
import Testing

@testable import Query

@Suite struct StoppingTests {
  private func database(_ change: (inout QueryOptions) -> Void) throws -> Database {
    var options = QueryOptions()
    options.threads = 2
    change(&options)
    let database = Database(options: options)
    let numbers = MemoryTable([("n", .bigint)], [(0..<2000).map { Value.int64($0) }])
    try database.register(numbers, as: "t")
    return database
  }

  /// Statements that make very many rows of few morsels.
  private static let endless = [
    "select count(*) from t a, t b, t c, t d where a.n + b.n > c.n * d.n + 100000000000",
    "select count(*) from (select unnest(range(10000000)) from t)",
    "select max(x) from (select sum(a.n) over (order by a.n + b.n rows between 999999 preceding "
      + "and current row exclude current row) as x from t a, t b)",
  ]

  @Test(arguments: endless)
  func stopWhenTheTimeIsOver(sql: String) throws {
    let database = try database { $0.timeout = 0.2 }
    let watch = Stopwatch()
    let error = #expect(throws: QueryError.self) { try database.execute(sql, into: RowSink()) }
    #expect(error?.kind == .timeout)
    #expect(watch.seconds < 20)
  }

  @Test func stopWhenSomebodySaysSo() throws {
    let asked = Atomic<Int>(0)
    let database = try database {
      $0.isCancelled = { asked.add(1, ordering: .relaxed).newValue > 100 }
    }
    let error = #expect(throws: QueryError.self) {
      try database.execute(Self.endless[0], into: RowSink())
    }
    #expect(error?.kind == .cancelled)
  }

  @Test func tellHowFarTheyAre() throws {
    let told = Mutex<[(rows: Int, total: Int)]>([])
    let database = try database {
      $0.onProgress = { rows, total in told.withLock { $0.append((rows, total)) } }
    }
    try database.execute(
      "select a.n from t a join t b on a.n = b.n union all from t", into: RowSink())
    let all = told.withLock { $0 }
    #expect(all.allSatisfy { $0.total == 6000 && $0.rows <= 6000 })
    #expect(all.map(\.rows).max() == 6000)
  }

  @Test func tablesCanBeTakenOver() throws {
    let first = try database { $0.threads = 1 }
    let second = Database(first, options: QueryOptions())
    let sink = RowSink()
    try second.execute("select count(*) from t", into: sink)
    #expect(sink.rows == [[.int64(2000)]])
    #expect(second.removeTable("T"))
    #expect(!second.removeTable("t"))
    #expect(first.rowCount(of: "t") == 2000)
    #expect(second.rowCount(of: "t") == nil)
  }
}
