import Testing

@testable import Query

/// Values as DuckDB 2.0.0 gives them.
@Suite struct RegexTests {
  @Test(arguments: [
    ("regexp_matches('abc', 'b')", "BOOLEAN true"),
    ("regexp_matches('abc', '^b')", "BOOLEAN false"),
    ("regexp_full_match('abc', 'a.c')", "BOOLEAN true"),
    ("regexp_full_match('abcd', 'a.c')", "BOOLEAN false"),
    ("regexp_full_match('ab', 'a|ab')", "BOOLEAN true"),
    ("regexp_replace('abab', 'a', 'x')", "VARCHAR xbab"),
    ("regexp_replace('abab', 'a', 'x', 'g')", "VARCHAR xbxb"),
    ("regexp_replace('hello world', '(\\w+) (\\w+)', '\\2 \\1')", "VARCHAR world hello"),
    ("regexp_replace('baac', 'a*', 'x', 'g')", "VARCHAR xbxcx"),
    ("regexp_replace('abc', '', '-', 'g')", "VARCHAR -a-b-c-"),
    ("regexp_extract('abc123', '([a-z]+)(\\d+)', 2)", "VARCHAR 123"),
    ("regexp_extract('abc', '\\d+')", "VARCHAR "), ("regexp_extract('aaa', 'a+?')", "VARCHAR a"),
    ("regexp_extract('aXbbYc', '(b|bb)Y')", "VARCHAR bbY"),
    ("regexp_extract('xaaay', 'a{2,}')", "VARCHAR aaa"),
    ("regexp_extract('xaaay', 'a{2}')", "VARCHAR aa"),
    ("regexp_matches('ABC', 'b', 'i')", "BOOLEAN true"),
    ("regexp_matches('ABC', '(?i)b')", "BOOLEAN true"),
    ("regexp_matches('É', 'é', 'i')", "BOOLEAN true"),
    ("regexp_matches('añb', '^a.b$')", "BOOLEAN true"),
    ("regexp_matches('a.b', 'a\\.b')", "BOOLEAN true"),
    ("regexp_matches('x y', '\\by\\b')", "BOOLEAN true"),
    ("regexp_matches('a-1', '[^[:alpha:]]\\d')", "BOOLEAN true"),
    ("regexp_matches(null, 'a')", "BOOLEAN NULL"),
    // An exponential search would never come back from this.
    ("regexp_matches(repeat('a', 500) || 'b', '(a*)*c')", "BOOLEAN false"),
    ("regexp_matches('abc', '[')", "error: bad value"),
    ("regexp_matches('abc', 'a**')", "error: bad value"),
    ("regexp_matches('abc', '(a')", "error: bad value"),
    ("regexp_matches('abc', 'a)')", "error: bad value"),
    ("regexp_matches('abc', '*a')", "error: bad value"),
    ("regexp_matches('abc', 'a\\')", "error: bad value"),
    ("regexp_matches('abc', '(((((a{1000}){1000}){1000}){1000}){1000})')", "error: bad value"),
    ("regexp_extract('abc', 'a', 1)", "VARCHAR "),
    ("regexp_matches('abc', 'a', 'q')", "error: bad value"),
  ])
  func agreesWithDuckDB(expression: String, expected: String) throws {
    #expect(try evaluate(expression) == expected, "\(expression)")
  }
}
