import Testing

@testable import ColStore

/// What users decide about a store: types, and the order of rows.
@Suite struct LayoutChoiceTests {
  private let folder = TemporaryFolder()

  private func load(_ csv: String, _ change: (inout IngestOptions) -> Void) throws -> Store {
    let file = folder.write("in.csv", csv)
    var options = IngestOptions()
    change(&options)
    _ = try Ingest.run(files: [file], into: folder.file("t.ecq"), options: options)
    return try Store(path: folder.file("t.ecq"))
  }

  private static func expectedRows(_ csv: String) -> [String] {
    csv.split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).enumerated().map {
        $1.isEmpty ? "∅" : $0 == 0 ? String($1.dropLast(4)) : String($1)
      }.joined(separator: "|")
    }
  }

  /// Visitors look at a few products each; dozens do so at the same time.
  @Test func sessionsAreFoundToLieTogether() throws {
    var random = SeededGenerator(seed: 30)
    var csv = "time,session,product,kind\n"
    var active = (0..<40).map { (id: $0, product: UInt64(0)) }
    var next = 40
    for row in 0..<60_000 {
      let slot = Int(random.next() % 40)
      if random.next() % 6 == 0 {
        active[slot].id = next
        next += 1
      }
      if random.next() % 2 == 0 { active[slot].product = random.next() % 3000 }
      let visitor = active[slot]
      csv += "\(1_000_000 + row),\(77_000_000_000 + visitor.id * 7919 % 999_983),"
      csv += "\(visitor.product),\(random.next() % 9 == 0 ? "cart" : "view")\n"
    }
    let store = try load(csv) { _ in }
    #expect(store.footer.clusterColumn.map { store.columns[$0].name } == "session")
  }

  @Test func inputOrderIsKept() throws {
    let csv = RoundTripTests.clickstream(rows: 100_000, seed: 31)
    let store = try load(csv) { $0.clustering = .inputOrder }
    #expect(store.footer.clusterColumn == nil)
    #expect(try RoundTripTests.rows(of: store.path) == Self.expectedRows(csv))
  }

  @Test(arguments: ["product", "TIME", "price", "type", "session"])
  func anyColumnCanCluster(name: String) throws {
    let csv = RoundTripTests.clickstream(rows: 30_000, seed: 32)
    let store = try load(csv) { $0.clustering = .column(name) }
    let cluster = try #require(store.footer.clusterColumn)
    #expect(store.columns[cluster].name == name.lowercased())
    let rows = try RoundTripTests.rows(of: store.path)
    #expect(rows.sorted() == Self.expectedRows(csv).sorted())
    let values = rows.map { $0.split(separator: "|")[cluster] }
    let runs = 1 + zip(values, values.dropFirst()).filter { $0 != $1 }.count
    #expect(runs == Set(values).count, "equal values lie together")
    #expect(try store.verify() == [])
  }

  @Test func whatCannotClusterIsSaid() throws {
    let csv = "flag,ratio,id\ntrue,1e3,1\n"
    for (name, message) in [("ratio", "DOUBLE"), ("flag", "BOOLEAN"), ("idd", "did you mean")] {
      let error = #expect(throws: StoreError.self) {
        try load(csv) { $0.clustering = .column(name) }
      }
      #expect(error?.message.contains(message) == true)
    }
  }

  @Test func schemasAreTakenAsTheyAre() throws {
    let csv = "a,b,c,d,e\n1,2,2019-10-01,x,7\n-5,,,,\n"
    let store = try load(csv) {
      $0.schema = [
        ColumnDescription(name: "A", type: .integer),
        ColumnDescription(name: "b", type: .decimal(precision: 20, scale: 3)),
        ColumnDescription(name: "c", type: .timestamp),
        ColumnDescription(name: "e", type: .varchar),
      ]
    }
    #expect(
      store.columns.map(\.type) == [
        .integer, .decimal(precision: 20, scale: 3), .timestamp, .varchar, .varchar,
      ])
    #expect(
      try RoundTripTests.rows(of: store.path) == [
        "1|2.000|2019-10-01 00:00:00|x|7", "-5|∅|∅|∅|∅",
      ])
    #expect(try store.verify() == [])
  }

  @Test func whatDoesNotFitASchemaIsMalformed() throws {
    for (value, type) in [
      ("2147483648", DataType.integer), ("1.234", .decimal(precision: 9, scale: 2)),
      ("123.4", .decimal(precision: 3, scale: 2)), ("yes", .boolean), ("1", .uuid),
    ] {
      let error = #expect(throws: StoreError.self) {
        try load("a\n\(value)\n") { $0.schema = [ColumnDescription(name: "a", type: type)] }
      }
      #expect(error?.description.contains("in.csv:2: column a: the value is no \(type)") == true)
    }
    let unknown = #expect(throws: StoreError.self) {
      try load("price\n1\n") { $0.schema = [ColumnDescription(name: "prize", type: .bigint)] }
    }
    #expect(unknown?.message.contains("did you mean \"price\"") == true)
  }
}
