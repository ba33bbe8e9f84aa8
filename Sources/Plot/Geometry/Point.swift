/// A place on a picture: points of 1/96 inch from the upper left corner.
public struct Point: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  init(_ x: Double, _ y: Double) { self.init(x: x, y: y) }
}

/// How wide and high something is.
public struct Size: Hashable, Sendable {
  public var width: Double
  public var height: Double

  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}
