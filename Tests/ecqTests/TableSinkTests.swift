import ColStore
import Glibc
import Query
import Testing

@testable import ecq

@Suite struct TableSinkTests {
  /// What the sink writes for rows `0 ..< rowCount` of one or more columns.
  private func written(_ columns: [(Field, [Value])], width: Int?) throws -> String {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let stream = OutputStream(descriptor: ends[1])
    let sink = TableSink(to: stream, terminal: Terminal(outputWidth: width))
    let rowCount = columns[0].1.count
    try sink.begin(schema: columns.map(\.0))
    for first in stride(from: 0, to: rowCount, by: 7) {
      let rows = first..<min(first + 7, rowCount)
      try sink.consume(
        Batch(
          columns: columns.map { Vector($0.0.type, Array($0.1[rows])) }, rowCount: rows.count))
    }
    try sink.end()
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(ends[0], &bytes, bytes.count)
    close(ends[0])
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  @Test func boxesHoldNamesTypesValuesAndCounts() throws {
    let text = try written(
      [
        (Field(name: "brand", type: .varchar), [.string("日本"), .null, .string("a\nb")]),
        (Field(name: "n", type: .bigint), [.int64(1), .int64(-20), .null]),
      ], width: nil)
    #expect(
      text == """
        ┌─────────┬────────┐
        │ brand   │ n      │
        │ varchar │ bigint │
        ├─────────┼────────┤
        │ 日本    │      1 │
        │ NULL    │    -20 │
        │ a\\nb    │   NULL │
        └─────────┴────────┘
        3 rows, 2 columns

        """)
  }

  @Test func offATerminalNothingIsLeftOut() throws {
    let text = try written(
      [(Field(name: "n", type: .bigint), (0..<100).map { .int64($0) })], width: nil)
    #expect(text.split(separator: "\n").count == 100 + 6)
    #expect(text.contains("│     99 │"))
  }

  @Test func onATerminalTheMiddleIsLeftOutAndCounted() throws {
    let text = try written(
      [(Field(name: "n", type: .bigint), (0..<100).map { .int64($0) })], width: 80)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 40 + 7)
    #expect(lines[4].contains("  0 ") && lines[23].contains(" 19 ") && lines[24].contains("·"))
    #expect(lines[25].contains(" 80 ") && lines[44].contains(" 99 "))
    #expect(lines[46] == "100 rows (40 shown), 1 column")
  }

  @Test func whatDoesNotFitIsCutOrHiddenAndCounted() throws {
    let wide = (0..<12).map { index in
      (Field(name: "column\(index)", type: .varchar), [Value.string("some long text \(index)")])
    }
    let lines = try written(wide, width: 60).split(separator: "\n")
    for line in lines.dropLast() { #expect(displayWidth(String(line)) <= 60) }
    #expect(lines[lines.count - 1] == "1 row, 12 columns (9 hidden)")
    #expect(lines[4].contains("some long t…"))
  }
}
