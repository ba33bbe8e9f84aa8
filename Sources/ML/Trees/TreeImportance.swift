/// How much each feature of an ensemble does.
public struct TreeImportance: Sendable {
  public let names: [String]
  /// Splits by the feature: XGBoost's `weight`, LightGBM's `split`.
  public private(set) var splitCounts: [Int]
  /// What all splits by the feature gained: LightGBM's `gain`, XGBoost's `total_gain`.
  public private(set) var totalGains: [Double]
  /// The cover of all splits by the feature.
  public private(set) var totalCovers: [Double]

  public init(_ ensemble: TreeEnsemble) {
    names = ensemble.featureNames
    splitCounts = [Int](repeating: 0, count: names.count)
    totalGains = [Double](repeating: 0, count: names.count)
    totalCovers = totalGains
    for tree in ensemble.trees {
      for node in tree.nodes where !node.isLeaf {
        splitCounts[node.feature] += 1
        totalGains[node.feature] += node.gain
        totalCovers[node.feature] += node.cover
      }
    }
  }

  /// The mean gain of a split: XGBoost's `gain`; 0 where there is none.
  public var meanGains: [Double] { means(of: totalGains) }
  /// The mean cover of a split: XGBoost's `cover`.
  public var meanCovers: [Double] { means(of: totalCovers) }

  private func means(of totals: [Double]) -> [Double] {
    zip(totals, splitCounts).map { $1 > 0 ? $0 / Double($1) : 0 }
  }
}
