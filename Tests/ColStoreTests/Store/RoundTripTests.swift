import Testing

@testable import ColStore

/// What goes in as CSV comes out of the store: all rows, as a multiset, by value.
@Suite struct RoundTripTests {
  /// The store's rows as lines of CSV without quoting, NULL as `∅`.
  static func rows(of path: String) throws -> [String] {
    let store = try Store(path: path)
    let reader = store.makeReader()
    var rows: [String] = []
    for morsel in store.morsels {
      let columns = try store.columns.indices.map { try reader.read(column: $0, of: morsel) }
      for row in 0..<morsel.rowCount {
        rows.append(
          columns.map { column in
            if column.isNull(row) { return "∅" }
            let text = TextBuffer()
            text.append(column, row: row)
            return text.string
          }.joined(separator: "|"))
      }
    }
    #expect(rows.count == store.rowCount)
    return rows
  }

  private func ingest(
    _ texts: [String], threads: Int = 2, rejects: Bool = false,
    clustering: Clustering = .automatic
  ) throws -> (rows: [String], types: [DataType], report: IngestReport, folder: TemporaryFolder) {
    let folder = TemporaryFolder()
    let files = texts.enumerated().map { folder.write("in\($0.offset).csv", $0.element) }
    var options = IngestOptions()
    options.threads = threads
    options.clustering = clustering
    if rejects { options.rejectsPath = folder.file("rejects.csv") }
    let report = try Ingest.run(files: files, into: folder.file("t.ecq"), options: options)
    let store = try Store(path: folder.file("t.ecq"))
    return (try Self.rows(of: folder.file("t.ecq")), store.columns.map(\.type), report, folder)
  }

  @Test func typesAndNulls() throws {
    let csv = """
      i,d,t,day,b,u,s,x,n\r
      1,1.50,2019-10-01 00:00:00 UTC,2019-10-01,true,72d76fde-8bb3-4e00-8c23-a032dfed738c,abc,1e3,\r
      ,,,,,,,,\r
      -9223372036854775808,0.00,2019-10-01 00:00:01 UTC,1969-12-31,false,00000000-0000-0000-0000-000000000000,"",-0.0,\r

      """
    let (rows, types, _, _) = try ingest([csv])
    #expect(
      types == [
        .bigint, .decimal(precision: 9, scale: 2), .timestamp, .date, .boolean, .uuid, .varchar,
        .double, .varchar,
      ])
    #expect(
      rows == [
        "1|1.50|2019-10-01 00:00:00|2019-10-01|true|72d76fde-8bb3-4e00-8c23-a032dfed738c|abc|1000.0|∅",
        "∅|∅|∅|∅|∅|∅|∅|∅|∅",
        "-9223372036854775808|0.00|2019-10-01 00:00:01|1969-12-31|false|"
          + "00000000-0000-0000-0000-000000000000||-0.0|∅",
      ])
  }

  @Test func quotedTextSurvives() throws {
    let (rows, _, _, _) = try ingest(["\u{FEFF}a,b\n\"x,\"\"y\"\"\nz\",1\n\"\",2\n,3\nü€😀,4"])
    #expect(rows == ["x,\"y\"\nz|1", "|2", "∅|3", "ü€😀|4"])
  }

  @Test func singleColumnsNoRowsAndManyColumns() throws {
    #expect(try ingest(["a\n1\n\n3\n"]).rows == ["1", "∅", "3"])
    #expect(try ingest(["a,b\n"]).rows == [])
    let wide = 10_000
    let header = (0..<wide).map { "c\($0)" }.joined(separator: ",")
    let row = (0..<wide).map(String.init).joined(separator: ",")
    let (rows, types, _, _) = try ingest(["\(header)\n\(row)\n\(row)\n"])
    #expect(types.count == wide)
    #expect(rows == [String](repeating: row.split(separator: ",").joined(separator: "|"), count: 2))
  }

  @Test func filesAreMatchedByColumnName() throws {
    let (rows, _, _, _) = try ingest(["a,b\n1,x\n", "B,c\ny,2.5\n"])
    #expect(rows == ["1|x|∅", "∅|y|2.5"])
  }

  /// Late is within the first chunk, whose values are all looked at first, and after it.
  @Test(arguments: [200_000, 600_000])
  func lateValuesWidenTypes(rowCount: Int) throws {
    let many = (0..<rowCount).map { "\($0 % 1000),\($0),\($0 % 7)" }.joined(separator: "\n")
    let (rows, types, report, folder) = try ingest(["a,b,c\n\(many)\n1.25,x7,9223372036854775808\n"]
    )
    #expect(types == [.decimal(precision: 9, scale: 2), .varchar, .hugeint])
    #expect(rows.count == rowCount + 1)
    #expect(rows.contains("1.25|x7|9223372036854775808"))
    #expect(rows.contains("999.00|199999|2"))
    #expect(
      report.notes == [
        "column b is VARCHAR, because 1 value is no BIGINT; the first is at "
          + "\(folder.path)/in0.csv:\(rowCount + 2)"
      ])
  }

  @Test func malformedRowsFailWithTheirLine() throws {
    let folder = TemporaryFolder()
    let file = folder.write("in.csv", "a,b\n1,\"x\ny\"\n2\n3,z\n")
    let error = #expect(throws: StoreError.self) {
      try Ingest.run(files: [file], into: folder.file("t.ecq"))
    }
    #expect(error?.place == "\(file):4")
    #expect(folder.contents == ["in.csv"], "no store and no litter is left")
  }

  @Test func malformedRowsGoToTheRejects() throws {
    let (rows, _, report, folder) = try ingest(
      ["a,b\n1,x\n2\n3,y,z\nq\"r,s\n5,\"w\"\n6,\u{1}"], rejects: true)
    #expect(rows == ["1|x", "5|w", "6|\u{1}"])
    #expect(report.rejectedCount == 3)
    let rejects = String(decoding: folder.read("rejects.csv"), as: UTF8.self)
    let file = folder.file("in0.csv")
    #expect(
      rejects == """
        file,line,column,reason,raw
        \(file),3,,"expected 2 fields, found 1",2
        \(file),4,,"expected 2 fields, found 3","3,y,z"
        \(file),5,,bad quoting: a quote inside an unquoted field,"q""r,s"

        """)
  }

  @Test func invalidUTF8IsMalformed() throws {
    let folder = TemporaryFolder()
    let file = folder.write("in.csv", Array("a,b\n1,x\n2,".utf8) + [0xff, 0xfe] + Array("\n".utf8))
    let error = #expect(throws: StoreError.self) {
      try Ingest.run(files: [file], into: folder.file("t.ecq"))
    }
    #expect(error?.place == "\(file):3")
  }

  /// A clickstream in small: rows of sessions lie scattered, columns hang together with exceptions.
  static func clickstream(rows: Int, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    var csv = "time,type,product,category,brand,price,user,session\n"
    let sessions = max(rows / 8, 1)
    for row in 0..<rows {
      let session = max(0, row / 8 - Int(random.next() % 400)) % sessions
      let isBrowsing = random.next() % 4 == 0
      let product = 1_000_000 + (isBrowsing ? Int(random.next() % 20_000) : session * 31 % 20_000)
      let second = row / 3
      let time =
        "2019-10-0\(1 + second / 86_400 % 9) \(two(second / 3600 % 24)):\(two(second / 60 % 60)):"
        + "\(two(second % 60)) UTC"
      let brand = product % 5 == 0 ? "" : "brand\(product % 50)"
      let isException = random.next() % 500 == 0
      let price = product % 997 * 100 + (product % 50 == 0 ? row / 20_000 * 25 : 0)
      let type = ["view", "view", "view", "cart", "purchase"][Int(random.next() % 5)]
      let id = "0000\(two(session % 100))00-0000-4000-8000-" + String(100_000_000_000 + session)
      csv +=
        "\(time),\(type),\(product),\(product % 40),\(isException ? "other" : brand),"
        + "\(price / 100).\(two(price % 100)),\(5000 + session / 2),\(random.next() % 999 == 0 ? "" : id)\n"
    }
    return csv
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Test func scatteredSessionsAreRegroupedAndNothingIsLost() throws {
    let csv = Self.clickstream(rows: 150_000, seed: 3)
    let (rows, _, _, folder) = try ingest([csv], clustering: .column("session"))
    let expected = csv.split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).enumerated().map {
        $1.isEmpty ? "∅" : $0 == 0 ? String($1.dropLast(4)) : String($1)
      }.joined(separator: "|")
    }
    #expect(rows.sorted() == expected.sorted())
    let store = try Store(path: folder.file("t.ecq"))
    let cluster = try #require(store.footer.clusterColumn)
    #expect(store.columns[cluster].name == "session")
    #expect(store.footer.columns[3].parent == 2, "category follows from product")
    #expect(store.footer.columns[4].parent == 2, "brand follows from product")
    #expect(store.footer.columns[6].parent == 7, "user follows from session")
  }

  @Test func bytesDoNotDependOnTheNumberOfThreads() throws {
    // Several chunks of text and more than one row group.
    let folder = TemporaryFolder()
    let file = folder.write("in.csv", Self.clickstream(rows: 1_200_000, seed: 4))
    var stores: [[UInt8]] = []
    for threads in [1, 2, 5] {
      var options = IngestOptions()
      options.threads = threads
      _ = try Ingest.run(files: [file], into: folder.file("\(threads).ecq"), options: options)
      stores.append(folder.read("\(threads).ecq"))
    }
    #expect(stores[0] == stores[1])
    #expect(stores[0] == stores[2])
  }
}
