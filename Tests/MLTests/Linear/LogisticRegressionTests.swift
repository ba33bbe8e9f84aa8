import Testing

@testable import ML

@Suite struct LogisticRegressionTests {
  private func model(_ data: SampleData, groups: Bool = true, threads: Int = 2) throws
    -> LogisticModel?
  {
    guard
      case .logistic(let model) = try trained(.logistic, data, threads: threads, groups: groups)
        .model.form
    else { return nil }
    return model
  }

  @Test func theGradientVanishesAtTheSolution() throws {
    let data = SampleData(3000)
    let fitted = try #require(try model(data))
    let rows = try LinearRows(
      data.features, labels: data.labels, weights: nil, groups: false, threads: 1)
    let loss = LogisticLoss(
      rows: rows, classWeights: SIMD2(1, 1), inverseRegularisation: 1, threads: 1)
    let point = fitted.features.map(\.coefficient) + [fitted.intercept]
    let value = try loss.value(at: point, hasHessian: true)
    #expect(value.gradient.allSatisfy { abs($0) < 1e-5 })
    // The gradient is the loss's: by differences.
    for place in point.indices {
      var (up, down) = (point, point)
      up[place] += 1e-3 + 1
      down[place] += 1 - 1e-3
      var middle = point
      middle[place] += 1
      let slope =
        (try loss.value(at: up, hasHessian: false).loss
          - loss.value(at: down, hasHessian: false).loss) / 2e-3
      let gradient = try loss.value(at: middle, hasHessian: false).gradient[place]
      #expect(abs(slope - gradient) < 1e-3 * max(1, abs(gradient)))
    }
  }

  @Test func groupsAndThreadsChangeNothingOfNote() throws {
    let data = SampleData(20_000, continuous: false)
    let grouped = try #require(try model(data))
    let plain = try #require(try model(data, groups: false))
    for (left, right) in zip(grouped.features, plain.features) {
      #expect(abs(left.coefficient - right.coefficient) < 1e-7)
      #expect(abs(left.standardError - right.standardError) < 1e-7)
    }
    #expect(try model(data, threads: 1) == grouped)
  }

  @Test func manyFeaturesConvergeWithoutTheMatrix() throws {
    let data = SampleData(1000)
    let rows = try LinearRows(
      data.features, labels: data.labels, weights: nil, groups: false, threads: 1)
    let loss = LogisticLoss(
      rows: rows, classWeights: SIMD2(1, 1), inverseRegularisation: 1, threads: 1)
    var point = [Double](repeating: 0, count: loss.width)
    var iterations = 0
    try LimitedMemoryDescent(loss: loss, iterationsMax: 500).minimise(&point, &iterations)
    let fitted = try #require(try model(data))
    for (left, right) in zip(point, fitted.features.map(\.coefficient) + [fitted.intercept]) {
      #expect(abs(left - right) < 1e-5)
    }
  }
}
