import Testing

@testable import Query

/// Text that nobody writes must end in a ``QueryError`` or a plan, never in a trap.
@Suite struct HostileInputTests {
  private func survive(_ sql: String) throws {
    let database = try planningDatabase()
    do {
      _ = try database.plan(sql)
    } catch {
      #expect(!error.render(sql: sql).isEmpty)
    }
  }

  @Test(arguments: [
    "(", "not ", "- ", "case when ", "select (", "cast(", "a[", "f(", "1 + (", "x in (",
    "exists (select ", "~", "[", "interval (", "(select 1 union ",
  ])
  func nesting(part: String) throws {
    for prefix in ["select ", "select 1 from ", "select * from t where "] {
      try survive(prefix + String(repeating: part, count: 100_000))
    }
  }

  @Test(arguments: [
    "+1", "||'a'", " and b", " or b", "::integer", "[1]", " union select 1", ", t", " cross join t",
    " is null", " between 1 and 2", "!", ".a", " intersect select 1", " ", ";",
  ])
  func chains(part: String) throws {
    for prefix in ["select b from t where b", "select 1", "select i from t"] {
      try survive(prefix + String(repeating: part, count: 20_000))
    }
  }

  @Test func closedNestingNearTheLimit() throws {
    for depth in [10, 70, 140, 200, 1_000] {
      let open = String(repeating: "(", count: depth)
      let close = String(repeating: ")", count: depth)
      try survive("select \(open)1\(close)")
      try survive("select * from \(open)select 1\(close)")
      try survive("\(open)select 1\(close)")
      let selects = String(repeating: "select (", count: depth)
      try survive("\(selects)select 1\(close)")
      let froms = String(repeating: "select * from (", count: depth)
      try survive("\(froms)select 1\(close)")
      try survive(
        "select " + String(repeating: "case when true then ", count: depth)
          + "1" + String(repeating: " end", count: depth))
    }
  }

  @Test func aliasesAndCommonTablesThatDouble() throws {
    var select = "select 1 as a0"
    for level in 1..<60 { select += ", a\(level - 1) + a\(level - 1) as a\(level)" }
    try survive(select)
    var with = "with c0 as (select 1 as x)"
    for level in 1..<60 {
      with += ", c\(level) as (select a.x from c\(level - 1) a, c\(level - 1) b)"
    }
    try survive(with + " select * from c59")
    try survive("select a as b, b as a from (select 1 as c)")
    try survive("select a + 1 as a where a = 1")
    try survive("select rank() over w window w as (w), v as (w)")
  }

  @Test func randomTokens() throws {
    let tokens = [
      "select", "from", "where", "group", "by", "having", "order", "limit", "union", "all", "with",
      "as", "t", "ev", "i", "l", "s", "p", "ts", "brand", "a.b", "*", "(", ")", ",", "1", "1.5",
      "'x'", "null", "+", "-", "=", "<", "and", "or", "not", "in", "like", "between", "case",
      "when",
      "then", "else", "end", "cast", "::", "integer", "count", "sum", "over", "partition", "rows",
      "unbounded", "preceding", "join", "left", "on", "using", "exists", "values", "distinct",
      "interval", "day", "date", "extract", "[", "]", ".", ";", "\"q\"", "$1", "is", "true",
      "offset",
      "qualify", "window", "rollup", "filter", "lateral", "e'", "/*", "--", "$$", "€", "\u{0}",
      "#1",
      "9223372036854775808", "1e999", "-9223372036854775808", "0.00000000000000000000000000000001",
    ]
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
    for _ in 0..<4_000 {
      var sql = random(4) == 0 ? "" : "select "
      for _ in 0..<(1 + random(25)) { sql += tokens[random(tokens.count)] + " " }
      try survive(sql)
    }
  }

  @Test func truncatedAndDamagedStatements() throws {
    let whole = Array(
      """
      with a as (select brand, sum(price) filter (where i > 1) m, count(distinct user_id) n
        from ev left join t on ev.user_id = t.l and t.s like '%x' where event_time >=
        timestamp '2019-10-01' and price between 1 and 2.5 or brand in ('a', 'b''c') group by rollup
        (brand)) select *, row_number() over (partition by m order by n desc rows between 1
        preceding and current row) r from a where m > (select avg(m) from a) qualify r < 3 order by 1
      """.utf8)
    var state: UInt64 = 88_172_645_463_325_252
    for end in 0...whole.count {
      try survive(String(decoding: whole[..<end], as: UTF8.self))
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var damaged = whole
      damaged[Int(state >> 33) % whole.count] = UInt8(truncatingIfNeeded: state >> 20)
      try survive(String(decoding: damaged, as: UTF8.self))
    }
  }
}
