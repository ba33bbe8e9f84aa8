/// What a threshold is chosen for.
public enum ThresholdGoal: Sendable, Equatable {
  case f1
  /// The highest precision with at least this recall.
  case precision(recall: Double)
  /// The lowest cost, given what a false positive and a false negative cost.
  case cost(falsePositive: Double, falseNegative: Double)

  /// `f1`, `precision@recall=0.8` or `cost=1:5`; nil for other texts.
  public init?(_ text: String) {
    if text == "f1" {
      self = .f1
    } else if text.hasPrefix("precision@recall="), let recall = Double(text.dropFirst(17)),
      recall > 0, recall <= 1
    {
      self = .precision(recall: recall)
    } else if text.hasPrefix("cost=") {
      let parts = text.dropFirst(5).split(separator: ":").compactMap { Double($0) }
      guard parts.count == 2, parts.allSatisfy({ $0 >= 0 && $0.isFinite }),
        parts[0] + parts[1] > 0
      else { return nil }
      self = .cost(falsePositive: parts[0], falseNegative: parts[1])
    } else {
      return nil
    }
  }
}

extension ThresholdCurve {
  /// The threshold that serves `goal` best; a row is positive where its score is above it. Of equally
  /// good ones, the highest.
  ///
  /// It lies half-way between two scores, so that it parts rows the same way after rounding.
  public func threshold(for goal: ThresholdGoal) -> Double {
    var best = (value: -Double.infinity, place: -1)
    for (place, point) in points.enumerated() {
      let (tp, fp) = (point.truePositives, point.falsePositives)
      let missed = all.truePositives - tp
      let value: Double
      switch goal {
      case .f1: value = 2 * tp / (2 * tp + fp + missed)
      case .precision(let recall):
        // Differences in the last digits must not turn a recall of 0.8 down.
        guard tp >= recall * all.truePositives * (1 - 1e-12) else { continue }
        value = tp / (tp + fp)
      case .cost(let falsePositive, let falseNegative):
        value = -(fp * falsePositive + missed * falseNegative)
      }
      if value > best.value { best = (value, place) }
    }
    if case .cost(_, let falseNegative) = goal, -all.truePositives * falseNegative >= best.value {
      // To take nothing for positive costs least.
      return points.first.map(\.threshold) ?? 1
    }
    guard best.place >= 0 else { return 0 }
    let at = points[best.place].threshold
    let below = best.place + 1 < points.count ? points[best.place + 1].threshold : min(at, 0)
    let middle = below + (at - below) / 2
    return middle < at ? middle : below
  }
}
