import Testing

@testable import ColStore

/// What is stored of blocks besides their values: true, and there where queries count on it.
@Suite struct StatisticsTests {
  private let folder = TemporaryFolder()

  private func store(_ csv: String) throws -> Store {
    let file = folder.write("in.csv", csv)
    _ = try Ingest.run(files: [file], into: folder.file("t.ecq"))
    return try Store(path: folder.file("t.ecq"))
  }

  @Test func sumsRangesAndNulls() throws {
    var csv = "price,ratio,large\n"
    var cents: [Int64] = []
    for row in 0..<3000 {
      let units = row * 3 + 1
      let price = row % 7 == 0 ? "" : "\(units).\(row % 10)5"
      if row % 7 != 0 { cents.append(Int64(units * 100 + row % 10 * 10 + 5)) }
      csv += "\(price),\(row)e3,\(Int64.max - Int64(row))\n"
    }
    let store = try store(csv)
    let price = try #require(store.statistics(ofColumn: 0, in: store.morsels[0]))
    #expect(price.sum == cents.reduce(0, +))
    #expect(price.range == .init(least: cents.min() ?? 0, greatest: cents.max() ?? 0))
    #expect(price.nullCount == 429)
    let ratio = try #require(store.statistics(ofColumn: 1, in: store.morsels[0]))
    #expect(ratio.sum == nil, "a sum of DOUBLEs depends on the order")
    let large = try #require(store.statistics(ofColumn: 2, in: store.morsels[0]))
    #expect(large.sum == nil, "the sum does not fit")
  }

  @Test func valuesAreCountedPerBlockOrRowGroup() throws {
    let csv = (0..<150_000).map { "\($0 % 5),\($0 * $0 % 1009),\($0 % 40_000)\n" }.joined()
    let store = try store("few,some,many\n" + csv)
    var counted: [Bool] = []
    for column in store.columns.indices {
      guard let counts = try store.valueCounts(ofColumn: column, inRowGroup: 0) else { continue }
      counted.append(counts.isPerBlock)
      let parts = counts.isPerBlock ? store.morsels.count : 1
      var expected = [UInt32](repeating: 0, count: parts * counts.codeCount)
      let reader = store.makeReader()
      for morsel in store.morsels {
        let values = try reader.read(column: column, of: morsel)
        let codes = try #require(values.codes)
        for row in 0..<values.count {
          expected[(counts.isPerBlock ? morsel.block * counts.codeCount : 0) + Int(codes[row])] += 1
        }
      }
      #expect(counts.counts == expected)
    }
    #expect(counted == [true, false], "the many values are not counted")
  }
}
