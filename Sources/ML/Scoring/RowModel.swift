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

  /// Rows that are worked on together.
  static let blockRows = CompiledTrees.blockRows

  /// Writes the probabilities of the positive class of up to ``blockRows`` rows, each row's features
  /// side by side.
  func probabilities(
    of rows: UnsafePointer<Double>, count: Int, width: Int,
    into results: UnsafeMutablePointer<Double>
  ) {
    if let trees, let ensemble {
      trees.margins(of: rows, count: count, width: width, into: results)
      for row in 0..<count {
        results[row] = min(max(ensemble.prediction(ofMargin: results[row]), 0), 1)
      }
    } else if let logistic {
      for row in 0..<count {
        results[row] = LogisticFunction.sigmoid(logistic.margin(of: rows + row * width))
      }
    }
    guard let calibration = model.calibration else { return }
    for row in 0..<count { results[row] = calibration.calibrated(results[row]) }
  }
}
