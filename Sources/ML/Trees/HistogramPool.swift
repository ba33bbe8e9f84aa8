import ColStore

/// Histograms of a tree's open nodes, each 256 sums a feature; memory is reused.
final class HistogramPool {
  let length: Int
  private var buffers: [Buffer] = []
  private var free: [Int] = []

  init(featureCount: Int) { length = featureCount * BinBorders.codesMax }

  /// A histogram of unknown content.
  func take() -> Int {
    if let slot = free.popLast() { return slot }
    buffers.append(Buffer(GradientPair.self, count: length))
    return buffers.count - 1
  }

  func give(_ slot: Int) { if slot >= 0 { free.append(slot) } }

  func pointer(_ slot: Int) -> UnsafeMutablePointer<GradientPair> {
    buffers[slot].pointer(GradientPair.self)
  }
}
