import Testing

@testable import ColStore

/// What is kept of a store's blocks is what was read of them.
@Suite struct BlockCacheTests {
  private let folder = TemporaryFolder()

  /// A clustered store with derived columns, NULLs, flags, and texts without a dictionary; times of
  /// some sessions go back.
  private func makeStore(rows: Int) throws -> String {
    var random = SeededGenerator(seed: 11)
    let lines = RoundTripTests.clickstream(rows: rows, seed: 12).split(separator: "\n")
    var csv = "\(lines[0]),flag,note,back\n"
    for (row, line) in lines.dropFirst().enumerated() {
      let flag = random.next() % 3 == 0 ? "" : random.next() % 2 == 0 ? "true" : "false"
      let back = row < rows / 2 ? "2019-10-01 00:00:00 UTC" : String(line.prefix(23))
      let later = random.next() % 7 == 0 ? "2019-10-09 23:59:59 UTC" : back
      csv += "\(line),\(flag),note \(random.next()),\(row % 9 == 0 ? "" : later)\n"
    }
    folder.write("in.csv", csv)
    var options = IngestOptions()
    options.clustering = .column("session")
    _ = try Ingest.run(
      files: [folder.file("in.csv")], into: folder.file("t.ecq"), options: options)
    return folder.file("t.ecq")
  }

  private func uncached(_ path: String) throws -> Store {
    let store = try Store(path: path)
    store.limitCache(toBytes: 0)
    return store
  }

  private func values(_ vector: Vector?) -> [Value] {
    guard let vector else { return [] }
    return (0..<vector.count).map { vector.value(at: $0) }
  }

  @Test func keptBlocksHaveTheSameRows() throws {
    let path = try makeStore(rows: 150_000)
    let (plain, cached) = (try uncached(path), try Store(path: path))
    let (plainReader, reader) = (plain.makeReader(), cached.makeReader())
    var random = SeededGenerator(seed: 13)
    for morsel in plain.morsels {
      let buffer = Buffer(UInt32.self, count: morsel.rowCount)
      var count = 0
      for row in 0..<morsel.rowCount where random.next() % 50 == 0 {
        buffer.pointer(UInt32.self)[count] = UInt32(row)
        count += 1
      }
      let some = SelectedRows(buffer, count: count)
      for column in plain.columns.indices {
        let expected = values(try plainReader.read(column: column, of: morsel))
        let picked = (0..<count).map { expected[Int(some.rows[$0])] }
        #expect(
          values(try plain.makeReader().read(column: column, of: morsel, rows: some)) == picked)
        // First decoded, then kept; by the reader that did it, and by another.
        #expect(values(try cached.makeReader().read(column: column, of: morsel)) == expected)
        #expect(values(try reader.read(column: column, of: morsel)) == expected)
        #expect(values(try reader.read(column: column, of: morsel, rows: some)) == picked)
      }
    }
    let kept = plain.columns.indices.allSatisfy {
      cached.blocks.block($0, cached.morsels[0], by: 0) != nil
    }
    #expect(kept && plain.blocks.block(0, plain.morsels[0], by: 0) == nil)
  }

  /// Room for one column: what is asked for again drives out what is not, and columns that are asked
  /// for in turn stay.
  @Test func aColumnMakesRoomForAnother() throws {
    let store = try Store(path: try makeStore(rows: 60_000))
    let (times, products) = (0, 2)
    func read(_ column: Int) throws {
      let reader = store.makeReader()
      for morsel in store.morsels { _ = try reader.read(column: column, of: morsel) }
    }
    func keptColumns() -> [Int] {
      [times, products].filter { store.blocks.block($0, store.morsels[0], by: 0) != nil }
    }
    store.limitCache(toBytes: store.morsels[0].rowCount * 8)
    try read(times)
    #expect(keptColumns() == [])
    try read(times)
    #expect(keptColumns() == [times])
    for _ in 0..<3 {
      try read(products)
      try read(times)
    }
    #expect(keptColumns() == [times])
    try read(products)
    try read(products)
    #expect(keptColumns() == [products])
  }

  @Test func filtersChooseTheSameRows() throws {
    let path = try makeStore(rows: 140_000)
    let (plain, cached) = (try uncached(path), try Store(path: path))
    var random = SeededGenerator(seed: 14)
    for column in plain.columns.indices {
      guard let dictionary = plain.dictionary(ofColumn: column) else { continue }
      // One code, some, and half of them.
      for share in [UInt64(dictionary.count), UInt64(dictionary.count / 7 + 1), 2] {
        let verdicts = Buffer(UInt8.self, count: dictionary.count)
        for code in 0..<dictionary.count {
          verdicts.pointer(UInt8.self)[code] = random.next() % share == 0 ? 1 : 0
        }
        for (store, morsel) in plain.morsels.flatMap({ [(plain, $0), (cached, $0), (cached, $0)] })
        {
          let reader = store.makeReader()
          let codes = try reader.read(column: column, of: morsel).codes
          let expected = (0..<morsel.rowCount).filter { row in
            codes.map { verdicts.pointer(UInt8.self)[Int($0[row])] == 1 } ?? false
          }
          let filter = CodeFilter(column: column, verdicts: verdicts, codeCount: dictionary.count)
          let fresh = store.makeReader()
          #expect(rows(try fresh.choose(filter, of: morsel), morsel.rowCount) == expected)
        }
      }
    }
  }

  private func rows(_ choice: RowChoice?, _ count: Int) -> [Int] {
    switch choice {
    case .all: Array(0..<count)
    case .rows(let rows): (0..<rows.count).map { Int(rows.rows[$0]) }
    case .nothing, nil: []
    }
  }

  @Test func valuesAreFoundInDictionaries() throws {
    let store = try Store(path: try makeStore(rows: 30_000))
    let column = 2
    let dictionary = try #require(store.dictionary(ofColumn: column))
    for code in [1, 2, 63, 64, 65, dictionary.count - 1] {
      let value = dictionary.pointer(Int64.self)[code]
      let filter = CodeFilter(column: column, value: value, dictionary: dictionary)
      #expect(filter.members == [UInt32(code)])
      #expect(filter.flags[code] == 1 && filter.flags[code - 1] == 0)
    }
    #expect(CodeFilter(column: column, value: -1, dictionary: dictionary).isNever)
  }

  @Test func whetherTimesAscendInClustersIsKnown() throws {
    let store = try Store(path: try makeStore(rows: 150_000))
    let reader = store.makeReader()
    let cluster = try #require(store.clusterColumn)
    var known: Set<Bool> = []
    for morsel in store.morsels {
      let codes = try reader.read(column: cluster, of: morsel)
      for column in store.columns.indices where store.columns[column].type == .timestamp {
        // It is found out once a block is kept.
        let first = try store.makeReader().read(column: column, of: morsel)
        #expect(!first.ascendsInClusters)
        let vector = try store.makeReader().read(column: column, of: morsel)
        let again = try store.makeReader().read(column: column, of: morsel)
        #expect(vector.ascendsInClusters == again.ascendsInClusters)
        known.insert(vector.ascendsInClusters)
        guard vector.ascendsInClusters else { continue }
        let times = vector.pointer(Int64.self)
        let ascends = (1..<morsel.rowCount).allSatisfy {
          codes.value(at: $0) != codes.value(at: $0 - 1) || times[$0] >= times[$0 - 1]
        }
        #expect(ascends && !vector.mayHaveNulls)
        let part = vector.slice(offset: 5, count: 9)
        #expect(part.ascendsInClusters)
      }
    }
    #expect(known.contains(true))
  }
}
