import ColStore
import Glibc
import ML
import Query

/// What a model's features are worth, as tables.
struct Importances {
  let model: Model

  init(_ model: Model) { self.model = model }

  /// Of trees: splits, gain and cover; of any model: by how much its AUC falls when a feature's
  /// values are shuffled among the rows.
  func table(
    _ scorer: Scorer, _ label: BinaryLabel, _ rows: [UInt32]?, seed: UInt64
  ) throws -> SmallTable {
    let permutation = try scorer.permutationImportance(label: label, rows: rows, seed: seed)
    guard case .trees(let ensemble) = model.form else {
      var table = SmallTable(fields: [
        Field(name: "feature", type: .varchar), Field(name: "permutation", type: .double),
      ])
      for (name, value) in zip(model.featureNames, permutation) {
        table.rows.append([.string(name), .double(value)])
      }
      return table
    }
    let importance = TreeImportance(ensemble)
    var table = SmallTable(
      fields: [Field(name: "feature", type: .varchar), Field(name: "weight", type: .bigint)]
        + ["gain", "total_gain", "cover", "permutation"].map { Field(name: $0, type: .double) })
    let byGain = importance.names.indices.sorted {
      (importance.totalGains[$1], $0) < (importance.totalGains[$0], $1)
    }
    for feature in byGain {
      table.rows.append([
        .string(importance.names[feature]), .int64(Int64(importance.splitCounts[feature])),
        .double(importance.meanGains[feature]), .double(importance.totalGains[feature]),
        .double(importance.meanCovers[feature]), .double(permutation[feature]),
      ])
    }
    return table
  }

  /// Of a logistic regression: coefficients by z-score, standard errors, and odds ratios.
  func coefficients() throws -> SmallTable {
    guard case .logistic(let logistic) = model.form else {
      throw ModelError("only a logistic model has coefficients; see --report importance")
    }
    var table = SmallTable(
      fields: [Field(name: "feature", type: .varchar)]
        + ["coefficient", "standard_error", "z", "odds_ratio", "mean", "scale"].map {
          Field(name: $0, type: .double)
        })
    func add(_ name: String, _ coefficient: Double, _ error: Double, _ rest: [Value]) {
      table.rows.append(
        [.string(name)]
          + [coefficient, error, coefficient / error, exp(coefficient)].map { .double($0) } + rest)
    }
    add("intercept", logistic.intercept, logistic.interceptStandardError, [.null, .null])
    for feature in logistic.features {
      add(
        feature.name, feature.coefficient, feature.standardError,
        [.double(feature.mean), .double(feature.scale)])
    }
    return table
  }
}
