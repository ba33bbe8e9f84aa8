import ColStore
import Testing

@testable import Query

/// Functions over narrow words are those of one word after the other.
@Suite struct NarrowStepsTests {
  /// `words` = reference + number × scale, in so many bytes each.
  private func vector(
    _ numbers: [UInt32], bytes: Int, scale: Int64, reference: Int64, _ type: DataType = .timestamp
  ) -> Vector {
    let kept = Buffer(byteCount: numbers.count * bytes)
    for (row, number) in numbers.enumerated() {
      for byte in 0..<bytes {
        kept.pointer(UInt8.self)[row * bytes + byte] = UInt8(
          truncatingIfNeeded: number >> UInt32(8 * byte))
      }
    }
    let words = NarrowWords(
      kept: UnsafeRawPointer(kept.base), count: numbers.count, bytes: bytes,
      greatest: numbers.max() ?? 0, scale: UInt64(scale),
      reference: UInt64(bitPattern: reference), owner: kept)
    return Vector(narrow: words, type)
  }

  private func words(_ vector: Vector) -> [Int64] {
    (0..<vector.count).map { vector.pointer(Int64.self)[$0] }
  }

  private static let day: Int64 = 86_400_000_000

  /// Seconds, minutes and odd steps, before and after 1970, from the midst of an hour.
  private static let steps: [(scale: Int64, reference: Int64)] = [
    (1_000_000, 1_570_000_123_000_000), (60_000_000, -7 * 86_400_000_000 - 5),
    (7, 1_569_888_000_000_000), (3_600_000_000, -1), (86_400_000_000, 0),
  ]

  @Test(arguments: [1, 2, 4], 0..<5)
  func partsOfTimes(bytes: Int, number: Int) {
    let step = Self.steps[number]
    let most = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(8 * bytes)) - 1)
    for greatest in [most, 90, 500_000].map({ min($0, most) }) {
      let numbers = (0..<1_000).map { UInt32(UInt64($0) * 7_919 % (UInt64(greatest) + 1)) }
      let times = numbers.map { step.reference + Int64($0) * step.scale }
      let hour: Int64 = 3_600_000_000
      let functions: [(width: Int64, value: (Int64) -> Int64)] = [
        (hour, { FloorDivision.quotient($0, hour) % 24 }),
        (hour, { FloorDivision.quotient($0, hour) * hour }),
        (60_000_000, { FloorDivision.quotient($0, 60_000_000) }),
        (Self.day, { FloorDivision.quotient($0, Self.day) }),
        (Self.day, { (FloorDivision.quotient($0, Self.day) + 700_004) % 7 }),
        (Self.day, { CalendarMath.dayOfYear(CalendarMath.day(of: $0)) }),
        (Self.day, { Int64(CalendarMath.civil(CalendarMath.day(of: $0)).month) }),
      ]
      for function in functions {
        let narrow = vector(numbers, bytes: bytes, scale: step.scale, reference: step.reference)
        guard
          let result = NarrowSteps.apply(
            narrow, width: function.width, to: .bigint, function.value)
        else { continue }
        #expect(result.narrow != nil)
        #expect(words(result) == times.map(function.value))
      }
    }
  }

  @Test func whatIsTaken() {
    let hour: Int64 = 3_600_000_000
    let near = vector([0, 30_000], bytes: 2, scale: 1_000_000, reference: 0)
    #expect(NarrowSteps.apply(near, width: hour, to: .bigint) { $0 / hour } != nil)
    // So many hours are divided, and only where results count up.
    let far = vector([0, 400_000], bytes: 4, scale: 1_000_000, reference: 0)
    #expect(NarrowSteps.apply(far, width: hour, to: .bigint) { $0 / hour } != nil)
    #expect(NarrowSteps.apply(far, width: hour, to: .bigint) { $0 / hour * ($0 / hour) } == nil)
    #expect(NarrowSteps.apply(far, width: 1_000_000, to: .bigint) { $0 } == nil)
    // Once somebody has read them, they are words of 64 bits.
    _ = words(near)
    #expect(near.narrow == nil)
    #expect(NarrowSteps.apply(near, width: hour, to: .bigint) { $0 / hour } == nil)
  }

  @Test func slicesAndRowsOfNarrowWords() {
    let numbers: [UInt32] = (0..<100).map { UInt32($0 * 37 % 251) }
    let whole = vector(numbers, bytes: 1, scale: 10, reference: -5, .bigint)
    let slice = whole.slice(offset: 10, count: 20)
    #expect(slice.narrow != nil)
    let rows: [UInt32] = [3, 0, 19]
    #expect(
      words(slice.select(rows, count: 3)) == [13, 10, 29].map { Int64(numbers[$0]) * 10 - 5 })
    #expect(words(slice) == (10..<30).map { Int64(numbers[$0]) * 10 - 5 })
    #expect(words(whole) == numbers.map { Int64($0) * 10 - 5 })
    #expect(
      words(whole.slice(offset: 98, count: 2)) == [98, 99].map { Int64(numbers[$0]) * 10 - 5 })
  }

  @Test(arguments: [0, 7])
  func codesOfRunsInAnyOrder(first: Int) {
    let (codes, ends): ([UInt32], [UInt32]) = ([4, 1, 3, 0, 2], [5, 6, 400, 900, 1_000])
    let memory = (codes: Buffer(UInt32.self, count: 5), ends: Buffer(UInt32.self, count: 13))
    memory.codes.pointer(UInt32.self).update(from: codes, count: 5)
    memory.ends.pointer(UInt32.self).update(from: ends, count: 5)
    let dictionary = Vector(.bigint, (0..<5).map { .int64(Int64($0) * 100) })
    func runs() -> Vector {
      Vector(
        runs: CodeRuns(
          codes: memory.codes.pointer(), ends: memory.ends.pointer(), count: 5,
          owners: [memory.codes, memory.ends]),
        firstRow: first, count: 1_000 - first, dictionary: dictionary)
    }
    for count in [3, 70, 900] {
      let rows = (0..<count).map { UInt32($0 * 617 % (1_000 - first)) }
      let wanted = rows.map { row in codes[ends.firstIndex { $0 > Int(row) + first } ?? 0] }
      var found = [UInt32](repeating: 0, count: count)
      runs().pickCodes(rows, count, into: &found)
      #expect(found == wanted)
      let expanded = runs()
      _ = expanded.codes
      expanded.pickCodes(rows, count, into: &found)
      #expect(found == wanted)
    }
  }
}
