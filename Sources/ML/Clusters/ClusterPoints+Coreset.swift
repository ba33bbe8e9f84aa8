import ColStore

extension ClusterPoints {
  /// A lightweight coreset (Bachem, Lucic and Krause 2018): points drawn half by their weight and half
  /// by their squared distance to the mean, each with the inverse of its probability as weight. Sums of
  /// squared distances to any centres are nearly those of all points, far ones included, of which an
  /// even sample would have few.
  ///
  /// Draws are systematic: point i is taken ⌊c + qᵢ⌋ − ⌊c⌋ times, where qᵢ is how often it is expected
  /// and c the sum of those before, from a random start. All points where there are no more than `most`.
  func coreset(atMost most: Int, seed: UInt64) -> ClusterPoints {
    guard count > most else { return self }
    let squares = squaredDistancesToMean
    var (mass, spread) = (0.0, 0.0)
    for point in 0..<count {
      mass += weight[point]
      spread += weight[point] * squares[point]
    }
    let (perWeight, perSpread) = (0.5 / mass, spread > 0 ? 0.5 / spread : 0)
    var random = SplitMix64(seed: seed)
    var reached = random.nextUnit()
    var picked: [UInt32] = []
    var weights: [Double] = []
    for point in 0..<count {
      // One less than there is room for, as the random start may add one.
      let expected =
        Double(most - 1) * weight[point] * (perWeight + perSpread * squares[point])
      let times = (reached + expected).rounded(.down) - reached.rounded(.down)
      reached += expected
      guard times > 0 else { continue }
      picked.append(UInt32(point))
      weights.append(weight[point] * times / expected)
    }
    return ClusterPoints(picking: picked, weights: weights, of: self)
  }

  private var squaredDistancesToMean: [Double] {
    var mean = [Double](repeating: 0, count: width)
    var mass = 0.0
    for point in 0..<count {
      mass += weight[point]
      for dimension in 0..<width {
        mean[dimension] += weight[point] * pointer[point &* width &+ dimension]
      }
    }
    for dimension in 0..<width { mean[dimension] /= mass }
    return mean.withUnsafeBufferPointer { mean in
      guard let mean = mean.baseAddress else { return [Double](repeating: 0, count: count) }
      return (0..<count).map { squaredDistance(pointer + $0 * width, mean, width) }
    }
  }

  private init(picking points: [UInt32], weights given: [Double], of all: ClusterPoints) {
    let values = Buffer(Double.self, count: points.count * all.width)
    let weights = Buffer(Double.self, count: points.count)
    for (place, point) in points.enumerated() {
      (values.pointer(Double.self) + place * all.width).initialize(
        from: all.pointer + Int(point) * all.width, count: all.width)
      weights.pointer(Double.self)[place] = given[place]
    }
    self.init(
      count: points.count, width: all.width, originalCount: all.originalCount, values: values,
      weights: weights, pointOfRow: nil)
  }
}
