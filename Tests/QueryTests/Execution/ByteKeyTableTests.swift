import ColStore
import Testing

@testable import Query

@Suite struct ByteKeyTableTests {
  /// Entries are looked up once, and get the numbers that their rows would get one by one.
  @Test func codedTextsAreNumberedAsOthers() {
    let entries = Vector(.varchar, [.string("b"), .null, .string("a"), .string("b"), .string("c")])
    let rows: [UInt32] = [2, 0, 3, 2, 1, 0, 1, 3]
    let codes = Buffer(UInt32.self, count: rows.count)
    for (row, code) in rows.enumerated() { codes.pointer(UInt32.self)[row] = code }
    let coded = Vector(
      codes: UnsafePointer(codes.pointer(UInt32.self)), count: rows.count, dictionary: entries,
      owners: [codes])
    let table = ByteKeyTable([.varchar])
    var numbers = [UInt32](repeating: 9, count: rows.count)
    table.assign([coded], count: rows.count, into: &numbers)
    #expect(numbers == [0, 1, 1, 0, 2, 1, 2, 1])
    #expect(table.count == 3)
    var flat = numbers
    table.assign([coded.flat()], count: rows.count, into: &flat)
    #expect(flat == numbers)
    let others = ByteKeyTable([.varchar])
    others.find([coded], count: rows.count, into: &numbers)
    #expect(numbers == [UInt32](repeating: KeyTables.absent, count: rows.count))
  }
}
