import ColStore
import Testing

@testable import Query

@Suite struct WindowTests {
  private let table = MemoryTable(
    [("g", .varchar), ("o", .integer), ("v", .integer)],
    [
      ["a", "b", "a", "a", "b", "a"].map { Value.string($0) },
      Value.integers([1, 5, 2, 2, nil, 4]),
      Value.integers([10, 50, 20, nil, 60, 40]),
    ], morselRows: 2)

  private func check(_ expression: String, _ expected: [Int64?]) throws {
    for way in executionWays {
      let rows = try run(
        "select (\(expression))::bigint from t", ["t": table], threads: way.threads,
        batchRows: way.batchRows)
      #expect(
        rows.map { $0[0] } == Value.integers(expected),
        "\(expression)")
    }
  }

  @Test func rankings() throws {
    try check("row_number() over (partition by g order by o)", [1, 1, 2, 3, 2, 4])
    try check("rank() over (partition by g order by o)", [1, 1, 2, 2, 2, 4])
    try check("dense_rank() over (partition by g order by o)", [1, 1, 2, 2, 2, 3])
    try check("rank() over (order by o desc nulls first)", [6, 2, 4, 4, 1, 3])
    try check("ntile(3) over (partition by g order by o)", [1, 1, 1, 2, 2, 3])
    try check("ntile(100) over (order by o, v)", [1, 5, 2, 3, 6, 4])
    try check("100 * percent_rank() over (partition by g order by o)", [0, 0, 33, 33, 100, 100])
    try check("100 * cume_dist() over (partition by g order by o)", [25, 50, 75, 75, 100, 100])
  }

  @Test func neighbours() throws {
    try check("lag(v) over (partition by g order by o, v)", [nil, nil, 10, 20, 50, nil])
    try check("lead(v, 2, -1) over (partition by g order by o, v)", [nil, -1, 40, -1, -1, -1])
    try check("first_value(v) over (partition by g order by o, v)", [10, 50, 10, 10, 50, 10])
    try check(
      "last_value(v ignore nulls) over (partition by g order by o, v)", [10, 50, 20, 20, 60, 40])
    try check(
      "nth_value(v, 2) over (partition by g order by o, v rows between unbounded preceding and "
        + "unbounded following)", [20, 60, 20, 20, 60, 20])
  }

  @Test func framesOfAggregates() throws {
    try check("sum(v) over (partition by g)", [70, 110, 70, 70, 110, 70])
    try check("sum(v) over (partition by g order by o)", [10, 50, 30, 30, 110, 70])
    try check(
      "sum(v) over (partition by g order by o, v rows between 1 preceding and current row)",
      [10, 50, 30, 20, 110, 40])
    try check(
      "count(*) over (order by o range between 1 preceding and 1 following)", [3, 2, 3, 3, 1, 2])
    try check(
      "sum(v) over (order by o groups between 1 preceding and current row)",
      [10, 90, 30, 30, 110, 60])
    try check(
      "count(v) filter (where v > 15) over (partition by g order by o, v)", [0, 1, 1, 1, 2, 2])
    try check(
      "max(v) over (order by o, v rows between 2 following and 3 following)",
      [40, nil, 50, 60, nil, 60])
  }

  @Test func tilesMustBePositive() throws {
    #expect(throws: QueryError.self) {
      try run("select ntile(0) over (order by o) from t", ["t": table])
    }
  }
}
