import Glibc
import ML
import Plot

/// The pictures of purchase prediction.
struct PurchasePictures {
  private let predictions: [PurchaseStage.Prediction]

  init(_ predictions: [PurchaseStage.Prediction]) { self.predictions = predictions }

  func write(to folder: ResultFolder, source: String) throws {
    try folder.write(
      try curves(), "purchase_curves", title: "how well purchases are predicted", source: source)
    for prediction in predictions {
      try folder.write(
        coefficients(prediction), "purchase_coefficients_\(prediction.name)",
        title: "what speaks for a purchase: \(prediction.meaning)", source: source)
    }
  }

  private func curves() throws -> Dashboard {
    let panels = try predictions.map { prediction in
      let metrics = try ClassificationMetrics(prediction.judged)
      let points = try JudgedCurve(prediction.judged).points
      let rate = prediction.judged.positives / prediction.judged.total
      return Dashboard.Panel(
        ClassifierCurvesChart(
          title: prediction.meaning,
          subtitle: "n = \(counted(prediction.judged.count, "test user")), "
            + "\(fixed(rate * 100, 1)) % buy",
          models: [
            ClassifierCurvesChart.Model(
              name: "logistic regression",
              roc: [Point(x: 0, y: 0)]
                + points.map { Point(x: $0.falsePositiveRate, y: $0.recall) },
              precisionRecall: points.map { Point(x: $0.recall, y: $0.precision) },
              auc: metrics.areaUnderROC, averagePrecision: metrics.areaUnderPR)
          ], baseRate: rate))
    }
    return Dashboard(
      title: "Who buys: the easy question and the honest one",
      subtitle: "a model that sees the period it is asked about knows more than one ever will",
      columns: 1, panels: panels, panelSize: Size(width: 1060, height: 560))
  }

  /// Odds ratios of a standard deviation, with 95 % intervals, the largest effects first.
  private func coefficients(_ prediction: PurchaseStage.Prediction) -> IntervalChart {
    let z = 1.959963984540054
    let features = prediction.model.features.sorted {
      $0.coefficient.magnitude > $1.coefficient.magnitude
    }
    return IntervalChart(
      title: "What speaks for a purchase, and what against",
      subtitle:
        "\(prediction.meaning); n = \(counted(prediction.trainingRows, "user")) to train on;"
        + " coefficient of a standard deviation, 95 % intervals",
      estimates: features.map { feature in
        IntervalChart.Estimate(
          name: feature.name, value: feature.coefficient,
          low: feature.coefficient - z * feature.standardError,
          high: feature.coefficient + z * feature.standardError)
      }, x: ValueAxis("change of the log odds", format: .decimal(2)), reference: 0)
  }
}
