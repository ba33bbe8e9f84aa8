import Testing

@testable import ML

/// Data at the edges: one class, one row, constants, nothing but missing values, many columns.
@Suite struct EdgeTests {
  @Test(arguments: ModelKind.allCases) func oneClassIsRefused(kind: ModelKind) throws {
    let features = FeatureMatrix(columns: [[1, 2, 3]], names: ["a"])
    let trainer = ModelTraining(TrainingParameters(kind))
    #expect(
      errorText {
        _ = try trainer.train(features, labels: [1, 1, 1], labelName: nil, training: nil)
      } == "all 3 training rows are positive; a classifier needs rows of both classes")
    #expect(
      errorText {
        _ = try trainer.train(
          FeatureMatrix(columns: [[1]], names: ["a"]), labels: [0], labelName: nil, training: nil)
      } == "all 1 training rows are negative; a classifier needs rows of both classes")
  }

  @Test(arguments: ModelKind.allCases)
  func constantsAndMissingColumnsAreNoHarm(kind: ModelKind) throws {
    let count = 400
    let columns: [[Double]] = [
      [Double](repeating: 3, count: count), [Double](repeating: .nan, count: count),
      (0..<count).map { Double($0 % 7) }, (0..<count).map { $0 % 2 == 0 ? 1e300 : 1e-300 },
    ]
    let features = FeatureMatrix(columns: Array(columns.prefix(3)), names: ["a", "b", "c"])
    let labels = (0..<count).map { UInt8($0 % 7 > 3 ? 1 : 0) }
    let model = try ModelTraining(TrainingParameters(kind)).train(
      features, labels: labels, labelName: nil, training: nil
    ).model
    let scores = features.probabilities(model)
    #expect(scores.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(try ThresholdCurve(ScoredLabels(scores: scores, labels: labels)).areaUnderROC > 0.99)
    if kind != .logistic {
      let huge = FeatureMatrix(columns: columns, names: ["a", "b", "c", "d"])
      let model = try ModelTraining(TrainingParameters(kind)).train(
        huge, labels: labels, labelName: nil, training: nil
      ).model
      #expect(huge.probabilities(model).allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  @Test(arguments: ModelKind.allCases) func manyColumnsAreTrainedOn(kind: ModelKind) throws {
    var random = SplitMix64(seed: 4)
    let count = 300
    let columns = (0..<600).map { _ in (0..<count).map { _ in random.nextUnit() } }
    let labels = (0..<count).map { columns[17][$0] > 0.5 ? UInt8(1) : 0 }
    let features = FeatureMatrix(columns: columns, names: (0..<600).map { "c\($0)" })
    var parameters = TrainingParameters(kind)
    if kind != .logistic { try parameters.set("n_estimators", to: "20") }
    let model = try ModelTraining(parameters).train(
      features, labels: labels, labelName: nil, training: nil
    ).model
    let scores = features.probabilities(model)
    #expect(try ThresholdCurve(ScoredLabels(scores: scores, labels: labels)).areaUnderROC > 0.95)
  }

  @Test func parametersAreChecked() throws {
    var parameters = TrainingParameters(.xgboost)
    func refusal(_ name: String, _ value: String) -> String? {
      errorText { try parameters.set(name, to: value) }
    }
    #expect(
      refusal("max_dept", "3")
        == "xgboost has no parameter \"max_dept\"; did you mean \"max_depth\"?")
    #expect(refusal("num_leaves", "3")?.hasPrefix("xgboost has no parameter") == true)
    #expect(
      refusal("learning_rate", "0") == "the parameter learning_rate=0 is not above 0.0")
    #expect(refusal("subsample", "2") == "the parameter subsample=2 is more than 1.0")
    #expect(refusal("max_bin", "x") == "the parameter max_bin=x is not an integer")
  }

  @Test func binomialDrawsHaveTheRightMoments() {
    var random = SplitMix64(seed: 5)
    for (count, p) in [(1, 0.3), (40, 0.1), (1000, 0.4), (100_000, 0.7), (1_000_000, 1e-6)] {
      var (sum, squares) = (0.0, 0.0)
      let draws = 20_000
      for _ in 0..<draws {
        let value = Double(random.nextBinomial(count, p)) - Double(count) * p
        sum += value
        squares += value * value
      }
      let variance = Double(count) * p * (1 - p)
      #expect(abs(sum / Double(draws)) < 4 * (variance / Double(draws)).squareRoot())
      #expect(abs(squares / Double(draws) / variance - 1) < 0.06)
    }
  }

  @Test func calibrationMendsDistortedProbabilities() throws {
    var random = SplitMix64(seed: 6)
    var scores: [Double] = []
    var labels: [UInt8] = []
    for _ in 0..<20_000 {
      let p = random.nextUnit()
      labels.append(random.nextUnit() < p ? 1 : 0)
      // Log odds halved and shifted.
      let odds = LogisticFunction.logit(min(max(p, 1e-6), 1 - 1e-6))
      scores.append(LogisticFunction.sigmoid(odds / 2 + 1))
    }
    let rows = try ScoredLabels(scores: scores, labels: labels)
    let before = try CalibrationTable(rows).expectedCalibrationError
    for method in Calibration.Method.allCases {
      let calibration = try Calibration.fit(method, to: rows)
      let mended = try ScoredLabels(
        scores: scores.map { calibration.calibrated($0) }, labels: labels)
      #expect(before > 0.1)
      #expect(try CalibrationTable(mended).expectedCalibrationError < 0.02)
      let ascending = stride(from: 0.0, through: 1, by: 0.01).map { calibration.calibrated($0) }
      #expect(zip(ascending, ascending.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test func thresholdsAreTheBestOfAll() throws {
    let rows = try sampleRows(3000, distinct: 60)
    let curve = try ThresholdCurve(rows)
    let candidates = (-1...61).map { (Double($0) + 0.5) / 59 }
    func best(_ value: (ConfusionMatrix) -> Double) -> Double {
      candidates.map { value(ConfusionMatrix(rows, threshold: $0)) }.max() ?? 0
    }
    let f1 = ConfusionMatrix(rows, threshold: curve.threshold(for: .f1)).f1
    #expect(abs(f1 - best(\.f1)) < 1e-12)
    let cost: (ConfusionMatrix) -> Double = { -($0.falsePositives * 3 + $0.falseNegatives) }
    let goal = ThresholdGoal.cost(falsePositive: 3, falseNegative: 1)
    let reached = ConfusionMatrix(rows, threshold: curve.threshold(for: goal))
    #expect(cost(reached) == best(cost))
    let recalled = ConfusionMatrix(
      rows, threshold: curve.threshold(for: .precision(recall: 0.8)))
    #expect(recalled.recall >= 0.8)
    #expect(abs(recalled.precision - best { $0.recall >= 0.8 ? $0.precision : 0 }) < 1e-12)
    #expect(ThresholdGoal("cost=1:5") == .cost(falsePositive: 1, falseNegative: 5))
    #expect(ThresholdGoal("precision@recall=0.8") == .precision(recall: 0.8))
    #expect(ThresholdGoal("cost=1") == nil)
  }
}
