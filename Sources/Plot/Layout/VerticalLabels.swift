/// The labels left of a vertical axis, chosen and cut so that none touches another.
struct VerticalLabels {
  struct Label {
    var value: Double
    var lines: [String]
  }

  private(set) var labels: [Label] = []
  private(set) var width = 0.0
  private let style: TextStyle

  init(_ axis: Axis, height: Double, widthMax: Double, _ measure: TextMeasure) {
    style = axis.scale.isBand ? .name : .tick
    guard !axis.isHidden, height > 10 else { return }
    if case .band(let count) = axis.scale {
      let slot = height / Double(max(count, 1))
      let every = max(1, Int((style.lineHeight / slot).rounded(.up)))
      for index in stride(from: 0, to: count, by: every) where index < axis.names.count {
        let name = TextCleaning.cleaned(axis.names[index])
        let lines = slot > 2.3 * style.lineHeight ? 2 : 1
        labels.append(
          Label(
            value: Double(index),
            lines: measure.wrapped(name, to: widthMax, lines: lines, style)))
      }
    } else {
      let ticks = axis.ticks(atMost: max(2, Int(height / 27)))
      for tick in ticks {
        guard let fraction = axis.scale.fraction(tick.value), (-0.001...1.001).contains(fraction)
        else { continue }
        labels.append(
          Label(
            value: tick.value,
            lines: [tick.note.isEmpty ? tick.label : "\(tick.label) \(tick.note)"]))
      }
      thin(to: height, axis)
    }
    width = measure.width(widest: labels.flatMap(\.lines), style)
  }

  /// Leaves out labels until those that follow each other have room.
  private mutating func thin(to height: Double, _ axis: Axis) {
    var end = -Double.infinity
    labels = labels.filter { label in
      let place = (axis.scale.fraction(label.value) ?? 0) * height
      guard place - end >= style.lineHeight else { return false }
      end = place
      return true
    }
  }

  func draw(on drawing: inout Drawing, leftOf x: Double, in plane: Plane) {
    for label in labels {
      guard let middle = plane.y(label.value) else { continue }
      var y = middle - Double(label.lines.count - 1) / 2 * style.lineHeight
      for line in label.lines {
        drawing.text(line, at: Point(x, y), .trailing, style)
        y += style.lineHeight
      }
    }
  }
}
