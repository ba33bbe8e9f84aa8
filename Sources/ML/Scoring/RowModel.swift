/// A model made ready for many rows.
final class RowModel: @unchecked Sendable {
  private let model: Model
  private let trees: CompiledTrees?
  private let ensemble: TreeEnsemble?
  private let logistic: LogisticModel?
  /// Whether features are rounded to 32 bits first.
  let roundsFeatures: Bool

  init(_ model: Model) {
    self.model = model
    switch model.form {
    case .trees(let ensemble):
      trees = CompiledTrees(ensemble)
      self.ensemble = ensemble
      logistic = nil
      roundsFeatures = ensemble.dialect == .xgboost
    case .logistic(let logistic):
      trees = nil
      ensemble = nil
      self.logistic = logistic
      roundsFeatures = false
    }
  }

  /// The probability of the positive class of one row.
  func probability(of row: UnsafePointer<Double>) -> Double {
    var raw = 0.0
    if let trees, let ensemble {
      raw = min(max(ensemble.prediction(ofMargin: trees.margin(of: row)), 0), 1)
    } else if let logistic {
      raw = LogisticFunction.sigmoid(logistic.margin(of: row))
    }
    return model.calibration?.calibrated(raw) ?? raw
  }
}
