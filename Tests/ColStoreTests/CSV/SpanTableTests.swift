import Glibc
import Testing

@testable import ColStore

/// Adjacent fields that hang together are looked up as one text: what comes out is what each field
/// says by itself.
@Suite struct SpanTableTests {
  private struct Table {
    var csv = ""
    /// The rows as ``RoundTripTests/rows(of:)`` gives them.
    var rows: [String] = []
    var rejected = 0
  }

  /// Rows of a key, three fields that follow from it but for some exceptions, and a key of another
  /// kind: enough of them for several chunks, and enough keys for a table to forget them.
  private static func table(
    rowCount: Int, keyCount: Int, quoted: Bool = false, misfits: Bool = false, seed: UInt64
  ) -> Table {
    var random = SeededGenerator(seed: seed)
    var table = Table(csv: "at,id,name,code,amount,who\n")
    for row in 0..<rowCount {
      let key = Int.random(in: 0..<keyCount, using: &random)
      // Numbers of 1 to 17 digits, texts of 0 to 99 bytes.
      var id = String((UInt64(key) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(8 + key % 54))
      var name = String(repeating: "n\(key)/", count: 20).prefix(key % 100)
      if Int.random(in: 0..<50, using: &random) == 0 { name = "exception" }
      let code = key % 7 == 0 ? "" : "c\(key % 200)"
      let cents = key * 37 + row / (rowCount / 4) * (key % 3)
      let amount = "\(cents / 100).\(cents / 10 % 10)\(cents % 10)"
      let who = Int.random(in: 0..<200, using: &random)
      if misfits && Int.random(in: 0..<5000, using: &random) == 0 { id = "x\(key)" }
      let isRejected = id.first == "x"
      table.rejected += isRejected ? 1 : 0
      let isOfText = quoted && key % 5 == 0
      let shown = isOfText ? "\"\(name),\"\"\n\"" : name.isEmpty ? "" : "\(name)"
      let stored = isOfText ? "\(name),\"\n" : name.isEmpty ? "∅" : "\(name)"
      table.csv += "\(row),\(id),\(shown),\(quoted && code.isEmpty ? "\"\"" : code),"
      table.csv += "\(amount),w\(who)\(row % 3 == 0 ? "\n" : "\r\n")"
      if isRejected { continue }
      let storedCode = code.isEmpty ? (quoted ? "" : "∅") : code
      table.rows.append("\(row)|\(id)|\(stored)|\(storedCode)|\(amount)|w\(who)")
    }
    return table
  }

  private static func check(_ table: Table, schema: [ColumnDescription]? = nil) throws {
    let folder = TemporaryFolder()
    let file = folder.write("in.csv", table.csv)
    var first: [UInt8] = []
    for threads in [1, 2, 8] {
      var options = IngestOptions()
      options.threads = threads
      options.schema = schema
      options.rejectsPath = folder.file("rejects.csv")
      let path = folder.file("t\(threads).ecq")
      let report = try Ingest.run(files: [file], into: path, options: options)
      #expect(report.rejectedCount == table.rejected)
      let store = folder.read("t\(threads).ecq")
      if threads == 1 {
        #expect(try RoundTripTests.rows(of: path).sorted() == table.rows.sorted())
        first = store
      }
      #expect(store == first, "\(threads) threads")
    }
  }

  private static let schema = [
    ColumnDescription(name: "id", type: .bigint),
    ColumnDescription(name: "amount", type: .decimal(precision: 9, scale: 2)),
  ]

  @Test func manyKeys() throws {
    try Self.check(Self.table(rowCount: 120_000, keyCount: 90_000, seed: 1))
  }

  @Test func fewKeys() throws {
    try Self.check(Self.table(rowCount: 120_000, keyCount: 300, seed: 2))
  }

  /// `""` and an empty field, and texts with delimiters and newlines, are told apart.
  @Test func quotedFields() throws {
    try Self.check(Self.table(rowCount: 60_000, keyCount: 2_000, quoted: true, seed: 3))
  }

  /// A row with a misfit is left out, and values that only such rows have do not appear.
  @Test func rejectedRows() throws {
    let table = Self.table(rowCount: 120_000, keyCount: 20_000, misfits: true, seed: 4)
    #expect(table.rejected > 5)
    try Self.check(table, schema: Self.schema)
  }

  /// A value that widens a type late in the file is noticed, though its neighbours were seen.
  @Test func lateMisfitWidens() throws {
    var table = Self.table(rowCount: 100_000, keyCount: 500, seed: 5)
    table.csv += "100000,12x,name,c1,1.00,w1\n"
    table.rows.append("100000|12x|name|c1|1.00|w1")
    let folder = TemporaryFolder()
    let path = folder.file("t.ecq")
    let report = try Ingest.run(files: [folder.write("in.csv", table.csv)], into: path)
    #expect(report.notes.contains { $0.contains("column id is VARCHAR, because 1 value is no") })
    #expect(try RoundTripTests.rows(of: path).sorted() == table.rows.sorted())
  }

  /// Integers are read as ever, whatever their length.
  @Test func integersOfAllLengths() throws {
    var texts = ["0", "-1", "-9223372036854775808", "9223372036854775807"]
    for digits in 1...18 {
      texts.append("1" + String(repeating: "0", count: digits - 1))
      texts.append(String(repeating: "9", count: digits))
      texts.append("-" + String(repeating: "7", count: digits))
    }
    let rows = texts.flatMap { [$0, $0, $0] }
    let folder = TemporaryFolder()
    let path = folder.file("t.ecq")
    let csv = "i\n" + rows.joined(separator: "\n") + "\n"
    _ = try Ingest.run(files: [folder.write("in.csv", csv)], into: path)
    #expect(try Store(path: path).columns[0].type == .bigint)
    #expect(try RoundTripTests.rows(of: path).sorted() == rows.sorted())
    // Bytes next to the digits, leading zeros and signs make a text.
    for misfit in ["01", "1:", "/1", "*12345", "1234567/", "12345678:", "+1", "1 ", "00000000"] {
      let path = folder.file("misfit.ecq")
      let csv = "i\n5\n5\n5\n5\n\(misfit)\n\(misfit)\n"
      _ = try Ingest.run(files: [folder.write("in.csv", csv)], into: path)
      #expect(try Store(path: path).columns[0].type == .varchar, "\(misfit)")
      unlink(path)
    }
  }

  /// Files whose columns come in another order, or lack some, make one table.
  @Test func otherLayouts() throws {
    let folder = TemporaryFolder()
    let path = folder.file("t.ecq")
    func rows(_ count: Int, _ line: (Int) -> String) -> String {
      (0..<count).map(line).joined(separator: "\n") + "\n"
    }
    let files = [
      folder.write("a.csv", "id,name,code\n" + rows(900) { "\($0 % 90),n\($0 % 90),c\($0 % 9)" }),
      folder.write("b.csv", "code,id,name\n" + rows(900) { "c\($0 % 9),\($0 % 90),n\($0 % 90)" }),
      folder.write("c.csv", "name,id\n" + rows(900) { "n\($0 % 90),\($0 % 90)" }),
    ]
    _ = try Ingest.run(files: files, into: path)
    let both = (0..<900).map { "\($0 % 90)|n\($0 % 90)|c\($0 % 9)" }
    let without = (0..<900).map { "\($0 % 90)|n\($0 % 90)|∅" }
    #expect(try RoundTripTests.rows(of: path).sorted() == (both + both + without).sorted())
  }
}
