import Testing

@testable import Query

/// The expression of `select <text>` with every operator in parentheses, or the error.
private func parsed(_ text: String) -> String {
  var parser = Parser("select " + text)
  do {
    guard case .query(let query)? = try parser.nextStatement(),
      case .select(let select) = query.body
    else { return "no select" }
    return select.results.map(\.expression.columnName).joined(separator: " ; ")
  } catch {
    return "error: \(error.message)"
  }
}

@Suite struct ParserTests {
  @Test(arguments: [
    ("1+2*3%2", "(1 + ((2 * 3) % 2))"),
    ("10-5-2", "((10 - 5) - 2)"),
    ("2**3**2", "((2 ** 3) ** 2)"),
    ("-2**2", "(-2 ** 2)"),
    ("2 * -3", "(2 * -3)"),
    ("1 || 2 + 3", "(1 || (2 + 3))"),
    ("5 & 3 = 1", "((5 & 3) = 1)"),
    ("1 << 2 || 'a'", "((1 << 2) || 'a')"),
    ("not a = b and c", "((NOT (a = b)) AND c)"),
    ("a or b and c or d", "(a OR (b AND c) OR d)"),
    ("not 1 in (2)", "(NOT (1 IN (2)))"),
    ("1 in (1) = true", "((1 IN (1)) = true)"),
    ("true = 1 in (1)", "(true = (1 IN (1)))"),
    ("1 = 2 is null", "((1 = 2) IS NULL)"),
    ("1 is null = false", "((1 IS NULL) = false)"),
    ("1 not null", "(1 IS NOT NULL)"),
    ("a between 1 and 2 + 3 and c", "((a BETWEEN 1 AND (2 + 3)) AND c)"),
    ("a not between 1 and 2", "(a NOT BETWEEN 1 AND 2)"),
    ("'a' || 'b' like 'a' || '%'", "(('a' || 'b') ~~ ('a' || '%'))"),
    ("a not like 'b'", "(a !~~ 'b')"),
    ("a is not distinct from b", "(a IS NOT DISTINCT FROM b)"),
    ("-1::integer", "-(CAST(1 AS INTEGER))"),
    ("'1'::decimal(9, 2)", "CAST('1' AS DECIMAL(9, 2))"),
    ("try_cast(a as double precision)", "TRY_CAST(a AS DOUBLE)"),
    ("cast(a as integer[])", "CAST(a AS INTEGER[])"),
    ("date '2019-10-01'", "CAST('2019-10-01' AS DATE)"),
    ("date, count", "date ; count"),
    ("interval 3 days", "to_days(3)"),
    ("interval '1 day'", "CAST('1 day' AS INTERVAL)"),
    ("extract(hour from t)", "date_part('hour', t)"),
    ("substring(s from 2 for 1)", "substring(s, 2, 1)"),
    ("trim(leading 'x' from s)", "ltrim(s, 'x')"),
    ("position('b' in s)", "position(s, 'b')"),
    ("case a when 1 then 'x' else 'y' end", "CASE a WHEN (1) THEN ('x') ELSE 'y' END"),
    ("count(*)", "count_star()"),
    ("count(distinct a)", "count(DISTINCT a)"),
    ("left(s, 1)", "left(s, 1)"),
    ("\"from\".\"a\"\"b\"", "a\"b"),
    ("e'a\\n'", "'a\n'"),
    ("$$it's$$, $x$ $$ $x$", "'it's' ; ' $$ '"),
    ("1_000, .5, 1e3, 5.", "1000 ; .5 ; 1e3 ; 5."),
    ("/* a /* b */ c */ 1 -- d", "1"),
    ("[1, 2][1]", "list_value(1, 2)[1]"),
    ("a, b,", "a ; b"),
    ("5!", "factorial(5)"),
    ("(1)", "1"),
    ("((select 1))", "(SELECT ...)"),
    ("((select 1) + 2)", "((SELECT ...) + 2)"),
    ("x: 1", "1"),
  ])
  func expressions(text: String, expected: String) {
    #expect(parsed(text) == expected)
  }

  @Test(arguments: [
    "from t", "from t select a", "select a from t where b group by all having c order by all",
    "select * exclude (a, b) replace (1 as c) rename (d as e) from t",
    "select t.* from t, u cross join v", "select 1 union all select 2 intersect select 3",
    "with a as (select 1), b(x) as materialized (select 2) select * from a join b on true",
    "values (1, 'a'), (2, null) order by 1 limit 1 offset 1",
    "select a, sum(b) filter (where c) over (partition by d order by e desc nulls first "
      + "rows between 1 preceding and unbounded following) from t window w as (order by a)",
    "select rank() over w from t window w as (partition by a) qualify 1 = 1",
    "select distinct on (a, b) c from t order by a", "select a from t natural left join u",
    "select a from t semi join u using (a) anti join v on t.a = v.a",
    "select a from t group by grouping sets ((a, b), (a), ()), rollup (c), cube (d, (e, f))",
    "select string_agg(a, ',' order by b) from t fetch first 3 rows only",
    "explain analyze select 1", "describe t", "summarize t", "show tables", "table t",
    "copy (select 1) to 'x.csv' (format csv, header)", "create table x as select 1",
    "select 1 as select, 2 as \"order\"", ";; select 1 ;", "select (select max(a) from t)",
    "select a from t where b in (select c from u) and not exists (select 1 from v)",
    "select first_value(a ignore nulls) over (order by b), lag(a, 1, 0) over (order by b) from t",
    "select a from (values (1)) v(a)", "select * from range(3) r", "select 1 \u{a0} + 1",
  ])
  func statementsParse(sql: String) throws {
    var parser = Parser(sql)
    let first = try parser.nextStatement()
    #expect(first != nil)
    #expect(try parser.nextStatement() == nil)
  }

  @Test(arguments: [
    ("selct 1", 0, "did you mean SELECT?"),
    ("select 1 form t", 14, nil),
    ("select a b c from t", 11, nil),
    ("select 'abc", 7, nil),
    ("select 1 /* x", 9, nil),
    ("select (1", 9, nil),
    ("select a from t where", 21, nil),
    ("select a from t group a", 22, nil),
    ("select a from t join u", 22, nil),
    ("select case a when 1 end", 21, nil),
    ("select 1 = 1 = 1", 13, "join them with AND"),
    ("select from t", 7, nil),
    ("select a from t limit 1 2", 24, nil),
    ("select \"\" from t", 7, nil),
    ("select 'a' 'b'", 11, "names are quoted with \"double quotes\""),
    ("select 1; selec 2", 10, "did you mean SELECT?"),
    ("select ` from t", 7, nil),
  ])
  func errors(sql: String, position: Int, hint: String?) {
    var parser = Parser(sql)
    do {
      while try parser.nextStatement() != nil {}
      Issue.record("\(sql) is no SQL")
    } catch {
      #expect(error.kind == .syntax)
      #expect(error.position == position, "\(error.message)")
      if let hint { #expect(error.hint == hint) }
    }
  }

  @Test func errorsWaitForTheirStatement() throws {
    var parser = Parser("select 1; select 'open")
    #expect(try parser.nextStatement() != nil)
    #expect(throws: QueryError.self) { try parser.nextStatement() }
  }
}
