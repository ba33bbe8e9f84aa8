import Glibc

/// Fits a logistic regression: Newton's method with halved steps, first on a sixteenth of the rows
/// where there are many, so that few passes over all are left. Of very many features, the curvature
/// is not computed but learned from the last steps (L-BFGS).
struct LogisticRegression: Sendable {
  let parameters: TrainingParameters
  let rows: LinearRows
  let names: [String]
  let threads: Int
  var onIteration: @Sendable (Int, Int) -> Void = { _, _ in }

  /// More features than this make Newton's matrix too dear.
  private static let newtonFeaturesMax = 300

  func train() throws(ModelError) -> LogisticModel {
    let loss = LogisticLoss(
      rows: rows, inverseRegularisation: parameters.inverseRegularisation, threads: threads)
    var point = LogisticLoss.Point(repeating: 0, count: loss.width)
    let weighted =
      rows.totals * parameters.classWeights(negatives: rows.totals.x, positives: rows.totals.y)
    point[loss.width - 1] = log(weighted.y / weighted.x)
    var iterations = 0
    var errors = [Double](repeating: .nan, count: loss.width)
    if names.count <= Self.newtonFeaturesMax {
      if rows.blocks.count >= 256 {
        // What these rows do not know makes more precision vain.
        _ = try newton(loss, &point, &iterations, stride: 16, enough: 1e-6)
      }
      let value = try newton(loss, &point, &iterations, stride: 1, enough: 1e-12)
      if let factor = CholeskyFactor(value.hessian, width: loss.width) {
        errors = factor.inverseDiagonal.map { $0.squareRoot() }
      }
    } else {
      try LimitedMemoryDescent(loss: loss, iterationsMax: max(parameters.iterationsMax, 1000))
        .minimise(&point, &iterations)
    }
    return LogisticModel(
      features: names.indices.map { place in
        LogisticModel.Feature(
          name: names[place], mean: rows.means[place], scale: rows.scales[place],
          coefficient: point[place], standardError: errors[place])
      }, intercept: point[loss.width - 1], interceptStandardError: errors[loss.width - 1],
      inverseRegularisation: parameters.inverseRegularisation, iterations: iterations)
  }

  /// Moves `point` to the minimum and returns the loss there or a last small step before it: one
  /// that lowers the loss by less than the share `enough`, after which Newton's method is as near as
  /// numbers can say.
  private func newton(
    _ loss: LogisticLoss, _ point: inout LogisticLoss.Point, _ iterations: inout Int, stride: Int,
    enough: Double
  ) throws(ModelError) -> LogisticLoss.Value {
    var value = try loss.value(at: point, hasHessian: true, stride: stride)
    for _ in 0..<parameters.iterationsMax {
      guard let factor = CholeskyFactor(damped(value.hessian, loss.width), width: loss.width) else {
        throw ModelError("the features are too large or too small to be fitted")
      }
      let step = factor.solve(value.gradient)
      // Half of what the step promises to lower the loss by.
      let promise = zip(step, value.gradient).reduce(0) { $0 + $1.0 * $1.1 } / 2
      guard promise > enough * max(1, value.loss) else {
        point = zip(point, step).map { $0 - $1 }
        break
      }
      var length = 1.0
      while true {
        let next = zip(point, step).map { $0 - length * $1 }
        let reached = try loss.value(at: next, hasHessian: true, stride: stride)
        if reached.loss <= value.loss || length < 1e-6 {
          let isDone = reached.loss >= value.loss
          if !isDone || length == 1 { point = next }
          value = reached
          iterations += 1
          onIteration(iterations, parameters.iterationsMax)
          if isDone { return value }
          break
        }
        length /= 2
      }
    }
    return value
  }

  /// Directions in which nothing changes, as of columns that are constant or sums of others, get a
  /// little curvature.
  private func damped(_ hessian: [Double], _ width: Int) -> [Double] {
    var hessian = hessian
    for place in 0..<width { hessian[place * width + place] += 1e-10 }
    return hessian
  }
}
