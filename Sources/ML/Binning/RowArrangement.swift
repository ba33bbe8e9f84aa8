import ColStore
import Glibc

/// An order of rows of up to eight codes in which most codes stay the same from one row to the next,
/// so that histograms are summed up run by run, and the rows of a node lie together.
///
///     1  features are put in the order of their entropy, the least first
///     2  rows are sorted by their codes in that order, block by block
///     3  the first features, whose runs are long, are steady; the others are not worth the asking
struct RowArrangement: Sendable {
  /// All features, the steady ones first.
  let features: [UInt8]
  let steadyCount: Int

  /// The bytes of the steady features in a row's word.
  var steadyMask: UInt64 {
    features[..<steadyCount].reduce(0) { $0 | 0xFF << (8 * UInt64($1)) }
  }

  private static let blockRows = 1 << 20
  private static let sampleRows = 1 << 16
  /// What the end of a run costs, in additions.
  private static let costOfRun = 10

  /// Sorts `count` rows in place.
  init(
    words: UnsafeMutablePointer<UInt64>, weights: UnsafeMutablePointer<SIMD2<Double>>, count: Int,
    featureCount: Int, threads: Int
  ) throws(ModelError) {
    let order = Self.byEntropy(words, count, featureCount)
    let shared = Rows(words: words, weights: weights)
    let blocks = (count + Self.blockRows - 1) / Self.blockRows
    let found = try inParallel(blocks, threads: threads) { block in
      let first = block * Self.blockRows
      return Result { () throws(ModelError) in
        try Self.sort(shared, first..<min(first + Self.blockRows, count), order)
      }
    }
    // Runs of the first 0, 1, … features.
    var runs = [Int](repeating: 0, count: featureCount + 1)
    for result in found {
      for (place, changes) in try result.get().enumerated() {
        for prefix in place + 1..<featureCount + 1 { runs[prefix] += changes }
      }
    }
    func cost(_ prefix: Int) -> Int {
      (prefix > 0 ? runs[prefix] * (prefix + Self.costOfRun) : 0) + count * (featureCount - prefix)
    }
    features = order
    steadyCount = (0...featureCount).min { cost($0) < cost($1) } ?? 0
  }

  private struct Rows: @unchecked Sendable {
    let words: UnsafeMutablePointer<UInt64>
    let weights: UnsafeMutablePointer<SIMD2<Double>>
  }

  private static func byEntropy(
    _ words: UnsafePointer<UInt64>, _ count: Int, _ featureCount: Int
  ) -> [UInt8] {
    let step = max(1, count / sampleRows)
    var counts = [Double](repeating: 0, count: featureCount * BinBorders.codesMax)
    for row in stride(from: 0, to: count, by: step) {
      for feature in 0..<featureCount {
        counts[feature * BinBorders.codesMax + Int(words[row] >> (8 * UInt64(feature)) & 0xFF)] += 1
      }
    }
    let entropies = (0..<featureCount).map { feature in
      counts[feature * BinBorders.codesMax..<(feature + 1) * BinBorders.codesMax].reduce(0.0) {
        $1 > 0 ? $0 - $1 * log($1) : $0
      }
    }
    return (0..<featureCount).sorted { (entropies[$0], $0) < (entropies[$1], $1) }
      .map { UInt8($0) }
  }

  /// Sorts the rows of a block.
  ///
  /// - Returns: For each place of `order`, in how many rows it is the first to differ from the row
  ///   before.
  private static func sort(
    _ rows: Rows, _ range: Range<Int>, _ order: [UInt8]
  ) throws(ModelError) -> [Int] {
    let words = rows.words + range.lowerBound
    let weights = rows.weights + range.lowerBound
    let keys = (0..<range.count).map { row in
      var key: UInt64 = 0
      for (place, feature) in order.enumerated() {
        key |= (words[row] &>> (8 &* UInt64(feature)) & 0xFF) &<< (56 &- 8 &* UInt64(place))
      }
      return key
    }
    let sorted = try RadixOrder(keys).rows
    let oldWords = Array(UnsafeBufferPointer(start: words, count: range.count))
    let oldWeights = Array(UnsafeBufferPointer(start: weights, count: range.count))
    var changes = [Int](repeating: 0, count: order.count)
    var last: UInt64?
    for (place, row) in sorted.enumerated() {
      words[place] = oldWords[Int(row)]
      weights[place] = oldWeights[Int(row)]
      let key = keys[Int(row)]
      let first = last.map { ($0 ^ key).leadingZeroBitCount / 8 } ?? 0
      if first < changes.count { changes[first] += 1 }
      last = key
    }
    return changes
  }
}
