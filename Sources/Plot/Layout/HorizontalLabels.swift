/// The labels under a horizontal axis, chosen and broken so that none touches another.
struct HorizontalLabels {
  struct Label {
    var value: Double
    var lines: [String]
    /// The middle of the lines, or of the standing text.
    var x: Double
  }

  private(set) var labels: [Label] = []
  private(set) var isUpright = false
  private(set) var height = 0.0
  private static let style = TextStyle.tick
  private static let gap = 9.0

  /// - Parameters:
  ///   - span: From where to where the axis goes.
  ///   - limits: What labels must not leave.
  init(
    _ axis: Axis, span: ClosedRange<Double>, limits: ClosedRange<Double>, _ measure: TextMeasure
  ) {
    guard !axis.isHidden, span.upperBound - span.lowerBound > 10 else { return }
    if case .band(let count) = axis.scale {
      let names = (0..<count).map { $0 < axis.names.count ? axis.names[$0] : "" }
      categories(names.map(TextCleaning.cleaned), axis, span, limits, measure)
    } else {
      numbers(axis, span, limits, measure)
    }
  }

  private mutating func numbers(
    _ axis: Axis, _ span: ClosedRange<Double>, _ limits: ClosedRange<Double>,
    _ measure: TextMeasure
  ) {
    var count = max(2, Int((span.upperBound - span.lowerBound) / 60))
    while count >= 1 {
      let ticks = axis.ticks(atMost: count)
      let labels = ticks.compactMap { tick -> Label? in
        guard let fraction = axis.scale.fraction(tick.value), (-0.001...1.001).contains(fraction)
        else { return nil }
        let x = span.lowerBound + fraction * (span.upperBound - span.lowerBound)
        return Label(
          value: tick.value, lines: tick.note.isEmpty ? [tick.label] : [tick.label, tick.note],
          x: x)
      }
      if let placed = HorizontalLabels.placed(labels, limits, measure) {
        self.labels = placed
        height = lineHeight(of: placed)
        return
      }
      count -= 1
    }
  }

  private mutating func categories(
    _ names: [String], _ axis: Axis, _ span: ClosedRange<Double>, _ limits: ClosedRange<Double>,
    _ measure: TextMeasure
  ) {
    guard !names.isEmpty else { return }
    let slot = (span.upperBound - span.lowerBound) / Double(names.count)
    func label(_ index: Int, _ lines: [String]) -> Label {
      Label(
        value: Double(index), lines: lines, x: span.lowerBound + (Double(index) + 0.5) * slot)
    }
    let style = HorizontalLabels.style
    // Every name, in one line, two or three.
    for lines in 1...3 where slot > 24 || lines == 1 {
      let broken = names.map { measure.wrapped($0, to: slot - 6, lines: lines, style) }
      let isWhole = !broken.contains { $0.contains { $0.hasSuffix("…") } }
      if isWhole || (lines == 3 && slot > 90) {
        labels = broken.enumerated().map { label($0.offset, $0.element) }
        height = lineHeight(of: labels)
        return
      }
    }
    if axis.isSequence {
      for every in 1...max(1, names.count) {
        let some = stride(from: 0, to: names.count, by: every).map { label($0, [names[$0]]) }
        if let placed = HorizontalLabels.placed(some, limits, measure) {
          labels = placed
          height = lineHeight(of: placed)
          return
        }
      }
    }
    // Standing, each or every second, third, …
    let every = max(1, Int((style.lineHeight / slot).rounded(.up)))
    isUpright = true
    labels = stride(from: 0, to: names.count, by: every).map { index in
      label(index, [measure.shortened(names[index], to: 120, style)])
    }
    height = measure.width(widest: labels.map { $0.lines[0] }, style) + 4
  }

  private func lineHeight(of labels: [Label]) -> Double {
    let lines = labels.reduce(0) { max($0, $1.lines.count) }
    return Double(lines) * HorizontalLabels.style.lineHeight
  }

  /// The labels moved inside the limits; nil where two of them would touch.
  private static func placed(
    _ labels: [Label], _ limits: ClosedRange<Double>, _ measure: TextMeasure
  ) -> [Label]? {
    var placed: [Label] = []
    var end = -Double.infinity
    for var label in labels {
      let half = measure.width(widest: label.lines, style) / 2
      guard 2 * half <= limits.upperBound - limits.lowerBound else { return nil }
      label.x = min(max(label.x, limits.lowerBound + half), limits.upperBound - half)
      guard label.x - half >= end + gap else { return nil }
      end = label.x + half
      placed.append(label)
    }
    return placed
  }

  func draw(on drawing: inout Drawing, below y: Double) {
    let style = HorizontalLabels.style
    for label in labels {
      if isUpright {
        drawing.text(
          label.lines[0], at: Point(label.x, y), TextAnchor(along: 1, across: .middle), style,
          isUpright: true)
      } else {
        for (number, line) in label.lines.enumerated() {
          drawing.text(
            line, at: Point(label.x, y + Double(number) * style.lineHeight), .top, style)
        }
      }
    }
  }
}
