import Testing

@testable import Query

/// The names and types of a query's columns; or the rendered error.
private func columns(_ sql: String) throws -> String {
  let database = try planningDatabase()
  do {
    return try database.plan(sql).schema.map { "\($0.name) \($0.type)" }
      .joined(separator: ", ")
  } catch {
    return error.render(sql: sql)
  }
}

@Suite struct BindingTests {
  @Test(arguments: [
    (
      "select 1, 3000000000, 1.5, 1e3, .5, 10000000000000000000, 'a', null, true",
      "1 INTEGER, 3000000000 BIGINT, 1.5 DECIMAL(2,1), 1e3 DOUBLE, .5 DECIMAL(1,1), "
        + "10000000000000000000 DECIMAL(38,0), 'a' VARCHAR, NULL NULL, true BOOLEAN"
    ),
    ("select -2147483648 a, -9223372036854775808 b", "a INTEGER, b BIGINT"),
    ("select I, \"i\" as \"X\" from T", "i INTEGER, X INTEGER"),
    (
      "select case when b then i else l end x, case when b then p else 0 end y from t",
      "x BIGINT, y DECIMAL(12,2)"
    ),
    (
      "select case when b then 1 else '2' end x, coalesce(p, 0.001) y, coalesce(i, d) z from t",
      "x INTEGER, y DECIMAL(10,3), z DOUBLE"
    ),
    (
      "select nullif(i, 1.5) x, if(b, ts, dt) y, ifnull(l, p) z from t",
      "x INTEGER, y TIMESTAMP, z DECIMAL(21,2)"
    ),
    (
      "select sum(i) a, sum(p) b, avg(p) c, count(*) d, max(ts) e from t",
      "a DECIMAL(38,0), b DECIMAL(38,2), c DOUBLE, d BIGINT, e TIMESTAMP"
    ),
    ("select i from t union all select s from t", "i VARCHAR"),
    ("select i x from t union select p from t", "x DECIMAL(12,2)"),
    ("values (1, 'a'), (2.5, null)", "col0 DECIMAL(11,1), col1 VARCHAR"),
    (
      "select * exclude (b, u, s, ts, dt, d) replace (l as i) rename (p as q) from t",
      "i BIGINT, l BIGINT, q DECIMAL(9,2)"
    ),
    (
      "select * from (select i, l from t) a join (select l, d from t) b using (l)",
      "i INTEGER, l BIGINT, d DOUBLE"
    ),
    ("select x + 1 as y, y * 2 as z from (select i as x from t)", "y INTEGER, z INTEGER"),
    (
      "select i::bigint a, p::decimal(4,1) b, '1'::hugeint c from t",
      "a BIGINT, b DECIMAL(4,1), c DECIMAL(38,0)"
    ),
    (
      "select rank() over (order by i) r, lag(p) over (order by i) g from t",
      "r BIGINT, g DECIMAL(9,2)"
    ),
    (
      "with a(x) as (select i from t) select x, (select max(x) from a) m from a",
      "x INTEGER, m INTEGER"
    ),
  ])
  func types(sql: String, expected: String) throws {
    #expect(try columns(sql) == expected)
  }

  @Test(arguments: [
    (
      "select brnd from ev",
      """
      unknown name: there is no column "brnd"; did you mean "brand"?
      select brnd from ev
             ^
      """
    ),
    (
      "select i from tt",
      """
      unknown name: there is no table "tt"; did you mean "t"?
      select i from tt
                    ^
      """
    ),
    (
      "select summ(i) from t",
      """
      unknown name: there is no function "summ"; did you mean "sum"?
      select summ(i) from t
             ^
      """
    ),
    (
      "select x.i from t",
      """
      unknown name: there is no table "x" in FROM
      select x.i from t
             ^
      """
    ),
    (
      "select i from t a, t b",
      """
      unknown name: the column name "i" is ambiguous; write a.i or b.i
      select i from t a, t b
             ^
      """
    ),
    (
      "select sum(i) from t where sum(i) > 1",
      """
      syntax error: WHERE cannot contain aggregates; HAVING filters groups
      select sum(i) from t where sum(i) > 1
                                 ^
      """
    ),
    (
      "select i, l + 1 from t group by i",
      """
      syntax error: the column "l" must be in GROUP BY or in an aggregate; any_value(l) takes one \
      of the values
      select i, l + 1 from t group by i
                ^
      """
    ),
    (
      "select i from t where dt = i",
      """
      type mismatch: values of type DATE and INTEGER cannot be compared; an explicit CAST is required
      select i from t where dt = i
                               ^
      """
    ),
    (
      "select case when b then i else s end from t",
      """
      type mismatch: values of type INTEGER and VARCHAR do not mix in CASE; an explicit CAST is \
      required
      select case when b then i else s end from t
             ^
      """
    ),
    (
      "select 1::float",
      """
      not supported: the type FLOAT is not supported; DOUBLE may serve instead
      select 1::float
                ^
      """
    ),
    (
      "select i from t order by 2",
      """
      unknown name: ORDER BY 2 is out of range: there are 1 columns
      select i from t order by 2
                               ^
      """
    ),
    (
      "select i from t limit -1",
      """
      bad value: LIMIT and OFFSET cannot be negative
      select i from t limit -1
                            ^
      """
    ),
    (
      "select i, l from t union select i from t",
      """
      type mismatch: both sides of a set operation need the same number of columns, not 2 and 1
      select i, l from t union select i from t
                         ^
      """
    ),
    (
      "select (select i, l from t)",
      """
      type mismatch: this subquery gives 2 columns, not one
      select (select i, l from t)
             ^
      """
    ),
    (
      "select sum(sum(i)) from t",
      """
      syntax error: aggregates cannot be nested
      select sum(sum(i)) from t
                 ^
      """
    ),
    (
      "select rank() from t",
      """
      syntax error: rank is a window function; write rank(…) OVER (…)
      select rank() from t
             ^
      """
    ),
  ])
  func errors(sql: String, expected: String) throws {
    #expect(try columns(sql) == expected)
  }
}
