/// A scale with what is written along it.
struct Axis {
  var scale: Scale
  var title = ""
  var format = NumberFormat.count
  /// Of a band scale's categories.
  var names: [String] = []
  var hasGrid = true
  /// Whether nothing of it is drawn.
  var isHidden = false
  /// Whether some names may be left out because the others tell what they are: hours, days.
  var isSequence = false

  static func hidden(_ scale: Scale) -> Axis { Axis(scale: scale, hasGrid: false, isHidden: true) }

  /// The ticks of an axis of numbers or times; at most so many.
  func ticks(atMost count: Int) -> [Tick] {
    switch scale {
    case .linear(let domain):
      let (values, step) = LinearTicks.values(in: domain, atMost: count)
      return values.map { Tick(value: $0, label: format.tick($0, step: step)) }
    case .logarithmic(let domain):
      if format == .duration, domain.lowerBound > 0.1, domain.upperBound < 1e8 {
        return DurationTicks.values(in: domain, atMost: count).map {
          Tick(value: $0, label: DurationText.text($0))
        }
      }
      return LogarithmicTicks.values(in: domain, atMost: count).map { value in
        let label =
          switch format {
          case .percent: NumberText.trimmed(value * 100, 6) + " %"
          case .duration: DurationText.text(value)
          default: NumberText.compact(value)
          }
        return Tick(value: value, label: label)
      }
    case .time(let domain): return TimeTicks.ticks(in: domain, atMost: count)
    case .band: return []
    }
  }
}
