/// Rows parted in two: those a model is trained on, and those it is judged by.
///
/// Every row is in exactly one part; both parts have rows, in ascending order. The same data, share
/// and seed give the same parts, however many threads there are.
public struct RowSplit: Equatable, Sendable {
  public let training: [UInt32]
  public let test: [UInt32]

  /// The share of rows to test with, unless another is asked for.
  public static let defaultTestShare = 0.3
  /// The seed, unless another is given.
  public static let defaultSeed: UInt64 = 42

  /// Parts `count` rows by a predicate; of neither part there may be none.
  init(_ count: Int, isTest: (Int) -> Bool) throws(ModelError) {
    try self.init(0..<UInt32(count), isTest: isTest)
  }

  /// Parts `rows` by a predicate of their places.
  init(
    _ rows: some RandomAccessCollection<UInt32>, isTest: (Int) -> Bool
  ) throws(ModelError) {
    var training: [UInt32] = []
    var test: [UInt32] = []
    for (place, row) in rows.enumerated() {
      if isTest(place) { test.append(row) } else { training.append(row) }
    }
    guard !training.isEmpty, !test.isEmpty else {
      throw ModelError(
        "\(rows.count) rows cannot be parted: none would be left to "
          + (test.isEmpty ? "test" : "train"))
    }
    self.training = training
    self.test = test
  }

  /// How many of `count` go to the test part: the share, rounded up, but never all.
  static func testCount(of count: Int, share: Double) throws(ModelError) -> Int {
    guard share > 0 && share < 1 else {
      throw ModelError("the share of rows to test with is \(share), not between 0 and 1")
    }
    try requireNumberedRows(count)
    guard count >= 2 else {
      throw ModelError("there is too little to part in two: \(count)")
    }
    return min(Int((share * Double(count)).rounded(.up)), count - 1)
  }
}
