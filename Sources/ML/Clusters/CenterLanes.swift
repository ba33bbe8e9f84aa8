import CKernels
import ColStore

/// The centres of clusters, laid out so that the distances of a point to eight of them are computed
/// at once.
struct CenterLanes: @unchecked Sendable {
  private let width: Int
  private let laneCount: Int
  /// Dimension by dimension, the clusters' coordinates, infinities up to a multiple of eight.
  private let coordinates: Buffer

  init(_ centers: [Double], clusters: Int, width: Int) {
    self.width = width
    laneCount = (clusters + 7) / 8 * 8
    coordinates = Buffer(Double.self, count: max(1, laneCount * width))
    let into = coordinates.pointer(Double.self)
    into.initialize(repeating: .infinity, count: laneCount * width)
    for cluster in 0..<clusters {
      for dimension in 0..<width {
        into[dimension * laneCount + cluster] = centers[cluster * width + dimension]
      }
    }
  }

  /// Calls `body(place in the list, nearest centre, squared distance to it, that to the next)` for
  /// every point listed.
  func nearest(
    to points: ClusterPoints, _ list: UnsafePointer<UInt32>, _ count: Int,
    _ body: (Int, Int32, Double, Double) -> Void
  ) {
    let block = 256
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * block) { squares in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: block) { numbers in
        guard let best = squares.baseAddress, let numbers = numbers.baseAddress else { return }
        let second = best + block
        var first = 0
        while first < count {
          let size = min(block, count - first)
          ecq_nearest_centers(
            points.pointer, width, list + first, size, coordinates.pointer(Double.self), laneCount,
            numbers, best, second)
          for place in 0..<size {
            body(first + place, numbers[place], best[place], second[place])
          }
          first += size
        }
      }
    }
  }
}
