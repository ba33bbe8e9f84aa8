/// A fitted logistic regression.
public struct LogisticModel: Sendable, Equatable {
  public struct Feature: Sendable, Equatable {
    public var name: String
    /// Of the training rows; what a missing value is taken for.
    public var mean: Double
    /// The population's standard deviation; 1 of a constant.
    public var scale: Double
    /// By how much the log odds rise when the value rises by one ``scale``.
    public var coefficient: Double
    public var standardError: Double
  }

  public var features: [Feature]
  public var intercept: Double
  public var interceptStandardError: Double
  /// scikit-learn's `C`.
  public var inverseRegularisation: Double
  public var iterations: Int

  /// The log odds of a row of as many values as there are features.
  func margin(of row: UnsafePointer<Double>) -> Double {
    var sum = intercept
    for (place, feature) in features.enumerated() {
      let value = row[place]
      if !value.isNaN { sum += feature.coefficient * ((value - feature.mean) / feature.scale) }
    }
    return sum
  }
}
