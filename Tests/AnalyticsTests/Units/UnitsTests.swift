import ColStore
import Testing

@testable import Analytics

@Suite struct UnitsTests {
  @Test(arguments: [1, 2, 23, 24, 25, 100, 5000])
  func distinctCodesAreCounted(length: Int) {
    var random = SystemRandomNumberGenerator()
    var counter = DistinctCounter()
    for kinds in [1, 2, length / 2 + 1, 3 * length] {
      let codes = (0..<length + 10).map { _ in UInt32.random(in: 0..<UInt32(kinds), using: &random)
      }
      let rows = 5..<5 + length
      let expected = Set(codes[rows]).subtracting([0]).count
      let found = codes.withUnsafeBufferPointer { codes in
        codes.baseAddress.map { counter.count($0, rows, null: 0) }
      }
      #expect(found == expected)
    }
  }

  @Test(
    arguments: [
      [], [42], [7, 7, 7], [0, 255], [-1, 255], [.min, .max], [.min, .min + 1], [.max, 0, -9],
      [1_570_000_000_000_000, 1_580_000_000_000_000],
      [1_570_000_000_000_000, 1_580_000_000_000_001],
      [0, 1 << 33, 5],
    ] as [[Int64]])
  func narrowColumnsKeepTheirValues(values: [Int64]) throws {
    let narrow = values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: 1) { none in
        // An empty array has no address.
        none.initialize(repeating: 0)
        let start = values.baseAddress ?? UnsafePointer(none.baseAddress.unsafelyUnwrapped)
        return NarrowColumn.columns([start], count: values.count)[0]
      }
    }
    var copied = [Int64](repeating: -77, count: values.count + 1)
    try copied.withUnsafeMutableBufferPointer {
      try narrow.copy(to: $0.baseAddress.unsafelyUnwrapped)
    }
    #expect(copied == values + [-77])
  }

  @Test(arguments: [1, 300, 70_000, 5_000_000_000] as [Int64])
  func partsOfNarrowColumnsAreCopied(step: Int64) throws {
    let values = (0..<50).map { Int64($0) * step }
    let narrow = values.withUnsafeBufferPointer {
      NarrowColumn.columns([$0.baseAddress.unsafelyUnwrapped], count: 50)[0]
    }
    var copied = [Int64](repeating: -77, count: 10)
    try copied.withUnsafeMutableBufferPointer {
      try narrow.copy([(3..<5, 1), (40..<44, 5)], to: $0.baseAddress.unsafelyUnwrapped)
    }
    var expected = [Int64](repeating: -77, count: 10)
    expected[1..<3] = values[3..<5]
    expected[5..<9] = values[40..<44]
    #expect(copied == expected)
  }

  @Test func rowsAreKeptWhenTheyAreNarrowed() throws {
    let rows = WideRows(width: 3)
    for row in 0..<3000 {
      let place = rows.append()
      for column in 0..<3 { rows.columns[column][place] = Int64(row * (column * 1000 + 1)) }
    }
    let other = WideRows(width: 3)
    try other.load(rows.narrowed())
    try other.append(rows.narrowed())
    #expect(other.count == 6000)
    for column in 0..<3 {
      for row in [0, 1, 1024, 2999] {
        #expect(other.columns[column][row] == Int64(row * (column * 1000 + 1)))
        #expect(other.columns[column][3000 + row] == Int64(row * (column * 1000 + 1)))
      }
    }
  }

  @Test func eventsOfOneTimeComeAsInTheStoreWhicheverWorkerHasThem() throws {
    let layout = EventLayout(hasPrice: false, codedColumns: 1, conditions: 0)
    let division = EventPartitions.Division(units: 0..<4, rows: 10)
    // The first worker has the later task.
    let workers = [UInt64(5), 2].map { task in
      let aside = EventPartitions(layout, division, hasOrder: true)
      let events = EventBuffer(layout)
      for time in [100, 100, 300] as [Int64] {
        Self.append(UInt32(task) * 10 + UInt32(events.count), at: time, to: events)
      }
      for row in 0..<3 { aside.append(3, order: task << 32, events.lanes, row) }
      return aside
    }
    let sorter = UnitSorter(layout)
    EventPartitions.units(workers, partition: 0, sorter)
    var units: [UInt32] = []
    try sorter.forEachUnit { unit, place, events, rows in
      units.append(unit)
      #expect(place == 2 << 32)
      #expect(rows.map { events.times[$0] } == [100, 100, 100, 100, 300, 300])
      #expect(rows.map { events.lane(0)[$0] } == [20, 21, 50, 51, 22, 52])
    }
    #expect(units == [3])
  }

  private static func append(_ code: UInt32, at time: Int64, to events: EventBuffer) {
    withUnsafePointer(to: time) { time in
      withUnsafePointer(to: code) { code in
        withUnsafePointer(to: code) { lanes in
          events.append(
            EventLanes(count: 1, times: time, prices: time, codes: lanes), 0..<1, kept: nil)
        }
      }
    }
  }

  @Test func calendarOfUTC() {
    let monday = Int64(4 * 86_400) * UTC.second
    #expect(UTC.weekday(monday) == 1)
    #expect(UTC.weekday(monday - 1) == 7)
    #expect(UTC.day(of: -1) == -1)
    #expect(UTC.hour(-1) == 23)
    #expect((0..<20).map { UTC.weekday(ofDay: -10 + $0) } == (0..<20).map { Int64(($0) % 7 + 1) })
    #expect(seconds(from: -1_500_000, to: 0) == 1)
    #expect(seconds(from: .min, to: .max) == 18_446_744_073_709)
  }

  @Test(arguments: [
    ("30m", 1800), ("1h", 3600), ("7d", 604_800), ("90", 90), ("90 seconds", 90), ("2w", 1_209_600),
  ])
  func lengthsOfTime(text: String, expected: Int64) {
    #expect(Duration.microseconds(text) == expected * UTC.second)
  }

  @Test(arguments: ["", "m", "soon", "-3m", "3 fortnights", "99999999999999999999", "1e3"])
  func whatIsNoLengthOfTime(text: String) { #expect(Duration.microseconds(text) == nil) }
}
