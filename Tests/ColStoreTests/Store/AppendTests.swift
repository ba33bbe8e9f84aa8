import Glibc
import Testing

@testable import ColStore

/// Loading more into a store that is there: what was in it stays, what comes goes on with it.
@Suite struct AppendTests {
  private let folder = TemporaryFolder()

  @discardableResult
  private func load(_ files: [String], replacing: [String] = []) throws -> IngestReport {
    var options = IngestOptions()
    options.threads = 2
    options.replaced = replacing
    return try Ingest.run(
      files: files.map { folder.file($0) }, into: folder.file("t.ecq"), options: options)
  }

  private var rows: [String] { get throws { try RoundTripTests.rows(of: folder.file("t.ecq")) } }

  private var damages: [Damage] {
    get throws { try Store(path: folder.file("t.ecq")).verify(threads: 2) }
  }

  /// A clickstream cut into files, each with the header.
  private func writeParts(_ csv: String, _ count: Int) -> [String] {
    let lines = csv.split(separator: "\n")
    let size = (lines.count - 2) / count + 1
    return (0..<count).map { part in
      let own = lines.dropFirst(1 + part * size).prefix(size)
      folder.write("part\(part).csv", ([lines[0]] + own).joined(separator: "\n") + "\n")
      return "part\(part).csv"
    }
  }

  @Test func manyLoadsAreOneTable() throws {
    let csv = RoundTripTests.clickstream(rows: 90_000, seed: 21)
    let parts = writeParts(csv, 5)
    for part in parts { try load([part]) }
    let appended = try rows
    let store = try Store(path: folder.file("t.ecq"))
    #expect(store.footer.rowGroups.count == 5)
    #expect(store.footer.files.map(\.rowCount) == [18_000, 18_000, 18_000, 18_000, 18_000])
    #expect(try damages == [])

    folder.write("all.csv", csv)
    _ = try Ingest.run(files: [folder.file("all.csv")], into: folder.file("whole.ecq"))
    #expect(appended.sorted() == (try RoundTripTests.rows(of: folder.file("whole.ecq"))).sorted())
    // A session in two files is one session: dictionaries are carried on.
    let whole = try Store(path: folder.file("whole.ecq"))
    for column in [1, 3, 7] {
      let entries = store.footer.columns[column].dictionary?.entryCount
      #expect(entries != nil && entries == whole.footer.columns[column].dictionary?.entryCount)
    }
  }

  @Test func theSameContentIsLoadedOnce() throws {
    let parts = writeParts(RoundTripTests.clickstream(rows: 2000, seed: 22), 2)
    try load([parts[0]])
    let before = folder.read("t.ecq")
    let again = try load([parts[0]])
    #expect(again.rowCount == 0 && again.totalRowCount == 1000)
    #expect(again.notes.contains { $0.contains("part0.csv is loaded already") })
    #expect(folder.read("t.ecq") == before, "nothing is written")

    // Under another name, beside a new one, and twice in one load.
    folder.write("copy.csv", folder.read("part0.csv"))
    folder.write("twin.csv", folder.read("part1.csv"))
    let mixed = try load(["copy.csv", parts[1], "twin.csv"])
    #expect(mixed.rowCount == 1000 && mixed.totalRowCount == 2000)
    #expect(mixed.notes.count == 2)
    #expect(try Store(path: folder.file("t.ecq")).footer.files.count == 2)
    #expect(try damages == [])
  }

  @Test func aContentUnderAnotherHeaderIsAnother() throws {
    folder.write("a.csv", "x,y\n1,2\n")
    folder.write("b.csv", "y,x\n1,2\n")
    try load(["a.csv"])
    try load(["b.csv"])
    #expect(try rows == ["1|2", "2|1"])
  }

  @Test func newColumnsAreNullInOldRows() throws {
    folder.write("a.csv", "id,name\n1,a\n2,b\n")
    folder.write("b.csv", "id,shop\n3,s\n4,s\n")
    folder.write("c.csv", "price,name,id\n1.50,c,5\n")
    for file in ["a.csv", "b.csv", "c.csv"] { try load([file]) }
    #expect(try rows == ["1|a|∅|∅", "2|b|∅|∅", "3|∅|s|∅", "4|∅|s|∅", "5|c|∅|1.50"])
    #expect(try damages == [])
  }

  @Test func typesOfTheStoreAreFixed() throws {
    folder.write("a.csv", "id,price\n1,1.50\n")
    folder.write("b.csv", "id,price\n2,2.50\nx,3.50\n")
    try load(["a.csv"])
    let before = folder.read("t.ecq")
    let error = #expect(throws: StoreError.self) { try load(["b.csv"]) }
    #expect(error?.description.contains("b.csv:3: column id: the value is no BIGINT") == true)
    #expect(folder.read("t.ecq") == before)
    var options = IngestOptions()
    options.rejectsPath = folder.file("rejects.csv")
    let report = try Ingest.run(
      files: [folder.file("b.csv")], into: folder.file("t.ecq"), options: options)
    #expect(report.rowCount == 1 && report.rejectedCount == 1)
    #expect(try rows == ["1|1.50", "2|2.50"])
  }

  @Test func appendingNeverChangesWhatIsThere() throws {
    let parts = writeParts(RoundTripTests.clickstream(rows: 4000, seed: 23), 2)
    try load([parts[0]])
    let before = folder.read("t.ecq")
    let reader = try Store(path: folder.file("t.ecq"))
    try load([parts[1]])
    let after = folder.read("t.ecq")
    let start = StoreHeader.byteCount
    #expect(Array(after[start..<before.count]) == Array(before[start...]))
    // Who opened the store before goes on reading its state.
    #expect(reader.rowCount == 2000)
    let readerRows = reader.makeReader()
    for morsel in reader.morsels { _ = try readerRows.read(column: 0, of: morsel) }
  }

  @Test func whatAKilledWriterLeftIsOverwritten() throws {
    let parts = writeParts(RoundTripTests.clickstream(rows: 3000, seed: 24), 3)
    try load([parts[0]])
    let whole = folder.read("t.ecq")
    folder.write("t.ecq", whole + [UInt8](repeating: 0xab, count: 1 << 20))
    #expect(try rows.count == 1000)
    try load([parts[1]])
    #expect(folder.read("t.ecq").count < whole.count * 3)
    #expect(try rows.count == 2000)
    #expect(try damages == [])
  }

  @Test func anotherWriterIsToldSo() throws {
    let parts = writeParts(RoundTripTests.clickstream(rows: 200, seed: 25), 2)
    try load([parts[0]])
    let lock = try WriterLock(folder.file("t.ecq"))
    let error = #expect(throws: StoreError.self) { try load([parts[1]]) }
    #expect(error?.message.contains("another process is writing") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func manySmallLoadsStaySmall() throws {
    folder.write("a.csv", RoundTripTests.clickstream(rows: 20_000, seed: 26))
    try load(["a.csv"])
    for number in 0..<150 {
      let id = "00000000-0000-4000-9000-" + String(100_000_000_000 + number)
      folder.write(
        "n.csv",
        "time,type,product,category,brand,price,user,session\n"
          + "2019-10-09 00:00:00 UTC,view,7,7,x,1.00,\(number),\(id)\n")
      try load(["n.csv"])
    }
    let store = try Store(path: folder.file("t.ecq"))
    #expect(store.rowCount == 20_150)
    // Dead bytes are at most as many as live ones, or few.
    let live = store.footer.liveByteCount
    #expect(folder.read("t.ecq").count <= 2 * live + (6 << 20))
    #expect(try damages == [])
  }

  @Test func filesAreReplaced() throws {
    let csv = RoundTripTests.clickstream(rows: 30_000, seed: 27)
    let parts = writeParts(csv, 3)
    // Files 0 and 1 share a row group, file 2 has one of its own.
    try load([parts[0], parts[1]])
    try load([parts[2]])
    let lines = csv.split(separator: "\n")
    let added: [Substring] = [lines[0]] + lines[25_000...25_009]
    folder.write("new.csv", added.joined(separator: "\n") + "\n")
    let report = try load(["new.csv"], replacing: [parts[1]])
    #expect(report.rowCount == 10 && report.totalRowCount == 20_010)
    var expected: [Substring] = Array(lines[...10_000])
    expected += lines[20_001...30_000]
    expected += lines[25_000...25_009]
    folder.write("expected.csv", expected.joined(separator: "\n") + "\n")
    _ = try Ingest.run(files: [folder.file("expected.csv")], into: folder.file("e.ecq"))
    #expect(try rows.sorted() == (try RoundTripTests.rows(of: folder.file("e.ecq"))).sorted())
    #expect(try damages == [])
    let ledger = try Store(path: folder.file("t.ecq")).footer.files
    #expect(ledger.map(\.name) == ["part0.csv", "part2.csv", "new.csv"])
    // Again, now that the numbers of files have changed.
    try load([parts[1]], replacing: ["part2.csv", "new.csv"])
    #expect(try rows.count == 20_000)
    #expect(try damages == [])
    let unknown = #expect(throws: StoreError.self) {
      try load([parts[2]], replacing: ["part9.csv"])
    }
    #expect(unknown?.message.contains("did you mean") == true)
  }
}
