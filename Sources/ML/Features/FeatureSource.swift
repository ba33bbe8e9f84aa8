/// Features that are read one column at a time, so that no more than a few lie in memory as doubles.
public protocol FeatureSource: Sendable {
  var names: [String] { get }
  var rowCount: Int { get }

  /// All rows of the feature of that number.
  func column(at feature: Int) throws(ModelError) -> FeatureColumn
}

extension FeatureMatrix: FeatureSource {
  public func column(at feature: Int) throws(ModelError) -> FeatureColumn { columns[feature] }
}
