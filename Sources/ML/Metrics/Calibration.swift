import Glibc

/// A map from a model's probabilities to calibrated ones, fitted on rows that it was not trained on.
public enum Calibration: Sendable, Equatable {
  /// Platt's: the logistic function of slope · log odds + intercept.
  case platt(slope: Double, intercept: Double)
  /// A rising function, linear between its points.
  case isotonic(scores: [Double], values: [Double])

  public enum Method: String, CaseIterable, Sendable {
    case platt
    case isotonic
  }

  public func calibrated(_ probability: Double) -> Double {
    switch self {
    case .platt(let slope, let intercept):
      return LogisticFunction.sigmoid(slope * Self.logOdds(probability) + intercept)
    case .isotonic(let scores, let values):
      guard let first = values.first, let last = values.last else { return probability }
      var low = 0
      var high = scores.count
      while low < high {
        let middle = (low + high) / 2
        if scores[middle] <= probability { low = middle + 1 } else { high = middle }
      }
      if low == 0 { return first }
      if low == scores.count { return last }
      let width = scores[low] - scores[low - 1]
      let part = width > 0 ? (probability - scores[low - 1]) / width : 0
      return values[low - 1] + part * (values[low] - values[low - 1])
    }
  }

  private static func logOdds(_ probability: Double) -> Double {
    let p = min(max(probability, 1e-12), 1 - 1e-12)
    return LogisticFunction.logit(p)
  }

  /// - Throws: ``ModelError`` where all rows are of one class.
  public static func fit(_ method: Method, to rows: ScoredLabels) throws(ModelError) -> Calibration
  {
    try rows.requireBothClasses()
    switch method {
    case .platt: return platt(rows)
    case .isotonic: return try isotonic(rows)
    }
  }

  /// Newton's method on the log loss with Platt's targets, which keep from 0 and 1 (Platt 1999; Lin,
  /// Lin and Weng 2007).
  private static func platt(_ rows: ScoredLabels) -> Calibration {
    let high = (rows.positives + 1) / (rows.positives + 2)
    let low = 1 / (rows.negatives + 2)
    let odds = rows.scores.map(logOdds)
    var slope = 1.0
    var intercept = 0.0
    for _ in 0..<100 {
      var g = SIMD2<Double>.zero
      var (ss, si, ii) = (1e-12, 0.0, 1e-12)
      for row in odds.indices {
        let weight = rows.weight(row)
        let p = LogisticFunction.sigmoid(slope * odds[row] + intercept)
        let residual = weight * (p - (rows.labels[row] == 1 ? high : low))
        let curvature = weight * p * (1 - p)
        g += SIMD2(residual * odds[row], residual)
        ss += curvature * odds[row] * odds[row]
        si += curvature * odds[row]
        ii += curvature
      }
      let determinant = ss * ii - si * si
      guard determinant > 0 else { break }
      let step = SIMD2((ii * g.x - si * g.y) / determinant, (ss * g.y - si * g.x) / determinant)
      slope -= step.x
      intercept -= step.y
      if step.x.magnitude + step.y.magnitude < 1e-10 { break }
    }
    return .platt(slope: slope, intercept: intercept)
  }

  /// Pools neighbours that violate the order (Ayer et al. 1955), as scikit-learn's
  /// `IsotonicRegression`: equal scores are one point, blocks keep their first and last score.
  private static func isotonic(_ rows: ScoredLabels) throws(ModelError) -> Calibration {
    struct Pool {
      var first: Double
      var last: Double
      var positives: Double
      var weight: Double
      var mean: Double { positives / weight }
    }
    var pools: [Pool] = []
    for entry in try rows.descendingOrder().reversed() {
      let row = Int(entry)
      let weight = rows.weight(row)
      if weight == 0 { continue }
      let score = rows.scores[row]
      let positives = rows.labels[row] == 1 ? weight : 0
      if let last = pools.last, last.first == score, last.last == score {
        pools[pools.count - 1].positives += positives
        pools[pools.count - 1].weight += weight
      } else {
        pools.append(Pool(first: score, last: score, positives: positives, weight: weight))
      }
    }
    var merged: [Pool] = []
    for pool in pools {
      merged.append(pool)
      while merged.count > 1, merged[merged.count - 2].mean >= merged[merged.count - 1].mean {
        let upper = merged.removeLast()
        merged[merged.count - 1].last = upper.last
        merged[merged.count - 1].positives += upper.positives
        merged[merged.count - 1].weight += upper.weight
      }
    }
    var scores: [Double] = []
    var values: [Double] = []
    for pool in merged {
      scores.append(pool.first)
      values.append(pool.mean)
      if pool.last != pool.first {
        scores.append(pool.last)
        values.append(pool.mean)
      }
    }
    return .isotonic(scores: scores, values: values)
  }
}
