import ColStore

/// A figure that is laid out, and can be written as PNG or SVG.
public struct Picture: Sendable {
  /// In points: pixels at scale 1.
  public let size: Size
  let shapes: [Drawing.Shape]
  /// Where its texts lie.
  let labels: [Rectangle]
  /// Texts that there was no room for.
  let refusedCount: Int

  /// - Parameter draw: Draws inside the frame that it gets; the ground is filled before.
  init(size: Size, source: String?, _ draw: (inout Drawing, Rectangle) -> Void) {
    let size = Size(
      width: size.width.clamped(to: 120...6000), height: size.height.clamped(to: 80...6000))
    let page = Rectangle(x: 0, y: 0, width: size.width, height: size.height)
    var drawing = Drawing(page: page)
    drawing.fill(page, Theme.background)
    var frame = page.inset(by: 18)
    if let source, !source.isEmpty {
      let text = drawing.measure.shortened(
        TextCleaning.cleaned(source), to: frame.width, .source)
      drawing.text(text, at: Point(frame.minX, frame.maxY), .bottomLeading, .source)
      frame = frame.inset(bottom: 24)
    }
    draw(&drawing, frame)
    self.size = size
    shapes = drawing.shapes
    labels = drawing.labels
    refusedCount = drawing.refusedCount
  }

  /// The picture as the bytes of a PNG file.
  ///
  /// - Parameter scale: Pixels a point; from 0.1 to 8.
  public func png(scale: Double = 1) throws(PlotError) -> [UInt8] {
    try CairoCanvas.requireLibrary()
    return try CairoCanvas.png(of: self, scale: scale)
  }

  /// The picture as the bytes of an SVG file.
  public func svg() throws(PlotError) -> [UInt8] {
    // Without it no text has been measured.
    try CairoCanvas.requireLibrary()
    return SVGWriter.svg(of: self)
  }

  /// Writes the picture as its file's ending says, `.png` or `.svg`, so that the file is whole or
  /// as it was.
  ///
  /// - Parameter scale: Pixels a point of a PNG.
  public func write(to path: String, scale: Double = 2) throws(PlotError) {
    let bytes: [UInt8]
    if path.lowercased().hasSuffix(".png") {
      bytes = try png(scale: scale)
    } else if path.lowercased().hasSuffix(".svg") {
      bytes = try svg()
    } else {
      throw PlotError("\(path): a picture's name must end in .png or .svg")
    }
    do { try WholeFile.write(bytes, to: path) } catch { throw PlotError(error.description) }
  }
}

extension Double {
  /// The nearest number within the bounds; the lower bound for what is no number.
  func clamped(to bounds: ClosedRange<Double>) -> Double {
    isNaN ? bounds.lowerBound : Swift.min(Swift.max(self, bounds.lowerBound), bounds.upperBound)
  }
}
