/// Trees whose values add up: boosted ones and forests.
public struct TreeEnsemble: Sendable, Equatable {
  /// Whose rules of comparing and adding hold, and whose file format the model is kept in.
  public enum Dialect: String, Sendable {
    /// Left is below the threshold; features and sums are 32-bit numbers.
    case xgboost
    /// Left is at most the threshold; features and sums are 64-bit numbers.
    case lightgbm
  }

  /// What the sum of the trees' values is.
  public enum Link: Sendable {
    /// A log odds.
    case logistic
    /// The prediction itself.
    case identity
  }

  public var dialect: Dialect
  public var link: Link
  public var featureNames: [String]
  public var trees: [DecisionTree]
  /// What the sum starts from, on the scale of the trees' values.
  public var baseMargin: Double
  /// XGBoost's `base_score`, of which ``baseMargin`` is the log odds; nil where it is the margin.
  public var baseScore: Float?
  /// LightGBM: the slope of its sigmoid.
  public var sigmoid: Double = 1
  /// LightGBM's `average_output`: the sum is divided by the number of trees.
  public var isAveraged = false
  /// Texts that categorical features' codes 0, 1, … stand for, by feature.
  public var categories: [Int: [String]] = [:]
  /// LightGBM's `feature_infos`: a feature's range or categories, as it writes them.
  public var featureRanges: [String] = []

  public init(
    dialect: Dialect, link: Link, featureNames: [String], trees: [DecisionTree], baseMargin: Double
  ) {
    self.dialect = dialect
    self.link = link
    self.featureNames = featureNames
    self.trees = trees
    self.baseMargin = baseMargin
  }

  /// The prediction that a sum means: of a classifier, the probability of the positive class.
  func prediction(ofMargin margin: Double) -> Double {
    guard link == .logistic else { return margin }
    return dialect == .xgboost
      ? Double(LogisticFunction.sigmoid(Float(margin))) : LogisticFunction.sigmoid(sigmoid * margin)
  }
}
