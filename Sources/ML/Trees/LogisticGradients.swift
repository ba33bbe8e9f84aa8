import Glibc

/// The derivatives of the log loss of binned rows by their margins.
struct LogisticGradients: Sendable {
  let scale: GradientScale
  /// What the rows of each class weigh.
  let classWeights: SIMD2<Double>

  /// Writes the derivatives of the rows of `range`; each row's negatives and positives weigh
  /// `weights[row]`.
  func write(
    margins: UnsafePointer<Double>, weights: UnsafePointer<SIMD2<Double>>, range: Range<Int>,
    into pairs: UnsafeMutablePointer<GradientPair>
  ) {
    let units = scale.units
    // Adding and taking away rounds to an integer.
    let shift = 6_755_399_441_055_744.0
    var row = range.lowerBound
    while row < range.upperBound {
      let p = LogisticFunction.sigmoid(margins[row])
      let weight = weights[row]
      let ofNegative = (p * classWeights.x * units + shift) - shift
      let ofPositive = ((p - 1) * classWeights.y * units + shift) - shift
      let curvature = max(p * (1 - p), 1e-16) * units
      let hNegative = (curvature * classWeights.x + shift) - shift
      let hPositive = (curvature * classWeights.y + shift) - shift
      pairs[row] = GradientPair(
        scale.fixed(weight.x * ofNegative + weight.y * ofPositive),
        scale.fixed(weight.x * hNegative + weight.y * hPositive))
      row &+= 1
    }
  }
}
