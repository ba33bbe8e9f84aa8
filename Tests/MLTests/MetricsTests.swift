import Testing

@testable import ML

/// Metrics against scikit-learn's numbers (Tests/Oracle/metrics_golden.py prints them), against
/// naive twins, and at their edges.
@Suite struct MetricsTests {
  /// SplitMix64, as in the script that made the golden numbers.
  private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Many rows share a score; some scores are 0 and 1.
  private static func rows(_ count: Int) throws -> ScoredLabels {
    var random = SplitMix(state: 17)
    var scores: [Double] = []
    var labels: [Bool] = []
    for _ in 0..<count {
      let score = Double(random.next() % 101) / 100
      labels.append(Double(random.next() % 100) < 20 + 60 * score)
      scores.append(score)
    }
    return try ScoredLabels(scores: scores, labels: labels)
  }

  private func expectClose(_ value: Double, _ expected: Double) {
    #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)))
  }

  @Test func equalScikitLearn() throws {
    let rows = try Self.rows(5000)
    let curve = try ThresholdCurve(rows)
    expectClose(curve.areaUnderROC, 0.689722961742168)
    expectClose(curve.averagePrecision, 0.6724533307205968)
    expectClose(rows.logLoss, 0.8408585841495801)
    expectClose(rows.brierScore, 0.23877614000000003)
    let half = ConfusionMatrix(rows)
    expectClose(half.accuracy, 0.6402)
    expectClose(half.precision, 0.6537362188648428)
    expectClose(half.recall, 0.6273510971786834)
    expectClose(half.f1, 0.6402719456108779)
    expectClose(half.weightedF1, 0.6402014823760593)
    let strict = ConfusionMatrix(rows, threshold: 0.8)
    expectClose(strict.accuracy, 0.5788)
    expectClose(strict.precision, 0.7275510204081632)
    expectClose(strict.recall, 0.2793887147335423)
    expectClose(strict.f1, 0.40373725934314836)
    expectClose(strict.weightedF1, 0.5362522838106725)
  }

  @Test func areaUnderROCIsTheShareOfPairsInOrder() throws {
    let rows = try Self.rows(400)
    var inOrder = 0.0
    for positive in rows.labels.indices where rows.labels[positive] {
      for negative in rows.labels.indices where !rows.labels[negative] {
        let (high, low) = (rows.scores[positive], rows.scores[negative])
        inOrder += high > low ? 1 : high == low ? 0.5 : 0
      }
    }
    let pairs = Double(rows.positives * rows.negatives)
    expectClose(try ThresholdCurve(rows).areaUnderROC, inOrder / pairs)
  }

  @Test func undefinedRatesAreZero() throws {
    let rows = try ScoredLabels(scores: [0.1, 0.2], labels: [false, false])
    let matrix = ConfusionMatrix(rows)
    #expect(matrix.precision == 0 && matrix.recall == 0 && matrix.f1 == 0)
    #expect(matrix.accuracy == 1 && matrix.weightedF1 == 1)
  }

  @Test func aScoreAtTheThresholdIsNegative() throws {
    let rows = try ScoredLabels(scores: [0.5, 0.5], labels: [true, false])
    #expect(ConfusionMatrix(rows).truePositives == 0)
  }

  @Test func sureErrorsCostMuchAndNotInfinitely() throws {
    let rows = try ScoredLabels(scores: [0, 1], labels: [true, false])
    #expect(rows.logLoss > 36 && rows.logLoss < 37)
  }

  @Test func liftCountsEveryRowOnce() throws {
    let rows = try Self.rows(1003)
    let table = try LiftTable(rows)
    #expect(table.bands.map(\.count).reduce(0, +) == 1003)
    #expect(table.bands.map(\.positives).reduce(0, +) == rows.positives)
    expectClose(table.bands[9].cumulativeGain, 1)
    #expect(table.bands[0].lift > 1.3 && table.bands[9].lift < 0.7)
  }

  @Test func whatCannotBeJudgedIsAnError() throws {
    #expect(throws: ModelError.self) { try ScoredLabels(scores: [], labels: []) }
    #expect(throws: ModelError.self) { try ScoredLabels(scores: [1], labels: []) }
    #expect(throws: ModelError.self) { try ScoredLabels(scores: [.nan], labels: [true]) }
    let oneClass = try ScoredLabels(scores: [0.1, 0.9], labels: [true, true])
    #expect(throws: ModelError.self) { try ThresholdCurve(oneClass) }
    #expect(throws: ModelError.self) { try LiftTable(oneClass) }
  }
}
