/// What an axis of numbers shows.
public struct ValueAxis: Sendable {
  public var title: String
  public var format: NumberFormat
  public var isLogarithmic: Bool
  /// From where to where it goes; nil: as the data do, to round numbers.
  public var domain: ClosedRange<Double>?
  /// Whether zero is on it, where it is not logarithmic.
  public var includesZero: Bool

  public init(
    _ title: String = "", format: NumberFormat = .count, isLogarithmic: Bool = false,
    domain: ClosedRange<Double>? = nil, includesZero: Bool = true
  ) {
    self.title = title
    self.format = format
    self.isLogarithmic = isLogarithmic
    self.domain = domain
    self.includesZero = includesZero
  }

  /// The axis for values in this range.
  ///
  /// - Parameter isTight: Whether it ends where the values end.
  func axis(over range: ClosedRange<Double>?, isTight: Bool = false) -> Axis {
    var scale: Scale
    let domain = domain.flatMap { $0.lowerBound.isUsable && $0.upperBound.isUsable ? $0 : nil }
    if isLogarithmic {
      scale = .logarithmic(over: domain ?? range, isTight: isTight || domain != nil)
    } else if let domain, domain.lowerBound < domain.upperBound {
      scale = .linear(domain)
    } else {
      scale = .nice(range, includesZero: includesZero)
      if isTight, let range, range.lowerBound < range.upperBound { scale = .linear(range) }
    }
    return Axis(scale: scale, title: title, format: format)
  }
}
