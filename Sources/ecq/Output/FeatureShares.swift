import ML

/// What each feature of a model is worth, as a share of all: of boosted trees by the gain that the
/// libraries show (XGBoost's mean of a split, LightGBM's total), of a forest by the total gain, of a
/// logistic regression by the size of its coefficient.
struct FeatureShares {
  /// Largest first.
  let shares: [(name: String, share: Double)]

  init(_ model: Model) {
    let sizes: [Double]
    switch model.form {
    case .trees(let ensemble):
      let importance = TreeImportance(ensemble)
      let isMean = ensemble.dialect == .xgboost && !ensemble.isAveraged
      sizes = isMean ? importance.meanGains : importance.totalGains
    case .logistic(let logistic): sizes = logistic.features.map(\.coefficient.magnitude)
    case .clusters: sizes = model.featureNames.map { _ in 0 }
    }
    let total = sizes.reduce(0, +)
    shares = zip(model.featureNames, sizes).map { ($0, total > 0 ? $1 / total : 0) }
      .sorted { $0.1 > $1.1 }
  }

  /// What the shares are shares of.
  static func meaning(_ kind: ModelKind) -> String {
    switch kind {
    case .xgboost: "share of the mean gain of a split"
    case .lightgbm, .randomForest: "share of the gain of all splits"
    case .logistic: "share of the coefficients' sizes, per standard deviation"
    }
  }
}
