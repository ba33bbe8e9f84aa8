import ML
import Query

/// The runs of a bake-off that the test part judged, best first, as a table.
struct Leaderboard {
  let runs: [BakeOffRun]
  /// What a positive row is called: `abandoned` of the label `is_abandoned`.
  let positive: String

  init(_ runs: [BakeOffRun], label: String) {
    self.runs = runs
    positive = label.hasPrefix("is_") ? String(label.dropFirst(3)) : label
  }

  var table: SmallTable {
    let columns = [
      "weighted_avg_f1", "\(positive)_recall", "\(positive)_precision", "auc_roc", "train_time_sec",
    ]
    var table = SmallTable(
      fields: [Field(name: "model_name", type: .varchar)]
        + columns.map { Field(name: $0, type: .double) })
    for run in runs {
      let matrix = run.metrics.confusion
      table.rows.append(
        [.string(run.modelName)]
          + [
            matrix.weightedF1, matrix.recall, matrix.precision, run.metrics.areaUnderROC,
            run.trainingSeconds,
          ].map { .double($0) })
    }
    return table
  }
}
