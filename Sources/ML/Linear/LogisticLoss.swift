import CKernels
import ColStore

/// The penalised log loss of a logistic regression, with its derivatives by intercept and
/// coefficients: Σ weight · log loss + ‖w‖² / (2C).
///
/// Blocks are summed up in their order in fixed groups, so that threads do not change the result.
struct LogisticLoss: Sendable {
  let rows: LinearRows
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
    let sumCount = 1 + width + (hasHessian ? width * width : 0)
    let parts = try inParallel(groups, threads: threads) { group in
      var sums = [Double](repeating: 0, count: sumCount)
      for place in group * groupBlocks..<min((group + 1) * groupBlocks, chosen.count) {
        add(rows.blocks[chosen[place]], point, to: &sums, hasHessian)
      }
      return sums
    }
    var total = Value(width: width, hasHessian: hasHessian)
    for part in parts {
      total.loss += part[0]
      for place in total.gradient.indices { total.gradient[place] += part[1 + place] }
      for place in total.hessian.indices { total.hessian[place] += part[1 + width + place] }
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
    _ block: LinearRows.Block, _ point: Point, to sums: inout [Double], _ hasHessian: Bool
  ) {
    sums.withUnsafeMutableBufferPointer { sums in
      point.withUnsafeBufferPointer { point in
        guard let sums = sums.baseAddress, let point = point.baseAddress else { return }
        ecq_logistic_sums(
          block.values, block.stride, block.stride, width - 1, block.weights,
          block.weights + block.stride, point, hasHessian ? 1 : 0, sums)
      }
    }
  }
}
