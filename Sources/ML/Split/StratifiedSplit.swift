extension RowSplit {
  /// Draws the test part at random so that both parts have the same share of positives, to a row.
  ///
  /// Sizes are scikit-learn's: the test share of all rows, rounded up, shared out to the classes by
  /// largest remainder. One pass draws each class without replacement: a row is taken with the
  /// probability (rows still to take) / (rows still to come) (Knuth, TAOCP 2, 3.4.2, algorithm S).
  ///
  /// - Throws: ``ModelError`` where a class has fewer than two rows, or the share is not in 0…1.
  public static func stratified(
    _ labels: [UInt8], testShare: Double = defaultTestShare, seed: UInt64 = defaultSeed
  ) throws(ModelError) -> RowSplit {
    let testCount = try testCount(of: labels.count, share: testShare)
    var positives = 0
    for label in labels where label != 0 { positives += 1 }
    let negatives = labels.count - positives
    guard positives >= 2, negatives >= 2 else {
      throw ModelError(
        "there are \(positives) positive and \(negatives) negative rows; "
          + "a stratified split needs two of each")
    }
    let exact = Double(testCount) * Double(positives) / Double(labels.count)
    // Each class keeps a row in both parts; where the test part is too small for that, it grows.
    let testPositives = min(max(Int(exact.rounded()), 1), positives - 1)
    let testNegatives = min(max(testCount - testPositives, 1), negatives - 1)
    var toTake = [testNegatives, testPositives]
    var toCome = [negatives, positives]
    var random = SplitMix64(seed: seed)
    return try RowSplit(labels.count) { row in
      let label = labels[row] == 0 ? 0 : 1
      let isTaken = random.next(below: toCome[label]) < toTake[label]
      toCome[label] -= 1
      if isTaken { toTake[label] -= 1 }
      return isTaken
    }
  }
}
