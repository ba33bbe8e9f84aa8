import ColStore
import Testing

@testable import Query

/// Words numbered by many threads, against a dictionary.
struct PartedWordTableTests {
  @Test(arguments: [0, 1, 1000, 70_000, 300_000], [1, 2, 5])
  func numbersAreThoseOfFirstAppearance(rowCount: Int, threads: Int) {
    let words: [Int64?] = (0..<rowCount).map { row in
      // Some words many times, some once, some that differ in their upper bits alone, some NULL.
      switch row % 5 {
      case 0: Int64(row % 97)
      case 1: Int64(row) << 40
      case 2: nil
      default: Int64(row) &* 0x9E37_79B9_7F4A_7C1
      }
    }
    var known: [Int64: UInt32] = [:]
    let wanted: [UInt32] = words.map { word in
      guard let word else { return KeyTables.absent }
      let number = known[word] ?? UInt32(known.count)
      known[word] = number
      return number
    }
    var numbers = [UInt32](repeating: 7, count: rowCount)
    let keys = Vector(.bigint, words.map { $0.map { .int64($0) } ?? .null })
    let table = PartedWordTable(keys, threads: threads, into: &numbers)
    #expect(table.count == known.count)
    #expect(numbers == wanted)

    let others = [Int64.min, .max, 0, 1, 96, 97, -1, 1 << 40, 3 << 40].map { Optional($0) } + [nil]
    let asked = words.reversed() + others
    var found = [UInt32](repeating: 7, count: asked.count)
    table.find(Vector(.bigint, asked.map { $0.map { .int64($0) } ?? .null }), into: &found)
    #expect(found == asked.map { $0.flatMap { known[$0] } ?? KeyTables.absent })
  }

  @Test func oneWordInAllRows() {
    var numbers = [UInt32](repeating: 7, count: 100_000)
    let keys = Vector(.bigint, Array(repeating: .int64(-5), count: 100_000))
    let table = PartedWordTable(keys, threads: 3, into: &numbers)
    #expect(table.count == 1)
    #expect(numbers.allSatisfy { $0 == 0 })
  }
}
