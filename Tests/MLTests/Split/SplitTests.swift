import ColStore
import Testing

@testable import ML

/// Every row in one part, shares kept, the same parts for the same seed.
@Suite struct SplitTests {
  private func expectPartition(_ split: RowSplit, of count: Int) {
    #expect((split.training + split.test).sorted() == (0..<UInt32(count)).map { $0 })
    #expect(split.training == split.training.sorted() && split.test == split.test.sorted())
    #expect(!split.training.isEmpty && !split.test.isEmpty)
  }

  /// `count` labels, every `every`th positive.
  private func labels(_ count: Int, every: Int) -> [UInt8] {
    (0..<count).map { $0 % every == 0 ? 1 : 0 }
  }

  @Test(arguments: [(1000, 10), (1003, 17), (10, 2), (7, 3), (4, 2), (50_000, 20)])
  func stratifiedPartsHaveTheSameRate(count: Int, every: Int) throws {
    let labels = labels(count, every: every)
    let split = try RowSplit.stratified(labels)
    expectPartition(split, of: count)
    #expect(split.test.count == Int((0.3 * Double(count)).rounded(.up)))
    let inTest = split.test.count { labels[Int($0)] == 1 }
    let share = Double(split.test.count) / Double(count)
    #expect(abs(Double(inTest) - share * Double(labels.count { $0 == 1 })) <= 1)
  }

  @Test func theSeedDecides() throws {
    let labels = labels(2000, every: 6)
    #expect(try RowSplit.stratified(labels) == RowSplit.stratified(labels, seed: 42))
    #expect(try RowSplit.stratified(labels) != RowSplit.stratified(labels, seed: 43))
    // The same for ever: models must be made again years later.
    let first = try RowSplit.stratified(self.labels(40, every: 4)).test
    #expect(first == [1, 4, 6, 10, 15, 16, 18, 21, 24, 35, 37, 39])
  }

  @Test func everyRowIsDrawnEquallyOften() throws {
    let labels = labels(40, every: 4)
    var draws = [Int](repeating: 0, count: labels.count)
    for seed in 0..<4000 {
      for row in try RowSplit.stratified(labels, seed: UInt64(seed)).test { draws[Int(row)] += 1 }
    }
    // 1200 expected, standard deviation 29.
    #expect(draws.allSatisfy { (1060...1340).contains($0) })
  }

  @Test func rareClassesAreInBothParts() throws {
    let split = try RowSplit.stratified([1, 1] + Array(repeating: 0, count: 500))
    #expect(split.test.count { $0 < 2 } == 1)
    let tiny = try RowSplit.stratified(labels(100, every: 50), testShare: 0.001)
    #expect(tiny.test.count == 2 && tiny.test.count { $0 % 50 == 0 } == 1)
  }

  @Test func whatCannotBeStratifiedIsAnError() {
    #expect(
      errorText { _ = try RowSplit.stratified([1, 0, 0, 0]) }
        == "there are 1 positive and 3 negative rows; a stratified split needs two of each")
    #expect(
      errorText { _ = try RowSplit.stratified([]) } == "there is too little to part in two: 0")
    for share in [0, 1, -0.1, 1.5, Double.nan] {
      #expect(
        errorText { _ = try RowSplit.stratified([1, 0, 1, 0], testShare: share) }
          == "the share of rows to test with is \(share), not between 0 and 1")
    }
  }

  private func timeTable(_ times: [Int64?], _ layout: MemoryTable.Layout = .flat) -> MemoryTable {
    MemoryTable(
      [("session_start", .timestamp, times.map { $0.map { .int64($0) } ?? .null })],
      layout: layout)
  }

  @Test(arguments: MemoryTable.Layout.allCases, [1, 3])
  func theTestPartIsLater(layout: MemoryTable.Layout, threads: Int) throws {
    var random = SplitMix64(seed: 5)
    let times = (0..<500).map { _ in Int64(random.next(below: 1 << 60)) - (1 << 59) }
    let split = try RowSplit.byTime(
      timeTable(times, layout), column: "session_start", threads: threads)
    expectPartition(split, of: 500)
    #expect(split.test.count == 150)
    let latestTrained = split.training.map { times[Int($0)] }.max() ?? .max
    let earliestTested = split.test.map { times[Int($0)] }.min() ?? .min
    #expect(latestTrained < earliestTested)
  }

  @Test func equalTimesStayTogether() throws {
    func test(_ times: [Int64?]) throws -> [UInt32] {
      try RowSplit.byTime(timeTable(times), column: "session_start").test
    }
    // Three of ten are wanted; the two nearest cuts are before and after the rows at 5.
    #expect(try test([1, 2, 3, 4, 5, 5, 5, 5, 6, 7]) == [8, 9])
    #expect(try test([1, 2, 3, 4, 4, 4, 5, 5, 5, 7]) == [6, 7, 8, 9])
    // At 5 there would be none to train with, or at 1 none to test with.
    #expect(try test([5, 5, 5, 5, 5, 5, 5, 5, 5, 7]) == [9])
    #expect(try test([1, 5, 5, 5, 5, 5, 5, 5, 5, 5]) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(
      errorText { _ = try test([5, 5, 5]) }
        == "all rows have one \"session_start\", so none is earlier than others")
    #expect(
      errorText { _ = try test([5, nil, 6]) }
        == "\"session_start\" is NULL in 1 of 3 rows; leave them out")
  }

  @Test func timesAreTimestampsOrDates() throws {
    let days = MemoryTable([
      ("day", .date, (0..<10).map { .int64($0) }), ("n", .bigint, (0..<10).map { .int64($0) }),
    ])
    #expect(try RowSplit.byTime(days, column: "day").test == [7, 8, 9])
    #expect(
      errorText { _ = try RowSplit.byTime(days, column: "n") }
        == "\"n\" is BIGINT; rows are parted by a TIMESTAMP or DATE")
    #expect(
      errorText { _ = try RowSplit.byTime(days, column: "dya") }
        == "there is no column \"dya\" for the time split; did you mean \"day\"?")
  }

  @Test func selectionAgreesWithSorting() {
    var random = SplitMix64(seed: 9)
    let values =
      [.min, .max, 0, -1, 1, -1] + (0..<300).map { _ in Int64(bitPattern: random.next()) }
      + (0..<50).map { _ in Int64(random.next(below: 10)) }
    for (place, value) in values.sorted().enumerated() {
      #expect(valueInOrder(place, of: values) == value)
    }
  }

  private static let uuidBase = Int128(1) << 100
  /// 60 groups of 1 to 9 rows, scattered, as each of the types that have groups.
  private static let groups: [Int] = {
    var random = SplitMix64(seed: 3)
    return (0..<300).map { _ in random.next(below: 60) }
  }()
  private static let groupColumns: [(String, DataType, [Value])] = [
    ("user_id", .bigint, groups.map { $0 == 0 ? .null : .int64(Int64($0)) }),
    ("user_session", .uuid, groups.map { $0 == 0 ? .null : .int128(uuidBase * Int128($0)) }),
    ("city", .varchar, groups.map { $0 == 0 ? .null : .string("a longer name \($0)") }),
    ("score", .double, groups.map { $0 == 0 ? .null : .double(Double($0) / 7) }),
  ]

  @Test(arguments: MemoryTable.Layout.allCases, groupColumns.map(\.0))
  func groupsStayTogether(layout: MemoryTable.Layout, column: String) throws {
    let table = MemoryTable(Self.groupColumns, layout: layout)
    let split = try RowSplit.byGroup(table, column: column, threads: 3)
    expectPartition(split, of: 300)
    let tested = Set(split.test.map { Self.groups[Int($0)] })
    let trained = Set(split.training.map { Self.groups[Int($0)] })
    #expect(tested.isDisjoint(with: trained))
    let groupCount = Set(Self.groups).count
    #expect(tested.count == Int((0.3 * Double(groupCount)).rounded(.up)))
    let flat = MemoryTable(Self.groupColumns, morselRows: 300)
    #expect(split == (try RowSplit.byGroup(flat, column: column, threads: 1)))
    #expect(split != (try RowSplit.byGroup(table, column: column, seed: 43)))
  }

  @Test func theOrderOfRowsMakesNoDifferenceToGroups() throws {
    let users = Self.groups.map { Value.int64(Int64($0)) }
    func tested(_ values: [Value]) throws -> Set<Value> {
      let split = try RowSplit.byGroup(
        MemoryTable([("user_id", .bigint, values)]), column: "user_id")
      return Set(split.test.map { values[Int($0)] })
    }
    #expect(try tested(users) == tested(users.reversed()))
  }

  @Test func oneGroupCannotBeParted() {
    let table = MemoryTable([("user_id", .bigint, [.int64(1), .int64(1), .int64(1)])])
    #expect(
      errorText { _ = try RowSplit.byGroup(table, column: "user_id") }
        == "there are fewer than two groups of \"user_id\" to part")
    #expect(
      errorText { _ = try RowSplit.byGroup(table, column: "user") }
        == "there is no column \"user\" for the group split; did you mean \"user_id\"?")
  }

  @Test func zeroHasOneSign() throws {
    let zeros = [0.0, -0.0, 1, 1, 2, 3]
    let table = MemoryTable([("x", .double, zeros.map { .double($0) })])
    for seed in 0..<20 {
      let split = try RowSplit.byGroup(table, column: "x", testShare: 0.5, seed: UInt64(seed))
      #expect(split.test.contains(0) == split.test.contains(1))
    }
  }
}
