/// What a finished run of a classifier is judged by: counts at one threshold, and the ranking.
public struct ClassificationMetrics: Equatable, Sendable {
  public let confusion: ConfusionMatrix
  public let areaUnderROC: Double
  /// The area under precision against recall (average precision).
  public let areaUnderPR: Double
  public let logLoss: Double

  public init(_ rows: ScoredLabels, threshold: Double = 0.5) throws(ModelError) {
    try self.init(rows, curve: ThresholdCurve(rows), threshold: threshold)
  }

  public init(
    _ rows: ScoredLabels, curve: ThresholdCurve, threshold: Double = 0.5
  ) throws(ModelError) {
    confusion = ConfusionMatrix(rows, threshold: threshold)
    areaUnderROC = curve.areaUnderROC
    areaUnderPR = curve.averagePrecision
    logLoss = try rows.logLoss
  }

  public init(
    confusion: ConfusionMatrix, areaUnderROC: Double, areaUnderPR: Double, logLoss: Double
  ) {
    self.confusion = confusion
    self.areaUnderROC = areaUnderROC
    self.areaUnderPR = areaUnderPR
    self.logLoss = logLoss
  }
}
