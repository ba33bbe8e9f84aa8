import ColStore
import Testing

@testable import Query

/// Values and types as DuckDB 2.0.0 gives them.
@Suite struct AggregateFunctionTests {
  private func check(_ rows: String, _ cases: [(String, String)]) throws {
    for (expression, expected) in cases {
      #expect(try evaluate("\(expression) from (values \(rows)) t(x)") == expected, "\(expression)")
    }
  }

  @Test func ofIntegers() throws {
    try check(
      "(1), (2), (4)",
      [
        ("sum(x)", "DECIMAL(38,0) 7"), ("avg(x)", "DOUBLE 2.3333333333333335"),
        ("stddev(x)", "DOUBLE 1.5275252316519465"), ("var_pop(x)", "DOUBLE 1.5555555555555554"),
        ("median(x)", "DOUBLE 2.0"), ("quantile_disc(x, 0.34)", "INTEGER 2"),
        ("quantile_disc(x, 0.33)", "INTEGER 1"), ("quantile_cont(x, 0.25)", "DOUBLE 1.5"),
        ("product(x)", "DOUBLE 8.0"),
        ("string_agg(x::varchar, '-' order by x desc)", "VARCHAR 4-2-1"),
        ("bit_or(x)", "INTEGER 7"), ("bit_and(x)", "INTEGER 0"),
        ("count_if(x > 1)", "DECIMAL(38,0) 2"),
        ("arg_max(x, -x)", "INTEGER 1"), ("first(x)", "INTEGER 1"), ("last(x)", "INTEGER 4"),
        ("array_agg(x order by x desc)", "INTEGER[] [4, 2, 1]"),
        ("round(skewness(x), 10)", "DOUBLE 0.9352195296"),
        ("entropy(x)", "DOUBLE 1.584962500721156"),
        ("sum(x) filter (where x > 100)", "DECIMAL(38,0) NULL"),
        ("avg(distinct x // 2)", "DOUBLE 1.0"),
      ])
  }

  @Test func ofTextsAndNulls() throws {
    try check(
      "('b'), (null), ('a'), ('b')",
      [
        ("min(x)", "VARCHAR a"), ("max(x)", "VARCHAR b"), ("mode(x)", "VARCHAR b"),
        ("count(x)", "BIGINT 3"), ("count(distinct x)", "BIGINT 2"), ("last(x)", "VARCHAR b"),
        ("string_agg(x, ',')", "VARCHAR b,a,b"), ("string_agg(distinct x, ',')", "VARCHAR b,a"),
        ("median(x)", "VARCHAR b"), ("any_value(x)", "VARCHAR b"),
        ("bool_and(x = 'b')", "BOOLEAN false"),
      ])
    try check(
      "(null::integer)",
      [
        ("sum(x)", "DECIMAL(38,0) NULL"), ("avg(x)", "DOUBLE NULL"), ("median(x)", "DOUBLE NULL"),
        ("product(x)", "DOUBLE NULL"), ("mode(x)", "INTEGER NULL"),
        ("count(distinct x)", "BIGINT 0"),
        ("array_agg(x)", "INTEGER[] [NULL]"), ("string_agg(x::varchar, ',')", "VARCHAR NULL"),
      ])
  }

  @Test func ofDecimalsAndDates() throws {
    try check(
      "(-1.01::decimal(9,2)), (-1.02)",
      [
        ("median(x)", "DECIMAL(9,2) -1.01"), ("sum(x)", "DECIMAL(38,2) -2.03"),
        ("avg(x)", "DOUBLE -1.015"), ("max(x)", "DECIMAL(9,2) -1.01"),
      ])
    try check(
      "(date '2020-01-01'), (date '2020-01-04')",
      [
        ("median(x)", "TIMESTAMP 2020-01-02 12:00:00"), ("avg(x)", "TIMESTAMP 2020-01-02 12:00:00"),
        ("quantile_disc(x, 0.5)", "DATE 2020-01-01"),
      ])
  }

  @Test func everyNameIsRegisteredOnce() {
    let names = FunctionRegistry.scalars.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    #expect(FunctionRegistry.scalar("LOWER")?.name == "lower")
    #expect(FunctionRegistry.aggregate("Sum")?.name == "sum")
    #expect(FunctionRegistry.scalar("no_such_function") == nil)
  }
}
