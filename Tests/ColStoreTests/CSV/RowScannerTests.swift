import Testing

@testable import ColStore

/// Rows and fields as RFC 4180 cuts them.
@Suite struct RowScannerTests {
  private struct Scanned: Equatable {
    var fields: [String]
    var line: Int
    var flaw: String?
  }

  private func scan(_ text: String) -> [Scanned] {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return [] }
      var scanner = RowScanner(text: start, count: bytes.count, delimiter: UInt8(ascii: ","))
      var rows: [Scanned] = []
      while true {
        var fields: [String] = []
        var field: [UInt8] = []
        let row = scanner.nextRow { run, _, isLast in
          field += run
          if isLast {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
          }
        }
        guard let row else { return rows }
        rows.append(Scanned(fields: fields, line: row.line, flaw: row.flaw?.reason))
      }
    }
  }

  @Test func plainRows() {
    #expect(
      scan("a,b\nc,\n") == [
        .init(fields: ["a", "b"], line: 0), .init(fields: ["c", ""], line: 1),
      ])
  }

  @Test func carriageReturnsBelongToTheLineEnd() {
    #expect(scan("a,b\r\n\"c\",d\r\n").map(\.fields) == [["a", "b"], ["c", "d"]])
  }

  @Test func quotesHideDelimitersNewlinesAndQuotes() {
    let rows = scan("\"a,\"\"b\"\"\nc\",d\ne,f")
    #expect(
      rows == [
        .init(fields: ["a,\"b\"\nc", "d"], line: 0), .init(fields: ["e", "f"], line: 2),
      ])
  }

  @Test func badQuotingIsFound() {
    #expect(scan("a\"b,c\n")[0].flaw != nil)
    #expect(scan("\"a\"b,c\n")[0].flaw != nil)
    #expect(scan("\"a,c\n")[0].flaw != nil)
    #expect(scan("\"\",\"\"\n")[0].flaw == nil)
  }
}
