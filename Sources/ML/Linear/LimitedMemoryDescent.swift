/// L-BFGS (Nocedal 1980) with a backtracking line search: descends with the curvature that the last
/// ten steps showed.
struct LimitedMemoryDescent {
  let loss: LogisticLoss
  let iterationsMax: Int
  private static let remembered = 10

  private struct Step {
    let move: [Double]
    let change: [Double]
    let scale: Double
  }

  func minimise(
    _ point: inout LogisticLoss.Point, _ iterations: inout Int
  ) throws(ModelError) {
    var value = try loss.value(at: point, hasHessian: false)
    let start = max(norm(value.gradient), 1e-300)
    var steps: [Step] = []
    for _ in 0..<iterationsMax {
      guard norm(value.gradient) > 1e-8 * start else { return }
      let direction = direction(value.gradient, steps)
      let slope = dot(direction, value.gradient)
      var length = steps.isEmpty ? min(1, 1 / norm(value.gradient)) : 1.0
      while true {
        let next = zip(point, direction).map { $0 - length * $1 }
        let reached = try loss.value(at: next, hasHessian: false)
        if reached.loss <= value.loss - 1e-4 * length * slope {
          let move = zip(next, point).map { $0 - $1 }
          let change = zip(reached.gradient, value.gradient).map { $0 - $1 }
          let curvature = dot(move, change)
          if curvature > 0 {
            steps.append(Step(move: move, change: change, scale: 1 / curvature))
            if steps.count > Self.remembered { steps.removeFirst() }
          }
          point = next
          value = reached
          iterations += 1
          break
        }
        length /= 2
        if length < 1e-12 { return }
      }
    }
  }

  /// The gradient times the inverse curvature that the steps imply.
  private func direction(_ gradient: [Double], _ steps: [Step]) -> [Double] {
    var direction = gradient
    var factors: [Double] = []
    for step in steps.reversed() {
      let factor = step.scale * dot(step.move, direction)
      factors.append(factor)
      for place in direction.indices { direction[place] -= factor * step.change[place] }
    }
    if let last = steps.last {
      let scale = 1 / (last.scale * dot(last.change, last.change))
      for place in direction.indices { direction[place] *= scale }
    }
    for (step, factor) in zip(steps, factors.reversed()) {
      let correction = factor - step.scale * dot(step.change, direction)
      for place in direction.indices { direction[place] += correction * step.move[place] }
    }
    return direction
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func norm(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}
