import CKernels

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
    ecq_logistic_gradients(
      margins + range.lowerBound,
      UnsafeRawPointer(weights + range.lowerBound).assumingMemoryBound(to: Double.self),
      range.count, classWeights.x, classWeights.y, scale.units,
      UnsafeMutableRawPointer(pairs + range.lowerBound).assumingMemoryBound(to: Int64.self))
  }
}
