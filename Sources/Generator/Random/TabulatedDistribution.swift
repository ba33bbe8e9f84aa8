/// Draws from a quantile function by table look-up: a main table over all probabilities, and a
/// finer one over the last 1/256 so that rare large values keep their shape.
struct TabulatedDistribution: Sendable {
  private let body: [Float]
  private let tail: [Float]

  init(_ quantiles: QuantileFunction) {
    body = (0..<4_096).map {
      Float(quantiles.value(at: (Double($0) + 0.5) / 4_096 * 255 / 256))
    }
    tail = (0..<4_096).map {
      Float(quantiles.value(at: 1 - (4_096 - Double($0) - 0.5) / (4_096 * 256)))
    }
  }

  @inline(__always)
  func draw(_ random: inout RandomStream) -> Double {
    let word = random.next()
    let index = Int(truncatingIfNeeded: word >> 40) & 4_095
    return Double((word & 255) == 255 ? tail[index] : body[index])
  }
}
