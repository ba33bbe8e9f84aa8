import Testing

@testable import Query

@Suite struct ErrorRenderingTests {
  @Test func caretUnderThePlace() {
    let error = QueryError(
      .name, "there is no column \"brnd\"", at: 7, hint: "did you mean \"brand\"?")
    #expect(
      error.render(sql: "select brnd from ev") == """
        unknown name: there is no column "brnd"; did you mean "brand"?
        select brnd from ev
               ^
        """)
  }

  @Test func theRightLineOfSeveral() {
    let sql = "select 1,\n\t'é€' ||\tx\nfrom t"
    let position = Array(sql.utf8).firstIndex(of: UInt8(ascii: "x"))
    #expect(
      QueryError(.name, "m", at: position).render(sql: sql) == """
        unknown name: m
         'é€' || x
                 ^
        """)
  }

  @Test func theEndOfTheText() {
    #expect(
      QueryError(.syntax, "m", at: 9).render(sql: "select 1\n") == """
        syntax error: m
        select 1
                ^
        """)
    #expect(QueryError(.syntax, "m", at: 0).render(sql: "") == "syntax error: m")
    #expect(QueryError(.syntax, "m").render(sql: "select") == "syntax error: m")
  }

  @Test func longLinesAreCut() {
    let sql = "select " + String(repeating: "a, ", count: 500) + "b"
    let lines = QueryError(.syntax, "m", at: 700).render(sql: sql).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].count <= 210)
    #expect(lines[2].last == "^")
  }
}
