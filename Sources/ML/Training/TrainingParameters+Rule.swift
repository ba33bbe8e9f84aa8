import Glibc

extension TrainingParameters {
  /// The rule by which trees over these features split.
  func splitRule(features: [String]) throws(ModelError) -> SplitRule {
    var rule = SplitRule()
    rule.regLambda = regLambda
    rule.regAlpha = regAlpha
    rule.gainMin = gamma
    rule.childWeightMin = childWeightMin
    rule.childRowsMin = childRowsMin
    rule.depthMax = depthMax
    rule.leavesMax = leavesMax
    rule.monotone = try monotone(for: features)
    rule.categorical = SplitRule.CategoricalRule(
      oneHotMax: oneHotMax, smoothing: categoricalSmoothing, regLambda: categoricalLambda,
      categoriesMax: categoriesMax, groupRowsMin: groupRowsMin)
    switch kind {
    case .lightgbm: rule.flavour = .lightgbm
    case .randomForest:
      rule.flavour = .forest
      rule.featuresPerNode = featuresPerNode.count(of: features.count)
    case .xgboost, .logistic: rule.flavour = .xgboost
    }
    return rule
  }

  var binning: BinnedColumns.Binning {
    BinnedColumns.Binning(side: kind == .lightgbm ? .atMostCut : .belowCut, binsMax: binsMax)
  }

  /// What the rows of each class weigh, beside weights of their own.
  func classWeights(negatives: Double, positives: Double) -> SIMD2<Double> {
    if balancesClasses {
      let total = negatives + positives
      return SIMD2(total / (2 * negatives), total / (2 * positives))
    }
    if isUnbalanced {
      return positives > negatives
        ? SIMD2(positives / negatives, 1) : SIMD2(1, negatives / positives)
    }
    return SIMD2(1, positiveWeight)
  }
}

extension TrainingParameters.FeatureCount {
  /// The number of features, at least 1; nil: all of them.
  func count(of all: Int) -> Int? {
    let wanted: Int
    switch self {
    case .squareRoot: wanted = Int(Double(all).squareRoot())
    case .binaryLogarithm: wanted = Int(log2(Double(all)))
    case .all: return nil
    case .count(let count): wanted = count
    case .share(let share): wanted = Int(share * Double(all))
    }
    return wanted >= all ? nil : max(1, wanted)
  }
}
