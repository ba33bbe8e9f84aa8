import ColStore
import Glibc

/// The penalised log loss of a logistic regression, with its derivatives by intercept and
/// coefficients: Σ weight · log loss + ‖w‖² / (2C).
///
/// Blocks are summed up in their order in fixed groups, so that threads do not change the result.
struct LogisticLoss: Sendable {
  let rows: LinearRows
  let classWeights: SIMD2<Double>
  let inverseRegularisation: Double
  let threads: Int

  /// Coefficients, the intercept last.
  typealias Point = [Double]

  struct Value: Sendable {
    var loss: Double
    var gradient: [Double]
    /// Row by row, the lower triangle filled; empty where not asked for.
    var hessian: [Double]

    init(width: Int, hasHessian: Bool) {
      loss = 0
      gradient = [Double](repeating: 0, count: width)
      hessian = hasHessian ? [Double](repeating: 0, count: width * width) : []
    }
  }

  var width: Int { rows.means.count + 1 }

  /// - Parameter stride: Takes every `stride`th block only, as if it stood for those between.
  func value(at point: Point, hasHessian: Bool, stride: Int = 1) throws(ModelError) -> Value {
    let chosen = Array(Swift.stride(from: 0, to: rows.blocks.count, by: stride))
    let groupBlocks = 16
    let groups = (chosen.count + groupBlocks - 1) / groupBlocks
    let parts = try inParallel(groups, threads: threads) { group in
      var sum = Value(width: width, hasHessian: hasHessian)
      let scratch = Buffer(Double.self, count: LinearRows.blockRows * 3)
      for place in group * groupBlocks..<min((group + 1) * groupBlocks, chosen.count) {
        add(rows.blocks[chosen[place]], point, to: &sum, scratch.pointer(Double.self))
      }
      return sum
    }
    var total = Value(width: width, hasHessian: hasHessian)
    for part in parts {
      total.loss += part.loss
      for place in total.gradient.indices { total.gradient[place] += part.gradient[place] }
      for place in total.hessian.indices { total.hessian[place] += part.hessian[place] }
    }
    if stride > 1 {
      let factor = Double(stride)
      total.loss *= factor
      for place in total.gradient.indices { total.gradient[place] *= factor }
      for place in total.hessian.indices { total.hessian[place] *= factor }
    }
    let penalty = 1 / inverseRegularisation
    for place in 0..<width - 1 {
      total.loss += penalty * point[place] * point[place] / 2
      total.gradient[place] += penalty * point[place]
      if hasHessian { total.hessian[place * width + place] += penalty }
    }
    return total
  }

  private func add(
    _ block: LinearRows.Block, _ point: Point, to sum: inout Value,
    _ scratch: UnsafeMutablePointer<Double>
  ) {
    let count = block.count
    let values = block.values.pointer(Double.self)
    let weights = block.weights.pointer(SIMD2<Double>.self)
    let margins = scratch
    let residuals = scratch + LinearRows.blockRows
    let curvatures = scratch + 2 * LinearRows.blockRows
    margins.update(repeating: point[width - 1], count: count)
    for feature in 0..<width - 1 {
      let column = values + feature * count
      let slope = point[feature]
      var row = 0
      while row < count {
        margins[row] += slope * column[row]
        row &+= 1
      }
    }
    var loss = 0.0
    var row = 0
    while row < count {
      let margin = margins[row]
      let weight = weights[row] * classWeights
      // e^−|m| serves the probability and the loss alike.
      let tail = exp(-margin.magnitude)
      let p = margin >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
      let total = weight.x + weight.y
      loss += total * log1p(tail) + weight.x * max(margin, 0) + weight.y * max(-margin, 0)
      residuals[row] = total * p - weight.y
      curvatures[row] = total * p * (1 - p)
      row &+= 1
    }
    sum.loss += loss
    let last = width - 1
    for feature in 0..<last {
      sum.gradient[feature] += dot(values + feature * count, residuals, count)
    }
    sum.gradient[last] += total(residuals, count)
    guard !sum.hessian.isEmpty else { return }
    sum.hessian[last * width + last] += total(curvatures, count)
    for feature in 0..<last {
      let column = values + feature * count
      // The residuals have been used; their place takes curvature times column.
      row = 0
      while row < count {
        residuals[row] = curvatures[row] * column[row]
        row &+= 1
      }
      sum.hessian[last * width + feature] += total(residuals, count)
      for other in 0...feature {
        sum.hessian[feature * width + other] += dot(values + other * count, residuals, count)
      }
    }
  }

  @inline(__always)
  private func dot(
    _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var lanes = SIMD8<Double>.zero
    var row = 0
    while row &+ 8 <= count {
      let a = UnsafeRawPointer(left + row).loadUnaligned(as: SIMD8<Double>.self)
      let b = UnsafeRawPointer(right + row).loadUnaligned(as: SIMD8<Double>.self)
      lanes += a * b
      row &+= 8
    }
    var sum = lanes.sum()
    while row < count {
      sum += left[row] * right[row]
      row &+= 1
    }
    return sum
  }

  @inline(__always)
  private func total(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
    var sum = 0.0
    var row = 0
    while row < count {
      sum += values[row]
      row &+= 1
    }
    return sum
  }
}
