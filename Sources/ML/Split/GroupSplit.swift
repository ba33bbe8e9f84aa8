import ColStore

extension RowSplit {
  /// Draws groups at random: all rows of one value of a column, for example of one user, are in the
  /// same part. The test part has its share of the groups, rounded up.
  ///
  /// Groups are ordered by a seeded hash of their value, and the first ones are tested with; so the
  /// order of rows makes no difference. NULL is a group of its own.
  ///
  /// - Throws: ``ModelError`` where there is no such column, its type has no groups, there are fewer
  ///   than two, the share is not in 0…1, or the data cannot be read.
  public static func byGroup(
    _ source: any RowSource, column name: String, testShare: Double = defaultTestShare,
    seed: UInt64 = defaultSeed, threads: Int = availableProcessors
  ) throws(ModelError) -> RowSplit {
    let hashes = try GroupHash(seed: seed).hashes(source, name, threads)
    let order = try RadixOrder(hashes).rows
    var groupCount = 0
    Self.forEachGroup(order, hashes) { _, _ in groupCount += 1 }
    guard groupCount >= 2 else {
      throw ModelError("there are fewer than two groups of \"\(name)\" to part")
    }
    let testGroups = try testCount(of: groupCount, share: testShare)
    var largestInTest: UInt64 = 0
    Self.forEachGroup(order, hashes) { group, hash in
      if group < testGroups { largestInTest = hash }
    }
    let limit = largestInTest
    return try RowSplit(hashes.count) { hashes[$0] <= limit }
  }

  /// Calls `body(number of the group, its hash)` for each distinct hash, ascending.
  private static func forEachGroup(
    _ order: [UInt32], _ hashes: [UInt64], _ body: (Int, UInt64) -> Void
  ) {
    var group = 0
    var previous: UInt64?
    for row in order {
      let hash = hashes[Int(row)]
      if hash == previous { continue }
      body(group, hash)
      group += 1
      previous = hash
    }
  }
}
