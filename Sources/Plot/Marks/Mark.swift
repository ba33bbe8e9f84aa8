/// Something that stands for data on a plane: bars, lines, points, cells, texts.
protocol Mark {
  func draw(on drawing: inout Drawing, in plane: Plane)
}

/// A part of a drawing with two scales: where values lie.
struct Plane {
  let frame: Rectangle
  let x: Scale
  let y: Scale

  func x(_ value: Double) -> Double? {
    x.fraction(value).map { frame.minX + bounded($0) * frame.width }
  }

  /// Numbers grow upwards, categories follow each other downwards.
  func y(_ value: Double) -> Double? {
    y.fraction(value).map { fraction in
      y.isBand
        ? frame.minY + bounded(fraction) * frame.height
        : frame.maxY - bounded(fraction) * frame.height
    }
  }

  func point(_ xValue: Double, _ yValue: Double) -> Point? {
    guard let x = x(xValue), let y = y(yValue) else { return nil }
    return Point(x, y)
  }

  /// Whether a point lies inside, or on an edge.
  func contains(_ point: Point) -> Bool {
    point.x >= frame.minX - 0.5 && point.x <= frame.maxX + 0.5 && point.y >= frame.minY - 0.5
      && point.y <= frame.maxY + 0.5
  }

  /// What lies far outside must not lie so far that a canvas overflows.
  private func bounded(_ fraction: Double) -> Double { fraction.clamped(to: -20...20) }
}
