import ML
import Plot

/// The pictures of a bake-off, each a file in its folder.
struct BakeOffPictures {
  private let outcome: BakeOffOutcome
  private let positive: String

  init(_ outcome: BakeOffOutcome) {
    self.outcome = outcome
    positive = outcome.leaderboard.positive
  }

  func write() throws {
    for run in outcome.runs {
      try write(confusion(run), "\(run.modelName)_confusion_matrix")
    }
    try write(leaderboard, "leaderboard")
    try write(curves(), "roc_pr_curves")
    try write(calibration(), "calibration")
    try write(importance(), "champion_feature_importance")
  }

  private func write(_ chart: some Chart, _ name: String) throws {
    try chart.picture().write(to: outcome.folder.file("\(name).png"))
  }

  /// `n = 690,000 test rows, 6.0 % abandoned`.
  private var judgedBy: String {
    let matrix = outcome.champion.metrics.confusion
    return "n = \(counted(Int(matrix.total), "test row")), \(percent(baseRate)) \(positive)"
  }

  private var baseRate: Double {
    let matrix = outcome.champion.metrics.confusion
    return (matrix.truePositives + matrix.falseNegatives) / max(matrix.total, 1)
  }

  private func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }

  private func confusion(_ run: BakeOffRun) -> ConfusionMatrixChart {
    let matrix = run.metrics.confusion
    return ConfusionMatrixChart(
      title: "\(run.modelName): what it predicts",
      subtitle: "\(judgedBy); threshold 0.5, weighted F1 \(fixed(matrix.weightedF1, 4))",
      classes: ["not \(positive)", positive],
      counts: [
        [Int(matrix.trueNegatives), Int(matrix.falsePositives)],
        [Int(matrix.falseNegatives), Int(matrix.truePositives)],
      ])
  }

  private var leaderboard: GroupedBarChart {
    func values(_ value: (BakeOffRun) -> Double) -> [Double?] { outcome.runs.map { value($0) } }
    return GroupedBarChart(
      title: "The leaderboard", subtitle: judgedBy, groups: outcome.runs.map(\.modelName),
      series: [
        GroupedBarChart.Series(
          name: "weighted F1", values: values(\.metrics.confusion.weightedF1)),
        GroupedBarChart.Series(
          name: "precision (\(positive))", values: values(\.metrics.confusion.precision)),
        GroupedBarChart.Series(
          name: "recall (\(positive))", values: values(\.metrics.confusion.recall)),
        GroupedBarChart.Series(name: "AUC-ROC", values: values(\.metrics.areaUnderROC)),
      ], format: .decimal(4), style: .dots)
  }

  private func curves() throws -> ClassifierCurvesChart {
    let models = try outcome.runs.map { run in
      let points = try JudgedCurve(file: outcome.folder.curveFile(run)).points
      return ClassifierCurvesChart.Model(
        name: run.modelName,
        roc: [Point(x: 0, y: 0)] + points.map { Point(x: $0.falsePositiveRate, y: $0.recall) },
        precisionRecall: points.map { Point(x: $0.recall, y: $0.precision) },
        auc: run.metrics.areaUnderROC, averagePrecision: run.metrics.areaUnderPR)
    }
    return ClassifierCurvesChart(
      title: "How well the models rank", subtitle: judgedBy, models: models, baseRate: baseRate)
  }

  private func calibration() throws -> CalibrationChart {
    let columns = ["bin", "rows", "mean_probability", "rate"]
    let models = try outcome.runs.map { run in
      CalibrationChart.Model(
        name: run.modelName,
        bins: try readNumbers(outcome.folder.calibrationFile(run), columns: columns).map {
          CalibrationChart.Bin(meanPredicted: $0[2], observedRate: $0[3], count: Int($0[1]))
        })
    }
    return CalibrationChart(
      title: "Whether predicted probabilities come true", subtitle: judgedBy, models: models)
  }

  private func importance() throws -> BarChart {
    let champion = outcome.champion
    let shares = try FeatureShares(ModelFile.read(outcome.folder.modelFile(champion))).shares
    let trained = counted(outcome.data.split.training.count, "row")
    return BarChart(
      title: "What the champion looks at: \(champion.modelName)",
      subtitle: "n = \(trained) to train on; \(FeatureShares.meaning(champion.identity.kind))",
      bars: shares.map { BarChart.Bar(name: $0.name, value: $0.share) }, format: .percent(1))
  }
}
