import Testing

@testable import Query

@Suite struct SQLTextTests {
  private func parts(_ sql: String) -> [String] {
    let bytes = Array(sql.utf8)
    return SQLText(sql).parts.map { part in
      "\(part.kind) \(String(decoding: bytes[part.range], as: UTF8.self))"
    }
  }

  @Test func everyPartHasItsKind() {
    #expect(
      parts("SELECT count(x), \"y z\" -- é\nFROM t WHERE a = 'b''c' AND $p>1.5 /* end */;") == [
        "keyword SELECT", "call count", "symbol (", "name x", "symbol )", "symbol ,",
        "quotedName \"y z\"", "comment -- é", "keyword FROM", "name t", "keyword WHERE", "name a",
        "symbol =", "string 'b''c'", "keyword AND", "parameter $p", "symbol >", "number 1.5",
        "comment /* end */", "symbol ;",
      ])
  }

  @Test(arguments: [
    ("a 'open", "unterminated 'open"), ("a \"open", "unterminated \"open"),
    ("a $x$ open $", "unterminated $x$ open $"), ("a /* open", "unterminated /* open"),
    ("a ` b", "invalid ` b"),
  ])
  func whatDoesNotEndIsToldFromWhatIsNoSQL(sql: String, last: String) {
    #expect(parts(sql).last == last)
  }

  @Test(arguments: [
    ("select 1", [], true), ("select 1;", [9], false), (" ; ; ", [2, 4], false),
    ("select ';'; x", [11], true), ("-- ;", [], false), ("a ` ;", [5], false), ("a ';", [], true),
  ])
  func statementsEndWithSemicolons(sql: String, ends: [Int], isUnfinished: Bool) {
    let text = SQLText(sql)
    #expect(text.statementEnds == ends)
    #expect(text.isUnfinished == isUnfinished)
  }

  @Test func anyBytesAreText() {
    var numbers = SeededNumbers(seed: 3)
    let pieces = [
      "'", "\"", "$", "$a$", "/*", "*/", "--", "\n", ";", "é", "x", "1e", "E'", "\\", " ",
    ]
    for _ in 0..<2000 {
      let sql = (0..<Int.random(in: 0..<12, using: &numbers)).map { _ in
        pieces.randomElement(using: &numbers) ?? ""
      }.joined()
      var last = 0
      for part in SQLText(sql).parts {
        #expect(part.range.lowerBound >= last && part.range.upperBound <= sql.utf8.count, "\(sql)")
        last = part.range.upperBound
      }
    }
  }
}
