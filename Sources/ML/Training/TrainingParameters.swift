/// The kinds of models, by the names of the command line.
public enum ModelKind: String, CaseIterable, Sendable {
  case logistic
  case randomForest = "random_forest"
  case xgboost
  case lightgbm
}

/// How a model is trained: the parameters of the libraries that users know, with their names and
/// defaults.
public struct TrainingParameters: Sendable, Equatable {
  /// How many features each node of a forest's trees tries.
  public enum FeatureCount: Sendable, Equatable {
    case squareRoot
    case binaryLogarithm
    case all
    case count(Int)
    case share(Double)
  }

  public var kind: ModelKind
  public var seed: UInt64 = RowSplit.defaultSeed
  // Boosting and forests.
  public var estimators = 100
  public var depthMax: Int?
  public var learningRate = 0.3
  public var regLambda = 1.0
  public var regAlpha = 0.0
  public var gamma = 0.0
  public var childWeightMin = 1.0
  public var childRowsMin = 0
  public var leavesMax: Int?
  public var subsample = 1.0
  public var featureShare = 1.0
  public var binsMax = 256
  public var positiveWeight = 1.0
  public var isUnbalanced = false
  public var earlyStoppingRounds: Int?
  /// −1, 0 or 1 by feature name.
  public var monotone: [String: Int] = [:]
  /// −1, 0 or 1 in the order of the features; empty where they are named.
  public var monotoneInOrder: [Int] = []
  // Forests alone.
  public var featuresPerNode = FeatureCount.squareRoot
  public var bootstraps = true
  public var scoresOutOfBag = false
  // Logistic regression.
  public var inverseRegularisation = 1.0
  public var iterationsMax = 100
  // All kinds: weights each class by the inverse of its share.
  public var balancesClasses = false
  // LightGBM's categorical splits.
  public var categoricalSmoothing = 10.0
  public var categoricalLambda = 10.0
  public var categoriesMax = 32
  public var oneHotMax = 4
  public var groupRowsMin = 100

  public init(_ kind: ModelKind) {
    self.kind = kind
    switch kind {
    case .xgboost: depthMax = 6
    case .lightgbm:
      learningRate = 0.1
      regLambda = 0
      childWeightMin = 1e-3
      childRowsMin = 20
      leavesMax = 31
      binsMax = 255
    case .randomForest:
      depthMax = 16
      regLambda = 0
    case .logistic: break
    }
  }
}
