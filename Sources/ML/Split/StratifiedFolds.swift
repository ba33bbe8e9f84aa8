/// Rows dealt out to folds, each of which is held out once while the others are trained on.
///
/// Every fold has the same share of positives, to a row, as scikit-learn's `StratifiedKFold` with
/// `shuffle`. The same labels, count and seed give the same folds.
public struct StratifiedFolds: Equatable, Sendable {
  /// By fold: the rows of the others, and its own, ascending.
  public let splits: [RowSplit]

  /// - Parameter labels: The class of every row of the data.
  /// - Parameter rows: The rows to deal out, ascending; nil: all.
  /// - Throws: ``ModelError`` where there are fewer than two folds, or a class has fewer rows than
  ///   there are folds.
  public init(
    _ labels: [UInt8], rows: [UInt32]? = nil, count: Int, seed: UInt64 = RowSplit.defaultSeed
  ) throws(ModelError) {
    guard count >= 2 else { throw ModelError("cross-validation needs at least 2 folds") }
    let rows = rows ?? (0..<UInt32(labels.count)).map { $0 }
    var sizes = [0, 0]
    for row in rows { sizes[labels[Int(row)] == 0 ? 0 : 1] += 1 }
    guard sizes.allSatisfy({ $0 >= count }) else {
      throw ModelError(
        "there are \(sizes[1]) positive and \(sizes[0]) negative rows to train on; "
          + "\(count) folds need \(count) of each")
    }
    // What each fold still takes of each class: one pass draws without replacement. Where a class
    // cannot be shared out evenly, the first folds take one more of the negatives, the last of the
    // positives.
    var toTake = (0..<2).map { label in
      (0..<count).map { fold in
        let place = label == 0 ? fold : count - 1 - fold
        return sizes[label] / count + (place < sizes[label] % count ? 1 : 0)
      }
    }
    var toCome = sizes
    var random = SplitMix64(seed: SplitMix64.mix(seed ^ 0x666f_6c64))
    var foldOf = [UInt16](repeating: 0, count: rows.count)
    for place in rows.indices {
      let label = labels[Int(rows[place])] == 0 ? 0 : 1
      var draw = random.next(below: toCome[label])
      var fold = 0
      while draw >= toTake[label][fold] {
        draw -= toTake[label][fold]
        fold += 1
      }
      toTake[label][fold] -= 1
      toCome[label] -= 1
      foldOf[place] = UInt16(truncatingIfNeeded: fold)
    }
    var splits: [RowSplit] = []
    for fold in 0..<count {
      splits.append(try RowSplit(rows) { foldOf[$0] == UInt16(truncatingIfNeeded: fold) })
    }
    self.splits = splits
  }
}
