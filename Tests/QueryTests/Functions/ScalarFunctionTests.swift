import Testing

@testable import Query

/// Values and types as DuckDB 2.0.0 gives them.
@Suite struct ScalarFunctionTests {
  private func check(_ cases: [(String, String)]) throws {
    for (expression, expected) in cases {
      #expect(try evaluate(expression) == expected, "\(expression)")
    }
  }

  @Test func decimalArithmeticIsTypedExactly() throws {
    try check([
      ("1::decimal(9,2) + 1::decimal(9,2)", "DECIMAL(10,2) 2.00"),
      ("1::decimal(18,2) + 1::decimal(18,2)", "DECIMAL(19,2) 2.00"),
      ("1::decimal(9,2) * 1.5::decimal(9,2)", "DECIMAL(18,4) 1.5000"),
      ("1::decimal(9,2) * 2", "DECIMAL(18,2) 2.00"),
      ("1::decimal(9,2) * 2::bigint", "DECIMAL(28,2) 2.00"),
      ("1::decimal(9,2) + 1::bigint", "DECIMAL(22,2) 2.00"),
      ("7.5 % 2", "DECIMAL(11,1) 1.5"),
      ("1::decimal(9,2) / 4", "DOUBLE 0.25"),
      ("12.5::decimal(4,1) // 2", "DOUBLE 6.25"),
      ("7 // 2", "INTEGER 3"),
      ("-7 // 2", "INTEGER -3"),
      ("-7 % 3", "INTEGER -1"),
      ("7 / 2", "DOUBLE 3.5"),
      ("7 / 0", "DOUBLE inf"),
      ("10::hugeint // 3", "DECIMAL(38,0) 3"),
      ("null + 1", "INTEGER NULL"),
    ])
  }

  @Test func whatDoesNotFitIsAnError() throws {
    for expression in [
      "2147483647 + 1", "9223372036854775807 + 1", "9223372036854775807 * 2", "7 % 0", "7 // 0",
      "(-9223372036854775808)::bigint // (-1)::bigint", "abs((-9223372036854775808)::bigint)",
      "99999999999999999999999999999999999999::decimal(38,0) + 1", "1e10::integer",
      "'nan'::double::integer", "'abc'::integer", "123456::decimal(9,2)::decimal(4,2)",
      "'2020-13-01'::date", "1.0 // 0", "make_date(2020, 2, 30)", "lpad('a', 3, '')",
      "repeat('abcdefgh', 1000000000)", "1 << 31", "factorial(34)", "chr(-1)",
      "'170141183460469231731687303715884105727.5'::decimal(38,0)",
      "date '2020-01-01' + 3000000000", "strptime('2020', '%d')",
      "strftime(date '2020-01-01', '%Q')",
    ] {
      #expect(try evaluate(expression) == "error: bad value", "\(expression)")
    }
  }

  @Test func rounding() throws {
    try check([
      ("round(1.255::decimal(9,3), 2)", "DECIMAL(9,2) 1.26"), ("round(2.5)", "DECIMAL(2,0) 3"),
      ("round(-2.5::double)", "DOUBLE -3.0"), ("round(15, -1)", "INTEGER 20"),
      ("round(1.255::decimal(9,3), -1)", "DECIMAL(9,0) 0"), ("floor(-2.5)", "DECIMAL(2,0) -3"),
      ("ceil(-2.5)", "DECIMAL(2,0) -2"), ("trunc(2.567, 1)", "DECIMAL(4,1) 2.5"),
      ("round(2.567::double, 2)", "DOUBLE 2.57"), ("floor(5)", "DOUBLE 5.0"),
      ("sign(-2.5)", "INTEGER -1"), ("abs(-2.5)", "DECIMAL(2,1) 2.5"),
      ("round(1.5e300, 2)", "DOUBLE 1.5e+300"), ("sqrt(-1)", "DOUBLE nan"),
      ("log(100)", "DOUBLE 2.0"), ("2 ** 10", "DOUBLE 1024.0"),
    ])
  }

  @Test func textByCodePoint() throws {
    try check([
      ("length('añb')", "BIGINT 3"), ("strlen('añb')", "BIGINT 4"),
      ("substring('hello', 0, 3)", "VARCHAR he"), ("substring('hello', -3, 2)", "VARCHAR ll"),
      ("substring('hello', -10, 8)", "VARCHAR hel"), ("substring('hello', 3, -2)", "VARCHAR he"),
      ("substring('añbç', 2, 2)", "VARCHAR ñb"), ("left('hello', -2)", "VARCHAR hel"),
      ("right('hello', -2)", "VARCHAR llo"), ("lpad('a', 3, 'xy')", "VARCHAR xya"),
      ("rpad('abcdef', 3, 'x')", "VARCHAR abc"), ("split_part('a,b,c', ',', -1)", "VARCHAR c"),
      ("split_part('abc', '', 1)", "VARCHAR a"), ("strpos('añb', 'b')", "BIGINT 3"),
      ("trim('xyax', 'xy')", "VARCHAR a"), ("upper('straße ñ')", "VARCHAR STRAẞE Ñ"),
      ("lower('ÀÉ')", "VARCHAR àé"), ("reverse('añb')", "VARCHAR bña"),
      ("concat('a', null, 1)", "VARCHAR a1"), ("concat_ws(',', 'a', null, 'b')", "VARCHAR a,b"),
      ("'a' || null", "NULL NULL"), ("replace('abcabc', 'b', 'xx')", "VARCHAR axxcaxxc"),
      ("ascii('é')", "INTEGER 233"), ("chr(233)", "VARCHAR é"), ("repeat('ab', 2)", "VARCHAR abab"),
      ("'abc' like 'a_c'", "BOOLEAN true"), ("'añc' like 'a_c'", "BOOLEAN true"),
      ("'aXbXc' like 'a%b%c'", "BOOLEAN true"), ("'aXbXcd' like 'a%b%c'", "BOOLEAN false"),
      ("'ABC' ilike 'a%'", "BOOLEAN true"), ("'a%' like 'a$%' escape '$'", "BOOLEAN true"),
      ("'' like '%'", "BOOLEAN true"), ("'ab' like '%%b'", "BOOLEAN true"),
      ("'abab' like '%ab'", "BOOLEAN true"), ("'aab' like 'a%ab'", "BOOLEAN true"),
      ("'ab' like 'ab%ab'", "BOOLEAN false"), ("starts_with('abc', '')", "BOOLEAN true"),
      ("ends_with('abc', 'abcd')", "BOOLEAN false"),
    ])
  }

  @Test func casts() throws {
    try check([
      ("'1.5'::integer", "INTEGER 2"), ("'1e3'::integer", "INTEGER 1000"),
      ("'  12 '::integer", "INTEGER 12"), ("try_cast('abc' as integer)", "INTEGER NULL"),
      ("2.5::double::integer", "INTEGER 2"), ("2.5::integer", "INTEGER 3"),
      ("-2.5::integer", "INTEGER -3"), ("'1.555'::decimal(9,2)", "DECIMAL(9,2) 1.56"),
      ("1.005::double::decimal(9,2)", "DECIMAL(9,2) 1.00"),
      ("1e20::double::varchar", "VARCHAR 1e+20"),
      ("1::double::varchar", "VARCHAR 1.0"), ("'yes'::boolean", "BOOLEAN true"),
      ("true::integer", "INTEGER 1"), ("timestamp '2020-01-01 05:00:00'::date", "DATE 2020-01-01"),
      ("'2020-01-01 05:00:00 UTC'::timestamp", "TIMESTAMP 2020-01-01 05:00:00"),
      ("'2020-01-01 05:00:00+02'::timestamp", "TIMESTAMP 2020-01-01 05:00:00"),
      ("'2020-1-5'::date", "DATE 2020-01-05"), ("null::decimal(9,2)", "DECIMAL(9,2) NULL"),
      ("(null::integer)::double", "DOUBLE NULL"),
      (
        "'0A0B1C2D-0000-0000-0000-000000000001'::uuid", "UUID 0a0b1c2d-0000-0000-0000-000000000001"
      ),
      ("'-170141183460469231731687303715884105728'::decimal(38,0)", "error: bad value"),
    ])
  }

  @Test func datesInUTC() throws {
    try check([
      ("extract(hour from timestamp '1969-12-31 23:00:00')", "BIGINT 23"),
      ("extract(dow from date '2020-01-05')", "BIGINT 0"),
      ("isodow(date '2020-01-05')", "BIGINT 7"),
      ("date_part('week', date '2021-01-03')", "BIGINT 53"),
      ("date_part('isoyear', date '2021-01-03')", "BIGINT 2020"),
      ("epoch(timestamp '2020-01-01 00:00:00.5')", "DOUBLE 1577836800.5"),
      ("date_trunc('week', timestamp '2020-01-01 05:00')", "TIMESTAMP 2019-12-30 00:00:00"),
      ("date_trunc('quarter', date '2020-02-11')", "TIMESTAMP 2020-01-01 00:00:00"),
      ("date_diff('month', date '2020-01-31', date '2020-02-01')", "BIGINT 1"),
      ("date_sub('month', date '2020-01-31', date '2020-02-29')", "BIGINT 1"),
      ("timestamp '2020-01-31' + interval '1 month'", "TIMESTAMP 2020-02-29 00:00:00"),
      ("date '2020-01-31' - interval '1 month'", "TIMESTAMP 2019-12-31 00:00:00"),
      ("date '2020-01-01' + 31", "DATE 2020-02-01"),
      ("date '2020-01-02' - date '2020-01-01'", "BIGINT 1"),
      ("last_day(date '2020-02-03')", "DATE 2020-02-29"),
      ("dayname(date '2020-01-01')", "VARCHAR Wednesday"),
      (
        "strftime(timestamp '2020-01-05 13:04:05.123456', '%a %d %-d %I %p %j %f %y %U %W %V')",
        "VARCHAR Sun 05 5 01 PM 005 123456 20 01 00 01"
      ),
      (
        "strptime('05/Jan/2020 1:02:03 PM', '%d/%b/%Y %I:%M:%S %p')",
        "TIMESTAMP 2020-01-05 13:02:03"
      ),
      ("make_timestamp(2020, 1, 2, 3, 4, 5.5)", "TIMESTAMP 2020-01-02 03:04:05.5"),
      ("interval '1 month' * 1.5", "INTERVAL 1 month 15 days"),
      ("interval '1 month' = interval '30 days'", "BOOLEAN true"),
      (
        "time_bucket(interval '1 day', timestamp '2020-01-01 05:00')",
        "TIMESTAMP 2020-01-01 00:00:00"
      ),
    ])
  }

  @Test func nullsAndNaN() throws {
    try check([
      ("'nan'::double = 'nan'::double", "BOOLEAN true"), ("'nan'::double > 1e308", "BOOLEAN true"),
      ("0.0::double = -0.0::double", "BOOLEAN true"), ("2 in (1, null)", "BOOLEAN NULL"),
      ("1 in (1, null)", "BOOLEAN true"), ("false and null", "BOOLEAN false"),
      ("true or null", "BOOLEAN true"), ("1 is distinct from null", "BOOLEAN true"),
      ("null is not distinct from null", "BOOLEAN true"), ("greatest(null, 1)", "INTEGER 1"),
      ("coalesce(null, 2.5, 1 // 0)", "DECIMAL(11,1) 2.5"), ("nullif(1, 1)", "INTEGER NULL"),
      ("1 between null and 0", "BOOLEAN false"), ("case when null then 1 else 2 end", "INTEGER 2"),
    ])
  }
}
