import ColStore
import Testing

@testable import Query

@Suite struct SequenceAggregateTests {
  @Test(arguments: [
    ("select windowFunnel(1.5)(1, true)", 20), ("select windowFunnel(1, 'any')(1, true)", 23),
    ("select sequenceMatch('(?1')(1, true, true)", 21), ("select sum(1, 2)(3)", 11),
    ("select windowFunnel(1)", 7), ("select windowFunnel(*)(1, true)", 22),
    ("select sessionize(1, 'x') over (order by 1)", 21),
  ])
  func errorsPointAtTheParameter(_ sql: String, _ position: Int) throws {
    let error = #expect(throws: QueryError.self) { try run(sql) }
    #expect(error?.position == position, "\(sql)")
  }

  @Test func namesAreKnownToCompletion() {
    let names = Set(Database(options: QueryOptions()).functionNames)
    for name in ["windowFunnel", "sequenceMatch", "sequenceCount", "retention", "sessionize"] {
      #expect(names.contains(name))
    }
  }

  /// Rows of a group in several morsels, and groups in several workers.
  @Test(arguments: MemoryTable.Layout.allCases)
  func answersDoNotDependOnTheWay(_ layout: MemoryTable.Layout) throws {
    let table = ClickTable(rowCount: 300, seed: 4).table(layout)
    let steps = "kind = 'view', kind = 'cart', kind = 'purchase'"
    let sql =
      "select u, windowFunnel(3600)(t, \(steps)), windowFunnel(900, 'strict_order')(t, \(steps)), "
      + "windowFunnel(3600, 'strict_once')(t, \(steps), price > 5), "
      + "sequenceCount('(?1).*(?2)')(t, \(steps)), sequenceMatch('(?1)(?t<2000)(?3)')(t, \(steps)), "
      + "retention(\(steps)) from t group by u"
    let expected = sorted(try run(sql, ["t": table]))
    #expect(Set(try run(sql, ["t": table]).map { $0[1] }).count == 4)
    for way in executionWays {
      let rows = try run(sql, ["t": table], threads: way.threads, batchRows: way.batchRows)
      #expect(sorted(rows) == expected, "\(way)")
    }
  }
}
