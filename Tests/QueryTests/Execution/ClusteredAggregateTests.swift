import Testing

@testable import ColStore
@testable import Query

/// Groups by the clustering column, alone and among other keys: clusters end within morsels, go on in
/// the next, and come again in other row groups.
@Suite struct ClusteredAggregateTests {
  /// Rows in small morsels, some of which make a row group whose rows are in the order of column 0.
  private struct ClusteredTable: RowSource {
    private let table: MemoryTable
    private let several: CodeSet
    let morsels: [Morsel]

    private static let (morselRows, groupMorsels) = (7, 6)

    init(seed: UInt64) {
      var numbers = SeededNumbers(seed: seed)
      var clusters: [Int64?] = []
      var next: Int64 = 0
      for _ in 0..<5 {
        // Clusters are coded in the order in which they appear first, NULL before all.
        let old = (0..<next).filter { _ in Int.random(in: 0..<6, using: &numbers) == 0 }
        var rows: [Int64?] = []
        func add(_ cluster: Int64?) {
          let size = [1, 2, 3, 9, 20][Int.random(in: 0..<5, using: &numbers)]
          rows += [Int64?](repeating: cluster, count: size)
        }
        if Bool.random(using: &numbers) { add(nil) }
        for cluster in old { add(cluster) }
        let size = Self.morselRows * Self.groupMorsels
        while rows.count < size {
          add(next)
          next += 1
        }
        clusters += rows.prefix(size)
      }
      let kinds: [Value] = [.string("view"), .string("cart"), .null, .string("purchase")]
      table = MemoryTable(
        [("s", .bigint), ("k", .varchar), ("v", .integer)],
        [
          Value.integers(clusters),
          clusters.map { _ in kinds[Int.random(in: 0..<4, using: &numbers)] },
          clusters.map { _ in .int64(Int64.random(in: 0..<6, using: &numbers)) },
        ], layout: .coded, morselRows: Self.morselRows)
      morsels = table.morsels.map {
        Morsel(rowGroup: $0.block / Self.groupMorsels, block: $0.block, rowCount: $0.rowCount)
      }
      var rowGroups: [Int64?: Set<Int>] = [:]
      for (row, cluster) in clusters.enumerated() {
        rowGroups[cluster, default: []].insert(row / (Self.morselRows * Self.groupMorsels))
      }
      let several = CodeSet(limit: Int(next) + 1)
      for (cluster, groups) in rowGroups where groups.count > 1 {
        several.insert(UInt32((cluster ?? -1) + 1))
      }
      self.several = several
    }

    var columns: [ColumnDescription] { table.columns }
    var rowCount: Int { table.rowCount }
    var clusterColumn: Int? { 0 }
    func codesOfSeveralRowGroups() -> CodeSet? { several }
    func dictionary(ofColumn column: Int) -> Vector? { table.dictionary(ofColumn: column) }
    func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? {
      table.zoneMap(ofColumn: column, in: morsel)
    }
    func makeReader() -> any MorselReader { table.makeReader() }

    /// The same rows, of which nothing is known.
    var unclustered: MemoryTable {
      MemoryTable(table.columns.map { ($0.name, $0.type) }, table.values)
    }
  }

  @Test(arguments: [
    "select s, count(*), sum(v), max(k) from c group by s",
    "select s, k, count(*), sum(v) from c group by s, k",
    "select k, s, v, count(*) from c group by k, s, v having count(*) > 1",
    "select s, v % 2 as odd, count(distinct k), min(k) from c where v <> 3 group by s, odd",
    "select distinct k, s from c",
    "select k, count(distinct s) from c group by k",
    "select count(*), sum(n) from (select s, v, count(*) as n from c group by all)",
  ])
  func groupsAreThoseOfAnyTable(sql: String) throws {
    for seed in 1...12 {
      let table = ClusteredTable(seed: UInt64(seed))
      let expected = sorted(try run(sql, ["c": table.unclustered]))
      for way in executionWays {
        let rows = try run(sql, ["c": table], threads: way.threads, batchRows: way.batchRows)
        #expect(sorted(rows) == expected, "seed \(seed), \(way)")
      }
    }
  }
}
