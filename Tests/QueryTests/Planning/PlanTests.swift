import ColStore
import Testing

@testable import Query

/// What queries become, as EXPLAIN shows it.
@Suite struct PlanTests {
  @Test func scansReadAndTestOnlyWhatIsNeeded() throws {
    #expect(
      try planText(
        "select brand, sum(price) r from ev where event_type = 'purchase' group by brand "
          + "order by r desc, brand limit 10") == """
          TOP r DESC, brand LIMIT 10
            PROJECT brand, sum(price) AS r
              AGGREGATE sum(price) BY brand
                SCAN ev [event_type, brand, price] WHERE (event_type = 'purchase')
          """)
    #expect(
      try planText("select count(*) from ev") == """
        PROJECT count_star()
          AGGREGATE count(*)
            SCAN ev []
        """)
  }

  @Test func literalsTakeTheTypeOfTheColumn() throws {
    #expect(
      try planText("select l from t where p between 4 and 5.5 and l = 1 and d > 2") == """
        PROJECT l
          SCAN t [l, d, p] WHERE (p >= 4.00::DECIMAL(9,2)), (p <= 5.50::DECIMAL(9,2)), \
        (l = 1::BIGINT), (d > 2.0::DOUBLE)
        """)
    #expect(
      try planText("select l from t where l in (1, 2) and i < 3000000000") == """
        PROJECT l
          SCAN t [i, l] WHERE (l IN (1::BIGINT, 2::BIGINT)), \
        (CAST(i AS BIGINT) < 3000000000::BIGINT)
        """)
  }

  @Test func filtersGoBelowProjectionsGroupsAndJoins() throws {
    #expect(
      try planText(
        "select * from (select i, count(*) n from t group by i) where i = 2 and n > 1") == """
          PROJECT i, count_star() AS n
            FILTER (count_star() > 1::BIGINT)
              AGGREGATE count(*) BY i
                SCAN t [i] WHERE (i = 2)
          """)
    #expect(
      try planText(
        "select a.i from t a left join t b on a.i = b.i and b.l = 1 where a.l = 2 and b.d = 3")
          == """
          PROJECT i
            FILTER (d = 3.0::DOUBLE)
              LEFT JOIN ON i = i
                SCAN t [i, l] WHERE (l = 2::BIGINT)
                SCAN t [i, l, d] WHERE (l = 1::BIGINT)
          """)
    #expect(
      try planText("select a.i from t a, t b where a.i = b.l and a.d < b.d") == """
        PROJECT i
          INNER JOIN ON CAST(i AS BIGINT) = l AND (d < d)
            SCAN t [i, d]
            SCAN t [l, d]
        """)
  }

  @Test func aFilterThatMayFailStaysBehindTheOthers() throws {
    let text = try planText("select i from t where s <> 'x' and s::integer = 1 and i = 2")
    #expect(text.contains("WHERE (s <> 'x'), (CAST(s AS INTEGER) = 1), (i = 2)"))
  }

  @Test func subqueriesBecomeJoins() throws {
    #expect(
      try planText("select i from t where l in (select l from t where i > 1)") == """
        PROJECT i
          SEMI JOIN ON l = l
            SCAN t [i, l]
            PROJECT l
              SCAN t [i, l] WHERE (i > 1)
        """)
    #expect(
      try planText(
        "select i from t a where not exists (select 1 from t b where b.l = a.l and b.d > a.d and b.i > 1)"
      )
        == """
        PROJECT i
          ANTI JOIN ON l = l AND (max d > d)
            SCAN t [i, l, d]
            AGGREGATE max(d) BY l
              SCAN t [i, l, d] WHERE (i > 1)
        """)
    let several = try planText(
      "select i from t a where exists (select 1 from t b where b.l = a.l and b.d + b.i > a.d)")
    #expect(several.contains("DISTINCT"))
    #expect(
      try planText("select i, sum(l) over () from t") == """
        PROJECT i, sum(l) OVER (...)
          CROSS JOIN
            SCAN t [i]
            AGGREGATE sum(l)
              SCAN t [l]
        """)
    let either = try planText(
      "select i from t a where i = 1 or exists (select 1 from t b where b.i = a.i)")
    #expect(either.contains("LEFT JOIN"))
    #expect(either.contains("INNER JOIN ON outer 0 = i"))
  }

  @Test func constantsAreComputedOnce() throws {
    let text = try planText("select i from t where ts < '2019-10-01' and i > 1 + 2 and not false")
    #expect(text.contains("(ts < 1569888000000000::TIMESTAMP)"))
    #expect(text.contains("(i > 3)"))
    #expect(try planText("select i from t where i > cast('x' as integer)").contains("CAST('x'"))
  }

  @Test func keysThatFollowFromOthersAreNotGroupedBy() throws {
    #expect(
      try planText("select l, l - 1, 7 as seven, count(*) from t group by l, l - 1, seven") == """
        PROJECT l, (l - 1::BIGINT) AS (l - 1), 7 AS seven, count_star()
          AGGREGATE count(*) BY l
            SCAN t [l]
        """)
    #expect(
      try planText("select (l + i) * 2, count(*) from t group by (l + i) * 2, l + i") == """
        PROJECT ((l + i) * 2::BIGINT) AS ((l + i) * 2), count_star()
          AGGREGATE count(*) BY (l + CAST(i AS BIGINT)) AS (l + i)
            SCAN t [i, l]
        """)
    let constants = try planText("select 1, 'x', count(*) from t group by 1, 2")
    #expect(constants.contains("BY 1"))
    #expect(!constants.contains("BY 1, "))
  }

  @Test func keysThatTellMoreThanOthersAreGroupedBy() throws {
    // 0.0 and -0.0 are one group of d, and not of its text.
    #expect(
      try planText("select count(*) from t group by d, d::varchar").contains(
        "BY d, CAST(d AS VARCHAR)"))
    #expect(try planText("select count(*) from t group by l, l + i").contains("BY l, (l + "))
    #expect(try planText("select count(*) from t group by l, random()").contains("BY l, random()"))
    #expect(
      try planText("select l, l + 1, count(*) from t group by rollup (l, l + 1)").contains(
        "SETS"))
  }

  /// The aggregation in the plan of a query over `n (i INTEGER, l BIGINT)`, whose rows have the values.
  private func aggregation(_ sql: String, values: [Int64?]) throws -> String {
    let database = Database(options: QueryOptions())
    try database.register(
      MemoryTable(
        [("i", .integer), ("l", .bigint)], [Value.integers(values), Value.integers(values)]),
      as: "n")
    let lines = try database.plan(sql).explained.split(separator: "\n")
    return lines.first { $0.contains("AGGREGATE") }.map { $0.drop { $0 == " " } }.map(String.init)
      ?? ""
  }

  @Test func constantsAreTakenOutOfSums() throws {
    #expect(
      try aggregation("select sum(l), sum(l + 1), sum(2 - l) from n", values: [1, nil, 3])
        == "AGGREGATE sum(l), count(l)")
    #expect(
      try aggregation("select sum(l + 1) filter (l > 1), sum(l) from n", values: [1, 2])
        == "AGGREGATE sum(l) FILTER (WHERE (l > 1::BIGINT)), "
        + "count(l) FILTER (WHERE (l > 1::BIGINT)), sum(l)")
    // With groups, unless there would be more aggregates.
    #expect(
      try aggregation("select sum(l + 1) from n group by i", values: [1, 2])
        == "AGGREGATE sum((l + 1::BIGINT)) BY i")
    #expect(
      try aggregation("select sum(l + 1), sum(l + 2) from n group by i", values: [1, 2])
        == "AGGREGATE sum(l), count(l) BY i")
    #expect(
      try aggregation("select sum(distinct l + 1) from n", values: [1, 2]).contains("(l + "))
  }

  @Test func constantsStayInSumsThatMayOverflow() throws {
    #expect(
      try aggregation("select sum(l + 1) from n", values: [1, .max]).contains("(l + 1::BIGINT)"))
    #expect(try aggregation("select sum(l + 0) from n", values: [1, .max]).contains("sum(l), "))
    #expect(
      try aggregation("select sum(-2 - l) from n", values: [1, .max]).contains(
        "(-2::BIGINT - l)"))
    #expect(
      try aggregation("select sum(i + 1) from n", values: [1, 2_147_483_647]).contains("(i + 1)"))
    #expect(try planText("select sum(l + 1) from t").contains("(l + 1::BIGINT)"))
  }
}
