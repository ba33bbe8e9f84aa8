/// A finished run of a bake-off: one model, trained and judged.
public struct BakeOffRun: Sendable, Equatable {
  /// What the run was for.
  public enum Stage: String, Sendable {
    /// A model with its default parameters, judged on the test part.
    case `default`
    /// A point of a grid, judged on one fold of the training part.
    case search
    /// The best point of a grid, trained on the whole training part, judged on the test part.
    case tuned
  }

  /// What was run: runs of equal identity have equal results.
  public struct Identity: Sendable, Hashable {
    /// Of the data, the features, the split and the seed.
    public let data: String
    public let stage: Stage
    public let kind: ModelKind
    /// Settings that differ from the defaults: `name=value;…`.
    public let parameters: String
    /// From 1; nil where the test part is the judge.
    public let fold: Int?

    public init(data: String, stage: Stage, kind: ModelKind, parameters: String, fold: Int?) {
      self.data = data
      self.stage = stage
      self.kind = kind
      self.parameters = parameters
      self.fold = fold
    }

    /// As in the leaderboard, for example `XGBoost_Tuned`.
    public var modelName: String { kind.displayName + (stage == .tuned ? "_Tuned" : "") }
  }

  public let identity: Identity
  public let metrics: ClassificationMetrics
  /// What training took, with the search for the parameters where there was one.
  public let trainingSeconds: Double

  public init(identity: Identity, metrics: ClassificationMetrics, trainingSeconds: Double) {
    self.identity = identity
    self.metrics = metrics
    self.trainingSeconds = trainingSeconds
  }

  public var modelName: String { identity.modelName }
}

extension ModelKind {
  /// As people write it.
  public var displayName: String {
    switch self {
    case .logistic: "LogisticRegression"
    case .randomForest: "RandomForest"
    case .xgboost: "XGBoost"
    case .lightgbm: "LightGBM"
    }
  }
}
