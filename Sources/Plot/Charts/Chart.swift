/// A chart: data with a title, which can be drawn on its own or as a panel of a ``Dashboard``.
public protocol Chart {
  /// How large a picture of it is, unless another size is wanted.
  var naturalSize: Size { get }

  func draw(on drawing: inout Drawing, in frame: Rectangle)
}

extension Chart {
  public var naturalSize: Size { Size(width: 900, height: 520) }

  /// The chart with another natural size.
  public func sized(width: Double, height: Double) -> some Chart {
    SizedChart(chart: self, naturalSize: Size(width: width, height: height))
  }

  /// The chart as a picture of its own.
  ///
  /// - Parameter source: A line at the bottom: where the data come from.
  public func picture(size: Size? = nil, source: String? = nil) -> Picture {
    Picture(size: size ?? naturalSize, source: source) { draw(on: &$0, in: $1) }
  }
}

/// A chart whose natural size was chosen.
struct SizedChart<Content: Chart>: Chart {
  let chart: Content
  let naturalSize: Size

  func draw(on drawing: inout Drawing, in frame: Rectangle) { chart.draw(on: &drawing, in: frame) }
}
