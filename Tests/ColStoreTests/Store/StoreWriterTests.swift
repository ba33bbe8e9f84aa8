import Testing

@testable import ColStore

/// Rows that come as vectors, as a query's do, become a store.
@Suite struct StoreWriterTests {
  private let folder = TemporaryFolder()

  /// Writes the rows of a store through a ``StoreWriter``, `batchRows` at a time.
  private func copy(_ source: Store, batchRows: Int, replaces: Bool = false) throws {
    let writer = try StoreWriter(
      columns: source.columns, path: folder.file("copy.ecq"), replaces: replaces, threads: 2)
    let reader = source.makeReader()
    for morsel in source.morsels {
      let columns = try source.columns.indices.map { try reader.read(column: $0, of: morsel) }
      for start in stride(from: 0, to: morsel.rowCount, by: batchRows) {
        let count = min(batchRows, morsel.rowCount - start)
        try writer.append(columns.map { $0.slice(offset: start, count: count) })
      }
    }
    try writer.finish()
    #expect(writer.rowCount == source.rowCount)
  }

  private func load(_ csv: String) throws -> Store {
    let number = folder.contents.count
    let file = folder.write("in\(number).csv", csv)
    _ = try Ingest.run(files: [file], into: folder.file("t\(number).ecq"))
    return try Store(path: folder.file("t\(number).ecq"))
  }

  @Test(arguments: [1000, 65_536])
  func rowsComeBack(batchRows: Int) throws {
    let source = try load(RoundTripTests.clickstream(rows: 120_000, seed: 51))
    try copy(source, batchRows: batchRows)
    let copy = try Store(path: folder.file("copy.ecq"))
    #expect(copy.columns == source.columns)
    #expect(
      try RoundTripTests.rows(of: copy.path).sorted()
        == RoundTripTests.rows(of: source.path).sorted())
    #expect(try copy.verify() == [])
    #expect(copy.footer.files.isEmpty)
  }

  @Test func everyTypeAndNoRows() throws {
    let source = try load(
      """
      i,d,t,day,b,u,s,x,w
      1,1.50,2019-10-01 00:00:00 UTC,2019-10-01,true,72d76fde-8bb3-4e00-8c23-a032dfed738c,abc,1e3,99999999999999999999
      ,,,,,,,,
      2,1.50,2019-10-01 00:00:00 UTC,2019-10-01,false,72d76fde-8bb3-4e00-8c23-a032dfed738c,"",nan,1

      """)
    try copy(source, batchRows: 2)
    #expect(
      try RoundTripTests.rows(of: folder.file("copy.ecq")) == RoundTripTests.rows(of: source.path))
    let empty = try load("a,b\n")
    let error = #expect(throws: StoreError.self) { try copy(empty, batchRows: 1) }
    #expect(error?.message.contains("is left as it is") == true, "a store is not written over")
    try copy(empty, batchRows: 1, replaces: true)
    #expect(try Store(path: folder.file("copy.ecq")).rowCount == 0)
  }

  @Test func withoutAnEndThereIsNoStore() throws {
    let source = try load(RoundTripTests.clickstream(rows: 1000, seed: 52))
    let writer = try StoreWriter(
      columns: source.columns, path: folder.file("copy.ecq"), replaces: false)
    let reader = source.makeReader()
    try writer.append(
      try source.columns.indices.map { try reader.read(column: $0, of: source.morsels[0]) })
    #expect(throws: StoreError.self) { try Store(path: folder.file("copy.ecq")) }
    withExtendedLifetime(writer) {}
  }

  @Test func typesOfResultsAreRefused() {
    #expect(throws: StoreError.self) {
      try StoreWriter(
        columns: [ColumnDescription(name: "i", type: .interval)], path: folder.file("x.ecq"),
        replaces: false)
    }
  }
}
