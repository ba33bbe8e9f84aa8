import Synchronization

/// How far a bake-off has come, in trees to be grown, roughly.
final class BakeOffMeter: Sendable {
  private struct State {
    /// What is still to be done in this process, and what was.
    var total: Double
    var done = 0.0
    /// Of each training under way, what is done.
    var parts: [String: Double] = [:]
  }

  private let state: Mutex<State>
  private let report: @Sendable (Double, String) -> Void
  private let foldShare: Double

  init(_ bakeOff: BakeOff) {
    report = bakeOff.onProgress
    foldShare = Double(bakeOff.foldCount - 1) / Double(bakeOff.foldCount)
    var total = 0.0
    for kind in bakeOff.kinds { total += Self.cost(of: TrainingParameters(kind)) }
    for grid in bakeOff.grids.prefix(bakeOff.tunedMax) {
      let points = (try? grid.points(seed: 0)) ?? []
      for family in GridSearch.Family.all(of: points) {
        total += Self.cost(of: family.parameters) * foldShare * Double(bakeOff.foldCount)
      }
      total += points.last.map { Self.cost(of: $0.parameters) } ?? 0
    }
    state = Mutex(State(total: total))
  }

  /// Of a training on the whole training part.
  static func cost(of parameters: TrainingParameters) -> Double {
    switch parameters.kind {
    case .logistic: 30
    case .randomForest: 3 * Double(parameters.estimators)
    case .xgboost, .lightgbm: Double(parameters.estimators)
    }
  }

  /// Of a training for a fold.
  func cost(of family: GridSearch.Family) -> Double { Self.cost(of: family.parameters) * foldShare }

  /// Work that was done before this process.
  func skip(_ cost: Double) { state.withLock { $0.total -= cost } }

  func finish(_ training: String, _ cost: Double) {
    state.withLock { state in
      state.parts[training] = nil
      state.done += cost
    }
  }

  /// Says that of a training so much is done.
  func update(_ training: String, _ part: Double, _ title: String) {
    let share = state.withLock { state in
      state.parts[training] = part
      return (state.done + state.parts.values.reduce(0, +)) / max(state.total, 1)
    }
    report(min(share, 1), title)
  }
}
