import Testing

@testable import ColStore

@Suite struct CodeRunsTests {
  private static func buffer(_ values: [UInt32]) -> Buffer {
    let buffer = Buffer(UInt32.self, count: values.count)
    for (place, value) in values.enumerated() { buffer.pointer(UInt32.self)[place] = value }
    return buffer
  }

  @Test(arguments: [1, 2, 5, 40, 3000])
  func codesOfSomeRows(longest: UInt32) throws {
    var random = SeededGenerator(seed: UInt64(longest))
    var ends: [UInt32] = []
    var codes: [UInt32] = []
    for _ in 0..<2000 {
      ends.append((ends.last ?? 0) + UInt32.random(in: 1...longest, using: &random))
      codes.append(UInt32.random(in: 0..<90, using: &random))
    }
    let memory = (codes: Self.buffer(codes), ends: Self.buffer(ends))
    let runs = CodeRuns(
      codes: UnsafePointer(memory.codes.pointer(UInt32.self)),
      ends: UnsafePointer(memory.ends.pointer(UInt32.self)),
      count: ends.count, owners: [memory.codes, memory.ends])
    let expanded = runs.expanded
    // By search, then by the index; all rows among them.
    for count in [1, 10, 63, 64, 500, runs.rowCount] {
      let rows = Set(
        (0..<count).map { index in
          count == runs.rowCount
            ? UInt32(index) : UInt32.random(in: 0..<UInt32(runs.rowCount), using: &random)
        }
      ).sorted()
      var picked = [UInt32](repeating: .max, count: rows.count)
      runs.pick(rows, rows.count, into: &picked)
      #expect(picked == rows.map { expanded[Int($0)] })
    }
  }
}
