import CKernels
import Glibc
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
      rows: rows, inverseRegularisation: 1, threads: 1)
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
      rows: rows, inverseRegularisation: 1, threads: 1)
    var point = [Double](repeating: 0, count: loss.width)
    var iterations = 0
    try LimitedMemoryDescent(loss: loss, iterationsMax: 500).minimise(&point, &iterations)
    let fitted = try #require(try model(data))
    for (left, right) in zip(point, fitted.features.map(\.coefficient) + [fitted.intercept]) {
      #expect(abs(left - right) < 1e-5)
    }
  }

  /// The kernel's sums, one row after another.
  private func plainSums(
    _ columns: [[Double]], _ classes: [SIMD2<Double>], _ point: [Double]
  ) -> [Double] {
    let width = columns.count
    var sums = [Double](repeating: 0, count: 2 + width + (width + 1) * (width + 1))
    for (row, weight) in classes.enumerated() {
      let x = columns.map { $0[row] } + [1]
      let margin = zip(x, point).reduce(0) { $0 + $1.0 * $1.1 }
      let p = 1 / (1 + exp(-margin))
      let total = weight.x + weight.y
      let away = max(margin, 0) * weight.x + max(-margin, 0) * weight.y
      sums[0] += total * log1p(exp(-margin.magnitude)) + away
      for f in 0...width {
        sums[1 + f] += (total * p - weight.y) * x[f]
        for other in 0...f {
          sums[2 + width + f * (width + 1) + other] += total * p * (1 - p) * x[f] * x[other]
        }
      }
    }
    return sums
  }

  @Test(arguments: [1, 3, 8, 13]) func theKernelEqualsThePlainLoop(width: Int) {
    var random = SplitMix64(seed: UInt64(width))
    let count = 1016
    let columns = (0..<width).map { _ in (0..<count).map { _ in random.nextUnit() * 8 - 4 } }
    // Weights of 0, large margins both ways.
    let classes = (0..<count).map { row in
      SIMD2(Double(random.next(below: 3)), row % 5 == 0 ? 0 : random.nextUnit())
    }
    for scale in [0.1, 1.0, 60.0] {
      let point = (0...width).map { _ in (random.nextUnit() - 0.5) * scale }
      let expected = plainSums(columns, classes, point)
      var sums = [Double](repeating: 0, count: expected.count)
      let negatives = classes.map(\.x)
      let positives = classes.map(\.y)
      ecq_logistic_sums(
        columns.flatMap { $0 }, count, count, width, negatives, positives, point, 1, &sums)
      for (sum, other) in zip(sums, expected) {
        #expect(abs(sum - other) <= 1e-10 * max(1, abs(expected[0])))
      }
    }
  }
}
