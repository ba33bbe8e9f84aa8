import ColStore
import ML
import Query

/// All metrics of one set of scored rows.
struct MetricTable {
  private(set) var table = SmallTable(fields: [
    Field(name: "metric", type: .varchar), Field(name: "value", type: .double),
  ])

  mutating func add(_ name: String, _ value: Double) {
    table.rows.append([.string(name), .double(value)])
  }

  /// Metrics of the ranking and of the probabilities, then those at 0.5 and, where it is another, at
  /// `threshold`.
  init(_ rows: ScoredLabels, threshold: Double) throws {
    let curve = try ThresholdCurve(rows)
    add("rows", Double(rows.count))
    add("positives", rows.positives)
    add("auc_roc", curve.areaUnderROC)
    add("auc_pr", curve.averagePrecision)
    add("log_loss", try rows.logLoss)
    add("brier", try rows.brierScore)
    addConfusion(rows, threshold: 0.5, suffix: "")
    if threshold != 0.5 {
      add("threshold", threshold)
      addConfusion(rows, threshold: threshold, suffix: "_at_threshold")
    }
  }

  private mutating func addConfusion(_ rows: ScoredLabels, threshold: Double, suffix: String) {
    let matrix = ConfusionMatrix(rows, threshold: threshold)
    add("accuracy" + suffix, matrix.accuracy)
    add("precision" + suffix, matrix.precision)
    add("recall" + suffix, matrix.recall)
    add("f1" + suffix, matrix.f1)
    add("weighted_f1" + suffix, matrix.weightedF1)
    add("true_positives" + suffix, matrix.truePositives)
    add("false_positives" + suffix, matrix.falsePositives)
    add("false_negatives" + suffix, matrix.falseNegatives)
    add("true_negatives" + suffix, matrix.trueNegatives)
  }
}
