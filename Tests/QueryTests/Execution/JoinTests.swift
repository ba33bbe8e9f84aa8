import ColStore
import Testing

@testable import Query

@Suite struct JoinTests {
  private let left: [(Int64?, Int64)] = [(1, 10), (2, 20), (nil, 30), (2, 40), (5, 50)]
  private let right: [(Int64?, Int64)] = [(2, 200), (nil, 300), (2, 100), (1, 400), (9, 900)]

  private func tables(_ layout: MemoryTable.Layout) -> [String: MemoryTable] {
    func table(_ rows: [(Int64?, Int64)]) -> MemoryTable {
      MemoryTable(
        [("k", .bigint), ("v", .integer)],
        [
          Value.integers(rows.map(\.0)), Value.integers(rows.map(\.1)),
        ], layout: layout, morselRows: 2)
    }
    return ["a": table(left), "b": table(right)]
  }

  private func check(_ sql: String, _ expected: [[Int64?]]) throws {
    for layout in MemoryTable.Layout.allCases {
      for way in executionWays {
        let rows = try run(
          sql, tables(layout), threads: way.threads, batchRows: way.batchRows)
        let answer = expected.map { Value.integers($0) }
        #expect(rows == answer, "\(sql) \(layout) \(way)")
      }
    }
  }

  @Test func innerJoinKeepsLeftThenRightOrder() throws {
    try check(
      "select a.v, b.v from a join b on a.k = b.k",
      [[10, 400], [20, 200], [20, 100], [40, 200], [40, 100]])
  }

  @Test func outerJoinsFillWithNulls() throws {
    try check(
      "select a.v, b.v from a left join b on a.k = b.k and b.v < 150",
      [[10, nil], [20, 100], [30, nil], [40, 100], [50, nil]])
    try check(
      "select a.v, b.v from a right join b on a.k = b.k and a.v > 15",
      [[20, 200], [20, 100], [40, 200], [40, 100], [nil, 300], [nil, 400], [nil, 900]])
    try check(
      "select a.v, b.v from a full join b on a.k = b.k",
      [
        [10, 400], [20, 200], [20, 100], [30, nil], [40, 200], [40, 100], [50, nil], [nil, 300],
        [nil, 900],
      ])
  }

  @Test func semiAndAntiJoins() throws {
    try check("select v from a where exists (select 1 from b where b.k = a.k)", [[10], [20], [40]])
    try check(
      "select v from a where not exists (select 1 from b where b.k = a.k)", [[30], [50]])
    try check("select v from a where k in (select k from b)", [[10], [20], [40]])
    try check("select v from a where k not in (select k from b)", [])
  }

  @Test func joinsWithoutEqualities() throws {
    try check(
      "select a.v, b.v from a, b where a.v * 10 > b.v and b.v < 250",
      [[20, 100], [30, 200], [30, 100], [40, 200], [40, 100], [50, 200], [50, 100]])
  }

  @Test func anEmptySideMakesNoPartners() throws {
    try check("select a.v, x.v from a join (select * from b where v < 0) x on a.k = x.k", [])
    try check(
      "select a.v, x.v from a left join (select * from b where v < 0) x on a.k = x.k where a.k = 1",
      [[10, nil]])
  }
}
