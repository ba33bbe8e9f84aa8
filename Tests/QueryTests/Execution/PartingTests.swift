import ColStore
import Testing

@testable import Query

/// What sorts and groups rows in parts, against the plain way to do it.
@Suite struct PartingTests {
  @Test func multiplesAreToldAndDividedWithoutDivision() {
    var random = SeededNumbers(seed: 11)
    let divisors: [UInt64] = [1, 2, 3, 6, 10, 1 << 40, 1_000_000, 60_000_000, .max, (1 << 63) + 2]
    for number in divisors + (0..<200).map({ _ in max(random.next() >> (random.next() % 60), 1) }) {
      let divisor = ExactDivisor(number)
      for _ in 0..<50 {
        let factor = random.next() % (UInt64.max / number) / (1 << (random.next() % 40))
        #expect(divisor.divides(factor * number))
        #expect(divisor.quotient(of: factor * number) == factor)
        let other = random.next()
        #expect(divisor.divides(other) == (other % number == 0))
      }
    }
  }

  @Test(arguments: [0, 1, 2, 24, 25, 129, 5000])
  func radixSortIsStableForKeysOfAnyBits(count: Int) {
    for bits in [0, 1, 7, 11, 40, 64, 100, 128] {
      check(UInt64.self, count: count, bits: min(bits, 64))
      check(UInt128.self, count: count, bits: bits)
    }
  }

  private func check<Key: PackedKey>(_ type: Key.Type, count: Int, bits: Int) {
    var random = SeededNumbers(seed: UInt64(count + bits))
    let mask: Key = bits == 0 ? 0 : .max >> Key(truncatingIfNeeded: Key.bitWidth - bits)
    let buffer = Buffer(PackedRow<Key>.self, count: count)
    let rows = buffer.pointer(PackedRow<Key>.self)
    for row in 0..<count {
      var key = Key(truncatingIfNeeded: UInt128(random.next()) << 64 | UInt128(random.next()))
      // Some keys come often, and some differ in their lowest bits alone.
      if random.next() % 3 == 0 { key &= 3 }
      rows[row] = PackedRow(key: key & mask, row: UInt32(row))
    }
    let expected = (0..<count).map { rows[$0] }.sorted { ($0.key, $0.row) < ($1.key, $1.row) }
    RadixSort.sort(buffer, type, count: count)
    #expect((0..<count).allSatisfy { rows[$0].key == expected[$0].key })
    #expect((0..<count).allSatisfy { rows[$0].row == expected[$0].row })
    withExtendedLifetime(buffer) {}
  }

  @Test(arguments: [true, false])
  func packedKeysArePartedInOrder(keepsRows: Bool) {
    let parts = PartedWords(partCount: 16, keepsRows: keepsRows)
    for round in 0..<2 {
      var random = SeededNumbers(seed: UInt64(round))
      // Half of all rows have one key, whose part outgrows all others.
      let keys = (0..<10_000).map { _ in random.next() % 2 == 0 ? 77 : random.next() % 500 }
      parts.append(keys, count: 4000, first: 0)
      keys.withUnsafeBufferPointer { all in
        if let base = all.baseAddress { parts.append(base + 4000, count: 6000, first: 4000) }
      }
      parts.flush()
      var seen = Set<UInt64>()
      var found = 0
      for part in 0..<16 {
        let own = Array(parts.keys(of: part))
        #expect(seen.isDisjoint(with: own))
        seen.formUnion(own)
        found += own.count
        let rows = Array(parts.rows(of: part))
        #expect(rows.count == (keepsRows ? own.count : 0))
        #expect(rows == rows.sorted())
        #expect(zip(rows, own).allSatisfy { keys[Int($0)] == $1 })
      }
      #expect(found == keys.count)
      parts.removeAll()
    }
  }

  /// Numbers of keys that are numbered column by column are those of their bytes, in whatever layout
  /// columns come.
  @Test func keysOfManyColumnsAreNumberedAsTheirBytes() throws {
    let types: [DataType] = [.varchar, .bigint, .integer]
    let numbered = try #require(NumberedKeyTable(types))
    let bytes = ByteKeyTable(types)
    var random = SeededNumbers(seed: 5)
    let entries = Vector(
      .varchar, (0..<40).map { $0 % 9 == 0 ? .null : .string("text \($0 % 30)") })
    let large = Vector(.varchar, (0..<4000).map { .string("text \($0 % 60)") })
    for round in 0..<12 {
      let count = 1 + Int(random.next() % 300)
      let texts = [entries, large, entries][round % 3]
      let codes = Buffer(UInt32.self, count: count)
      for row in 0..<count {
        codes.pointer(UInt32.self)[row] = UInt32(random.next() % UInt64(texts.count))
      }
      let coded = Vector(
        codes: UnsafePointer(codes.pointer(UInt32.self)), count: count, dictionary: texts,
        owners: [codes])
      let wide = Vector(
        .bigint,
        (0..<count).map { _ in
          random.next() % 5 == 0 ? .null : .int64(Int64.min + Int64(random.next() % 9))
        })
      let narrow = Vector(.integer, (0..<count).map { _ in .int64(Int64(random.next() % 3)) })
      let keys = [round % 4 == 3 ? coded.flat() : coded, wide, narrow]
      var (own, expected) = (
        [UInt32](repeating: 0, count: count), [UInt32](repeating: 0, count: count)
      )
      numbered.find(keys, count: count, into: &own)
      bytes.find(keys, count: count, into: &expected)
      #expect(own == expected)
      numbered.assign(keys, count: count, into: &own)
      bytes.assign(keys, count: count, into: &expected)
      #expect(own == expected)
      #expect(numbered.count == bytes.count)
    }
    let (own, expected) = (numbered.keys(), bytes.keys())
    for column in types.indices {
      #expect(
        (0..<numbered.count).allSatisfy {
          own[column].value(at: $0) == expected[column].value(at: $0)
        })
    }
    #expect(NumberedKeyTable([DataType](repeating: .varchar, count: 5)) == nil)
  }
}
