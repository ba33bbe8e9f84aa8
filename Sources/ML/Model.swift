/// A trained model: of two classes, or of clusters.
public struct Model: Sendable, Equatable {
  public enum Form: Sendable, Equatable {
    case logistic(LogisticModel)
    case trees(TreeEnsemble)
    case clusters(ClusterModel)
  }

  public var form: Form
  /// The label's column, where the model knows it.
  public var label: String?
  /// Above this probability a row is predicted positive.
  public var threshold = 0.5
  /// What turns the model's probabilities into calibrated ones.
  public var calibration: Calibration?

  public init(_ form: Form, label: String? = nil) {
    self.form = form
    self.label = label
  }

  public var featureNames: [String] {
    switch form {
    case .logistic(let model): model.features.map(\.name)
    case .trees(let ensemble): ensemble.featureNames
    case .clusters(let model): model.features.map(\.name)
    }
  }

  /// Whether it puts rows into clusters rather than predict a class.
  public var isClustering: Bool {
    if case .clusters = form { return true }
    return false
  }

  var categories: [Int: [String]] {
    switch form {
    case .logistic, .clusters: [:]
    case .trees(let ensemble): ensemble.categories
    }
  }
}
