import Testing

@testable import ML

/// What must hold of every tree model, whatever the data.
@Suite struct TreeLawTests {
  static let kinds: [ModelKind] = [.xgboost, .lightgbm, .randomForest]

  @Test(arguments: kinds) func threadsDoNotChangeTheModel(kind: ModelKind) throws {
    let data = SampleData(30_000)
    let settings = ["n_estimators": "8", "max_depth": "7"]
    let one = try trained(kind, data, settings, threads: 1).model
    #expect(try trained(kind, data, settings, threads: 2).model == one)
    #expect(try trained(kind, data, settings, threads: 5).model == one)
  }

  @Test(arguments: [ModelKind.xgboost, .lightgbm], [["max_depth": "6"], ["max_depth": "12"]])
  func equalRowsTogetherGiveTheSameTrees(kind: ModelKind, settings: [String: String]) throws {
    let data = SampleData(20_000, continuous: false)
    let grouped = try trained(kind, data, settings)
    let plain = try trained(kind, data, settings, groups: false)
    #expect(grouped.distinctRowCount < 20_000)
    #expect(plain.distinctRowCount == 20_000)
    #expect(grouped.model == plain.model)
  }

  @Test(arguments: kinds) func predictionsBeatTheBaseRate(kind: ModelKind) throws {
    let model = try trained(kind, SampleData(8000)).model
    let fresh = SampleData(4000, seed: 2)
    let rows = try ScoredLabels(
      scores: fresh.features.probabilities(model), labels: fresh.labels)
    #expect(try ThresholdCurve(rows).areaUnderROC > 0.8)
    let rate = rows.positives / rows.total
    let base = try ScoredLabels(
      scores: [Double](repeating: rate, count: rows.count), labels: fresh.labels)
    #expect(try rows.logLoss < base.logLoss)
  }

  @Test(arguments: kinds) func seedsDecideTheDraws(kind: ModelKind) throws {
    let data = SampleData(5000)
    var settings = ["n_estimators": "5"]
    if kind != .randomForest { settings["subsample"] = "0.5" }
    let first = try trained(kind, data, settings).model
    #expect(try trained(kind, data, settings).model == first)
    settings["random_state"] = "7"
    #expect(try trained(kind, data, settings).model != first)
  }

  @Test(arguments: [ModelKind.xgboost, .lightgbm])
  func monotoneConstraintsHold(kind: ModelKind) throws {
    let data = SampleData(6000)
    let model = try trained(kind, data, ["monotone_constraints": "price:1,views:-1"]).model
    // The label falls with the price and rises with the views, so the constraints bind.
    for feature in [0, 1] {
      let steps = (0...60).map { Double($0) * (feature == 0 ? 0.2 : 15) }
      let columns = (0..<4).map { column in
        steps.map { step in column == feature ? step : [5, 300, 0, 20][column] }
      }
      let scores = FeatureMatrix(columns: columns, names: data.features.names).probabilities(model)
      let pairs = zip(scores, scores.dropFirst())
      #expect(pairs.allSatisfy { feature == 1 ? $0 <= $1 : $0 >= $1 })
    }
  }

  @Test func earlyStoppingKeepsTheBestRound() throws {
    let data = SampleData(4000)
    let outcome = try trained(
      .xgboost, data, ["n_estimators": "300", "early_stopping_rounds": "5"])
    let round = try #require(outcome.bestRound)
    #expect(round < 200)
    guard case .trees(let ensemble) = outcome.model.form else {
      Issue.record("not a tree model")
      return
    }
    #expect(ensemble.trees.count == round)
  }

  @Test(arguments: [ModelKind.xgboost, .lightgbm])
  func weightsCountAsCopies(kind: ModelKind) throws {
    let data = SampleData(3000, continuous: false)
    var rows: [UInt32] = []
    var weights: [Double] = []
    for row in 0..<3000 {
      weights.append(Double(1 + row % 3))
      rows += [UInt32](repeating: UInt32(row), count: 1 + row % 3)
    }
    // LightGBM's least number of rows a leaf counts rows, not weights.
    let settings = kind == .lightgbm ? ["min_child_samples": "1"] : [:]
    let weighted = try trained(kind, data, settings, weights: weights).model
    let copied = try trained(kind, data, settings, groups: false, training: rows).model
    let distances = zip(
      data.features.probabilities(weighted), data.features.probabilities(copied)
    ).map { abs($0 - $1) }
    #expect(distances.reduce(0, +) / 3000 < 0.04)
  }

  @Test func contributionsAddUpToTheMargin() throws {
    let data = SampleData(3000)
    for kind in [ModelKind.xgboost, .lightgbm] {
      let model = try trained(kind, data, ["n_estimators": "20"]).model
      guard case .trees(let ensemble) = model.form else { continue }
      let shap = TreeContributions(ensemble)
      let scores = data.features.probabilities(model)
      for row in stride(from: 0, to: 3000, by: 97) {
        let isFloat = kind == .xgboost
        let values = data.features.columns.map { isFloat ? Double(Float($0[row])) : $0[row] }
        var sums = [Double](repeating: 0, count: 4)
        shap.add(values, to: &sums)
        let margin = sums.reduce(shap.bias, +)
        #expect(abs(LogisticFunction.sigmoid(margin) - scores[row]) < 1e-5)
      }
    }
  }

  @Test func outOfBagScoreIsNearTheScoreOfFreshRows() throws {
    let outcome = try trained(.randomForest, SampleData(4000), ["oob_score": "true"])
    let fresh = SampleData(4000, seed: 3)
    let rows = try ScoredLabels(
      scores: fresh.features.probabilities(outcome.model), labels: fresh.labels)
    let score = try #require(outcome.outOfBagScore)
    #expect(abs(score - ConfusionMatrix(rows).accuracy) < 0.03)
  }
}
