/// How the numbers of an axis or of labels are written.
public enum NumberFormat: Hashable, Sendable {
  /// Things that are counted: `1,234,567`; on axes `1.2M`.
  case count
  /// Short forms everywhere: `1.23M`, `12.3k`, `45.6`.
  case compact
  /// So many digits behind the point.
  case decimal(Int)
  /// A fraction as per cent, with so many digits behind the point: `41.5 %`.
  case percent(Int)
  /// Seconds, in the unit that fits: `35 s`, `2.5 min`, `1.2 h`, `3 d`.
  case duration
  /// Years, identifiers: digits without separators.
  case plain

  /// A value for a label.
  public func text(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    switch self {
    case .count:
      return value.magnitude >= 1 || value == 0
        ? NumberText.trimmed(value, value.magnitude < 100 ? 1 : 0)
        : NumberText.significant(value, 2)
    case .compact: return NumberText.compact(value, keepsZeros: true)
    case .decimal(let digits): return NumberText.fixed(value, digits)
    case .percent(let digits): return NumberText.fixed(value * 100, digits) + " %"
    case .duration: return DurationText.text(value)
    case .plain: return value.magnitude < 1e15 ? String(Int(value.rounded())) : "–"
    }
  }

  /// A value for a tick of an axis whose ticks are `step` apart.
  func tick(_ value: Double, step: Double) -> String {
    guard value.isFinite else { return "–" }
    switch self {
    case .count, .compact:
      if value.magnitude < 1000 || step <= 0 {
        return step > 0 && value.magnitude < 1000
          ? NumberText.fixed(value, decimals(of: step)) : NumberText.compact(value)
      }
      return NumberText.compact(value, digits: digits(of: value, step))
    case .decimal: return NumberText.fixed(value, decimals(of: step))
    case .percent: return NumberText.fixed(value * 100, decimals(of: step * 100)) + " %"
    case .duration: return DurationText.text(value)
    case .plain: return text(value)
    }
  }

  /// Digits behind the point that tell multiples of `step` apart.
  private func decimals(of step: Double) -> Int {
    guard step > 0, step < 1 else {
      return step > 0 && step < 10 && step != step.rounded() ? 1 : 0
    }
    var digits = Int((-logarithm10(step)).rounded(.up))
    let scaled = step * power(10, Double(digits))
    if (scaled - scaled.rounded()).magnitude > 1e-6 { digits += 1 }
    return digits
  }

  /// Significant digits that tell multiples of `step` apart near `value`.
  private func digits(of value: Double, _ step: Double) -> Int {
    guard step > 0, value != 0 else { return 3 }
    let span = logarithm10(value.magnitude).rounded(.down) - logarithm10(step).rounded(.down)
    guard span.isFinite, span < 12 else { return 3 }
    return max(2, Int(span) + 2)
  }
}
