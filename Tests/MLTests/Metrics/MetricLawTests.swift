import Testing

@testable import ML

/// What holds for metrics whatever the data, and what they do at their edges.
@Suite struct MetricLawTests {
  private func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-9 * max(1, abs(right))
  }

  @Test func areaUnderROCIsTheShareOfPairsInOrder() throws {
    let rows = try sampleRows(400, distinct: 31, weighted: true)
    var inOrder = 0.0
    for positive in rows.labels.indices where rows.labels[positive] == 1 {
      for negative in rows.labels.indices where rows.labels[negative] == 0 {
        let (high, low) = (rows.scores[positive], rows.scores[negative])
        let pair = rows.weight(positive) * rows.weight(negative)
        inOrder += high > low ? pair : high == low ? pair / 2 : 0
      }
    }
    let area = try ThresholdCurve(rows).areaUnderROC
    #expect(isClose(area, inOrder / (rows.positives * rows.negatives)))
  }

  @Test func areaUnderROCIsTheAreaUnderItsCurve() throws {
    let curve = try ThresholdCurve(sampleRows(1000, distinct: 57))
    for keepsAll in [false, true] {
      let points = ROCCurve(curve, keepsAll: keepsAll).points
      var area = 0.0
      for (left, right) in zip(points, points.dropFirst()) {
        area +=
          (right.falsePositiveRate - left.falsePositiveRate)
          * (right.truePositiveRate + left.truePositiveRate) / 2
      }
      #expect(isClose(area, curve.areaUnderROC))
    }
  }

  @Test func aWeightIsAsGoodAsCopies() throws {
    let weighted = try sampleRows(500, distinct: 40, weighted: true)
    var scores: [Double] = []
    var labels: [UInt8] = []
    for row in weighted.scores.indices {
      let copies = Int(weighted.weight(row) * 4)
      scores += Array(repeating: weighted.scores[row], count: copies)
      labels += Array(repeating: weighted.labels[row], count: copies)
    }
    let copied = try ScoredLabels(scores: scores, labels: labels)
    let (curve, curveOfCopies) = (try ThresholdCurve(weighted), try ThresholdCurve(copied))
    #expect(isClose(curve.areaUnderROC, curveOfCopies.areaUnderROC))
    #expect(isClose(curve.averagePrecision, curveOfCopies.averagePrecision))
    #expect(isClose(try weighted.logLoss, try copied.logLoss))
    #expect(isClose(try weighted.brierScore, try copied.brierScore))
    let (matrix, ofCopies) = (ConfusionMatrix(weighted), ConfusionMatrix(copied))
    #expect(isClose(matrix.weightedF1, ofCopies.weightedF1))
    #expect(isClose(matrix.total * 4, ofCopies.total))
    let (table, tableOfCopies) = (try CalibrationTable(weighted), try CalibrationTable(copied))
    #expect(isClose(table.expectedCalibrationError, tableOfCopies.expectedCalibrationError))
  }

  @Test func turningTheScoresRoundTurnsTheAreaRound() throws {
    let rows = try sampleRows(700, distinct: 91)
    let turned = try ScoredLabels(scores: rows.scores.map { -$0 }, labels: rows.labels)
    let sum = try ThresholdCurve(rows).areaUnderROC + ThresholdCurve(turned).areaUnderROC
    #expect(isClose(sum, 1))
  }

  @Test func ordersScoresOfAllSizesAndSigns() throws {
    let scores = [
      0.5, -0.0, .infinity, -1e300, 0.0, 5e-324, -5e-324, 1, -.infinity, 0.5, 1e300, -1,
    ]
    let rows = try ScoredLabels(scores: scores, labels: scores.map { $0 > 0 ? 1 : 0 })
    let order = try rows.descendingOrder().map(Int.init)
    let expected = scores.indices.sorted {
      scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
    }
    #expect(order == expected)
    #expect(try ThresholdCurve(rows).areaUnderROC == 1)
    #expect(try ThresholdCurve(rows).points.count == 10)
  }

  @Test func buffersServeAsWellAsArrays() throws {
    let rows = try sampleRows(50, distinct: 9)
    let copied = try rows.scores.withUnsafeBufferPointer { scores in
      try rows.labels.withUnsafeBufferPointer { try ScoredLabels(scores: scores, labels: $0) }
    }
    #expect(copied.scores == rows.scores && copied.labels == rows.labels)
    #expect(copied.positives == rows.positives)
  }

  @Test func undefinedRatesAreZero() throws {
    let matrix = ConfusionMatrix(try ScoredLabels(scores: [0.1, 0.2], labels: [0, 0]))
    #expect(matrix.precision == 0 && matrix.recall == 0 && matrix.f1 == 0)
    #expect(matrix.accuracy == 1 && matrix.weightedF1 == 1)
  }

  @Test func aScoreAtTheThresholdIsNegative() throws {
    let matrix = ConfusionMatrix(try ScoredLabels(scores: [0.5, 0.5], labels: [1, 0]))
    #expect(matrix.truePositives == 0 && matrix.falsePositives == 0)
    #expect(matrix.falseNegatives == 1 && matrix.trueNegatives == 1)
  }

  @Test func sureErrorsCostMuchAndNotInfinitely() throws {
    let loss = try ScoredLabels(scores: [0, 1], labels: [1, 0]).logLoss
    #expect(loss > 36 && loss < 37)
  }

  @Test(arguments: [1003, 1000, 7])
  func liftCountsEveryRowOnce(count: Int) throws {
    let rows = try sampleRows(count, distinct: 101)
    let bands = try LiftTable(rows).bands
    #expect(bands.count == 10)
    #expect(bands.map(\.rowCount).reduce(0, +) == count)
    #expect(bands.map(\.positives).reduce(0, +) == rows.positives)
    let sizes = bands.map(\.rowCount)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    #expect(isClose(bands[9].cumulativeGain, 1) && isClose(bands[9].cumulativeLift, 1))
    if count > 100 { #expect(bands[0].lift > 1.3 && bands[9].lift < 0.7) }
  }

  @Test func liftOfAPerfectRanking() throws {
    let scores = (0..<100).map { Double($0) / 100 }
    let rows = try ScoredLabels(scores: scores, labels: scores.map { $0 >= 0.85 ? 1 : 0 })
    let bands = try LiftTable(rows).bands
    #expect(bands.map(\.positives) == [10, 5, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(isClose(bands[0].lift, 1 / 0.15) && isClose(bands[1].cumulativeLift, 5))
    #expect(bands[0].scores == 0.9...0.99 && bands[1].scores == 0.8...0.89)
    #expect(isClose(bands[0].cumulativeGain, 2.0 / 3) && bands[1].cumulativeGain == 1)
  }

  @Test func weightedLiftBandsHaveEqualWeight() throws {
    let rows = try sampleRows(2000, distinct: 300, weighted: true)
    for band in try LiftTable(rows).bands {
      #expect(abs(band.weight - rows.total / 10) < 2)
    }
  }

  @Test func aPerfectlyCalibratedModelHasNoError() throws {
    let scores = Array(repeating: 0.25, count: 4) + Array(repeating: 0.75, count: 4)
    let rows = try ScoredLabels(scores: scores, labels: [1, 0, 0, 0, 1, 1, 1, 0])
    for binning in [CalibrationTable.Binning.uniform, .quantile] {
      #expect(try CalibrationTable(rows, binning: binning).expectedCalibrationError == 0)
    }
    let wrong = try ScoredLabels(scores: [1, 1], labels: [0, 0])
    #expect(try CalibrationTable(wrong).expectedCalibrationError == 1)
  }

  @Test func whatCannotBeJudgedIsAnError() throws {
    #expect(
      errorText { _ = try ScoredLabels(scores: [Double](), labels: [UInt8]()) }
        == "there are no rows to compute metrics of")
    #expect(
      errorText { _ = try ScoredLabels(scores: [1, 2], labels: [1]) }
        == "there are 2 scores for 1 labels")
    #expect(
      errorText { _ = try ScoredLabels(scores: [0, .nan], labels: [1, 0]) }
        == "the score of row 1 is NaN")
    #expect(
      errorText { _ = try ScoredLabels(scores: [0], labels: [2]) }
        == "the label of row 0 is 2, neither 0 nor 1")
    for weight in [-1, Double.nan, .infinity] {
      #expect(
        errorText { _ = try ScoredLabels(scores: [0], labels: [1], weights: [weight]) }
          == "the weight of row 0 is \(weight), not a finite number from 0")
    }
    #expect(
      errorText { _ = try ScoredLabels(scores: [0], labels: [1], weights: [0]) }
        == "every row has weight 0")
    #expect(
      errorText { _ = try ScoredLabels(scores: [0], labels: [1], weights: []) }
        == "there are 0 weights for 1 scores")
  }

  @Test func oneClassIsRankedByNobody() throws {
    let positive = try ScoredLabels(scores: [0.1, 0.9], labels: [1, 1])
    let text = "all 2 rows are positive, so no ranking of them can be judged"
    #expect(errorText { _ = try ThresholdCurve(positive) } == text)
    #expect(errorText { _ = try LiftTable(positive) } == text)
    let weightless = try ScoredLabels(scores: [0.1, 0.9], labels: [1, 0], weights: [1, 0])
    #expect(errorText { _ = try ThresholdCurve(weightless) } == text)
  }

  @Test func marginsAreNoProbabilities() throws {
    let rows = try ScoredLabels(scores: [-1.5, 2], labels: [0, 1])
    let text = "the score of row 0 is -1.5, not a probability of 0 to 1"
    #expect(errorText { _ = try rows.logLoss } == text)
    #expect(errorText { _ = try rows.brierScore } == text)
    #expect(errorText { _ = try CalibrationTable(rows) } == text)
    #expect(try ThresholdCurve(rows).areaUnderROC == 1)
  }
}
