import Testing

@testable import ML

/// Metrics against scikit-learn's numbers, to 1e-9.
@Suite struct GoldenMetricsTests {
  private func expectClose(
    _ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, wanted) in zip(values, expected) {
      #expect(
        value == wanted || abs(value - wanted) <= 1e-9 * max(1, abs(wanted)),
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: MetricsGolden.summaries.indices)
  func summaries(_ index: Int) throws {
    let (count, distinct, threshold, weighted, expected) = MetricsGolden.summaries[index]
    let rows = try sampleRows(count, distinct: distinct, weighted: weighted)
    let curve = try ThresholdCurve(rows)
    let matrix = ConfusionMatrix(rows, threshold: threshold)
    let values = [
      curve.areaUnderROC, curve.averagePrecision, try rows.logLoss, try rows.brierScore,
      matrix.truePositives, matrix.falsePositives, matrix.falseNegatives, matrix.trueNegatives,
      matrix.accuracy, matrix.precision, matrix.recall, matrix.f1, matrix.weightedF1,
    ]
    expectClose(values, expected)
  }

  @Test(arguments: [false, true])
  func curves(weighted: Bool) throws {
    let curve = try ThresholdCurve(sampleRows(80, distinct: 21, weighted: weighted))
    for keepsAll in [false, true] {
      let expected =
        weighted
        ? (keepsAll ? MetricsGolden.weightedROCAll : MetricsGolden.weightedROC)
        : (keepsAll ? MetricsGolden.plainROCAll : MetricsGolden.plainROC)
      let points = ROCCurve(curve, keepsAll: keepsAll).points
      expectClose(points.map(\.threshold), expected[0])
      expectClose(points.map(\.falsePositiveRate), expected[1])
      expectClose(points.map(\.truePositiveRate), expected[2])
    }
    let expected =
      weighted ? MetricsGolden.weightedPrecisionRecall : MetricsGolden.plainPrecisionRecall
    let points = PrecisionRecallCurve(curve).points
    expectClose(points.map(\.threshold), expected[0] + [.infinity])
    expectClose(points.map(\.precision), expected[1])
    expectClose(points.map(\.recall), expected[2])
  }

  @Test(arguments: MetricsGolden.calibrations.indices)
  func calibration(_ index: Int) throws {
    let (count, distinct, byQuantile, rates, means) = MetricsGolden.calibrations[index]
    let rows = try sampleRows(count, distinct: distinct)
    let table = try CalibrationTable(rows, binning: byQuantile ? .quantile : .uniform)
    expectClose(table.bins.map(\.rate), rates)
    expectClose(table.bins.map(\.meanProbability), means)
    #expect(table.bins.map(\.rowCount).reduce(0, +) == count)
  }
}
