import ColStore

/// Points to be clustered, row after row, each with a weight: equal points put together.
public struct ClusterPoints: @unchecked Sendable {
  public let count: Int
  public let width: Int
  public let originalCount: Int
  let values: Buffer
  let weights: Buffer
  /// The number of each original row's point.
  let pointOfRow: [UInt32]?

  var pointer: UnsafePointer<Double> { UnsafePointer(values.pointer(Double.self)) }
  var weight: UnsafePointer<Double> { UnsafePointer(weights.pointer(Double.self)) }

  /// - Parameter columns: One array a dimension, all of one length, all finite.
  /// - Throws: ``ModelError`` where there are no points, or a value is not finite.
  public init(columns: [[Double]], threads: Int = availableProcessors) throws(ModelError) {
    let count = columns.first?.count ?? 0
    guard count > 0 else { throw ModelError("there are no points to cluster") }
    precondition(columns.allSatisfy { $0.count == count }, "columns have the same rows")
    try requireNumberedRows(count)
    let width = columns.count
    for column in columns {
      guard column.allSatisfy(\.isFinite) else {
        throw ModelError("a point to cluster has a value that is missing or not finite")
      }
    }
    let values = Buffer(Double.self, count: count * width)
    let chunks = max(1, count >> 15)
    _ = try inParallel(chunks, threads: threads) { chunk in
      let into = values.pointer(Double.self)
      for (dimension, column) in columns.enumerated() {
        column.withUnsafeBufferPointer { column in
          var row = count * chunk / chunks
          let end = count * (chunk + 1) / chunks
          while row < end {
            into[row &* width &+ dimension] = column[row]
            row &+= 1
          }
        }
      }
    }
    self.init(count: count, width: width, values: values)
  }

  /// Takes over `count` · `width` finite values, row after row.
  init(count: Int, width: Int, values: Buffer) {
    self.count = count
    self.width = width
    self.values = values
    originalCount = count
    weights = Buffer(Double.self, count: count)
    weights.pointer(Double.self).initialize(repeating: 1, count: count)
    pointOfRow = nil
  }

  init(
    count: Int, width: Int, originalCount: Int, values: Buffer, weights: Buffer,
    pointOfRow: [UInt32]?
  ) {
    self.count = count
    self.width = width
    self.originalCount = originalCount
    self.values = values
    self.weights = weights
    self.pointOfRow = pointOfRow
  }

  /// Evenly spaced points, or all where there are no more than `most`.
  func sample(atMost most: Int) -> ClusterPoints {
    guard count > most else { return self }
    let picked = Buffer(Double.self, count: most * width)
    let weights = Buffer(Double.self, count: most)
    for place in 0..<most {
      let point = count * place / most
      (picked.pointer(Double.self) + place * width).initialize(
        from: pointer + point * width, count: width)
      weights.pointer(Double.self)[place] = weight[point]
    }
    return ClusterPoints(
      count: most, width: width, originalCount: originalCount, values: picked, weights: weights,
      pointOfRow: nil)
  }

  private static let groupingSample = 1 << 14

  /// Whether enough rows seem to be equal.
  private var groupingPays: Bool {
    guard count > 4 * Self.groupingSample else { return true }
    let sample = sample(atMost: Self.groupingSample).grouped()
    return Double(sample.count) < 0.7 * Double(Self.groupingSample)
  }

  /// The distinct points, weighted by their number, moved to the front of the same memory: the points
  /// that they are made of are of no more use. The same points where that does not pay.
  public consuming func grouped() -> ClusterPoints {
    guard pointOfRow == nil, groupingPays else { return self }
    var slots = [UInt32](repeating: 0, count: 1 << 16)
    var firsts: [UInt32] = []
    var counts: [Double] = []
    var groups = [UInt32](repeating: 0, count: count)
    let words = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt64.self)
    for row in 0..<count {
      if firsts.count * 2 >= slots.count {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (group, first) in firsts.enumerated() {
          var at = hash(words + Int(first) * width) & (slots.count - 1)
          while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
          slots[at] = UInt32(group + 1)
        }
      }
      var at = hash(words + row * width) & (slots.count - 1)
      while true {
        let slot = slots[at]
        if slot == 0 {
          firsts.append(UInt32(row))
          counts.append(1)
          slots[at] = UInt32(firsts.count)
          groups[row] = UInt32(firsts.count - 1)
          break
        }
        let group = Int(slot) - 1
        if isEqual(words + Int(firsts[group]) * width, words + row * width) {
          counts[group] += 1
          groups[row] = UInt32(group)
          break
        }
        at = (at + 1) & (slots.count - 1)
      }
    }
    if Double(firsts.count) > 0.8 * Double(count) { return self }
    let (into, weight) = (values.pointer(Double.self), weights.pointer(Double.self))
    for (group, first) in firsts.enumerated() {
      // No group comes before its first row.
      if group < Int(first) {
        (into + group * width).update(from: into + Int(first) * width, count: width)
      }
      weight[group] = counts[group]
    }
    return ClusterPoints(
      count: firsts.count, width: width, originalCount: count, values: values, weights: weights,
      pointOfRow: groups)
  }

  private func hash(_ words: UnsafePointer<UInt64>) -> Int {
    var state: UInt64 = 0
    for word in 0..<width { state = SplitMix64.mix(state ^ words[word]) }
    return Int(truncatingIfNeeded: state >> 1)
  }

  private func isEqual(_ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>) -> Bool {
    for word in 0..<width where left[word] != right[word] { return false }
    return true
  }
}
