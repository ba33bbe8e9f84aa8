import ColStore

/// How many rows of its range each worker has of each part, and then where it writes the next: what a
/// radix partitioning by several workers shares.
struct PartCounts: Sendable {
  private let counts: Buffer
  private let workers: Int
  private let partCount: Int

  init(workers: Int, partCount: Int) {
    self.workers = workers
    self.partCount = partCount
    counts = Buffer(Int.self, count: workers * partCount)
    counts.zero()
  }

  /// The counts of a worker, later its places; touched by that worker alone.
  func of(_ worker: Int) -> UnsafeMutablePointer<Int> {
    counts.pointer(Int.self) + worker * partCount
  }

  /// Turns counts into places: parts one after the other, within a part the rows of worker after
  /// worker. Returns where parts start, and the end.
  func makePlaces() -> [Int] {
    var starts = [0]
    var total = 0
    for part in 0..<partCount {
      for worker in 0..<workers {
        let here = of(worker)[part]
        of(worker)[part] = total
        total += here
      }
      starts.append(total)
    }
    return starts
  }

  /// Turns counts into places within each part, and returns how many rows each has.
  func makePlacesInParts() -> [Int] {
    let starts = makePlaces()
    for worker in 0..<workers {
      for part in 0..<partCount { of(worker)[part] -= starts[part] }
    }
    return (0..<partCount).map { starts[$0 + 1] - starts[$0] }
  }
}
