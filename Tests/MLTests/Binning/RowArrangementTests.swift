import ColStore
import Testing

@testable import ML

@Suite struct RowArrangementTests {
  /// Rows of codes of which the third feature hardly changes and the first nearly always does.
  private func words(_ count: Int, featureCount: Int) -> [UInt64] {
    var random = SplitMix64(seed: 11)
    return (0..<count).map { _ in
      (0..<featureCount).reduce(0) { word, feature in
        let code = feature == 2 ? 0 : random.next(below: feature == 0 ? 250 : 2 + feature)
        return word | UInt64(code) << (8 * UInt64(feature))
      }
    }
  }

  @Test(arguments: [1, 3, 8]) func rowsKeepTheirWeightsAndRunsAreLong(featureCount: Int) throws {
    let count = 5000
    let given = words(count, featureCount: featureCount)
    let rows = Buffer(UInt64.self, count: count)
    let weights = Buffer(SIMD2<Double>.self, count: count)
    for row in 0..<count {
      rows.pointer(UInt64.self)[row] = given[row]
      weights.pointer(SIMD2<Double>.self)[row] = SIMD2(Double(row), Double(given[row] & 0xFF))
    }
    let arrangement = try RowArrangement(
      words: rows.pointer(UInt64.self), weights: weights.pointer(SIMD2<Double>.self), count: count,
      featureCount: featureCount, threads: 2)
    #expect(arrangement.features.sorted() == (0..<UInt8(featureCount)).map { $0 })
    #expect(featureCount < 3 || arrangement.features[0] == 2)
    var runs = 1
    for row in 0..<count {
      let word = rows.pointer(UInt64.self)[row]
      #expect(word == given[Int(weights.pointer(SIMD2<Double>.self)[row].x)])
      if row > 0, (word ^ rows.pointer(UInt64.self)[row - 1]) & arrangement.steadyMask != 0 {
        runs += 1
      }
    }
    #expect(runs < count / 4)
  }

  /// What run by run and in lanes is added is what row by row would be.
  @Test(arguments: 1...8) func histogramsAreSumsOverRows(featureCount: Int) throws {
    let count = 3000
    var random = SplitMix64(seed: UInt64(featureCount))
    let columns = (0..<featureCount).map { feature in
      (0..<count).map { _ in Double(random.next(below: feature % 3 == 0 ? 200 : 3)) }
    }
    let labels = (0..<count).map { _ in UInt8(random.next(below: 2)) }
    let binned = try BinnedColumns(
      FeatureMatrix(columns: columns, names: (0..<featureCount).map { "f\($0)" }), training: nil,
      binning: BinnedColumns.Binning(), threads: 2)
    let rows = try BinnedRows.picking(
      binned, rows: nil, labels: labels, weights: nil, groups: true, threads: 2)
    #expect(
      rows.totals == SIMD2(Double(labels.count { $0 == 0 }), Double(labels.count { $0 == 1 })))
    let pairs = (0..<rows.count).map { _ in
      GradientPair(Int64(random.next(below: 1000)) - 500, Int64(random.next(below: 1000)))
    }
    let list = (0..<UInt32(rows.count)).filter { _ in random.next(below: 3) > 0 }
    let length = featureCount * BinBorders.codesMax
    let sums = Buffer(GradientPair.self, count: length)
    sums.pointer(GradientPair.self).initialize(repeating: .zero, count: length)
    let gradients = Buffer(GradientPair.self, count: pairs.count)
    gradients.pointer(GradientPair.self).initialize(from: pairs, count: pairs.count)
    HistogramKernels.add(
      list, list.count, of: rows, gradients: UnsafePointer(gradients.pointer(GradientPair.self)),
      to: sums.pointer(GradientPair.self))
    var expected = [GradientPair](repeating: .zero, count: length)
    for row in list {
      for feature in 0..<featureCount {
        let code = Int(rows.codes[Int(row) * rows.stride + feature])
        expected[feature * BinBorders.codesMax + code] &+= pairs[Int(row)]
      }
    }
    #expect((0..<length).allSatisfy { sums.pointer(GradientPair.self)[$0] == expected[$0] })
  }

  /// The derivatives in lanes are those of the formula.
  @Test func gradientsAreTheFormulas() {
    let scale = GradientScale(totalWeight: 4000)
    let classWeights = SIMD2(1.0, 2.5)
    var random = SplitMix64(seed: 2)
    let margins =
      [0, -0.0, 800, -800, 36, -36] + (0..<995).map { _ in random.nextUnit() * 40 - 20 }
    let weights = margins.map { _ in
      SIMD2(Double(random.next(below: 4)), Double(random.next(below: 3)))
    }
    let pairs = Buffer(GradientPair.self, count: margins.count)
    LogisticGradients(scale: scale, classWeights: classWeights).write(
      margins: margins, weights: weights, range: 0..<margins.count,
      into: pairs.pointer(GradientPair.self))
    for row in margins.indices {
      let p = LogisticFunction.sigmoid(margins[row])
      let weighted = weights[row] * classWeights
      let pair = pairs.pointer(GradientPair.self)[row]
      #expect(abs(scale.first(pair) - (weighted.x * p + weighted.y * (p - 1))) < 1e-8)
      #expect(abs(scale.second(pair) - weighted.sum() * max(p * (1 - p), 1e-16)) < 1e-8)
    }
  }
}
