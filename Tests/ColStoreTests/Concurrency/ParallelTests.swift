import Synchronization
import Testing

@testable import ColStore

/// Workers on lent threads.
struct ParallelTests {
  private struct Failure: Error, Equatable { let worker: Int }

  @Test(arguments: [1, 2, 7, 50])
  func eachWorkerRunsOnce(workers: Int) throws {
    for _ in 0..<200 {
      let ran = Mutex<[Int]>([])
      try runWorkers(workers) { worker in ran.withLock { $0.append(worker) } }
      #expect(ran.withLock { $0.sorted() } == Array(0..<workers))
    }
  }

  @Test func workersMayHaveWorkers() throws {
    let sum = Atomic(0)
    try runWorkers(4) { outer in
      try runWorkers(3) { inner in
        try runWorkers(2) { _ in sum.add(outer * 3 + inner, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 2 * (0..<12).reduce(0, +))
  }

  @Test func theLowestFailureIsThrown() {
    #expect(throws: Failure(worker: 1)) {
      try runWorkers(4) { worker in if worker > 0 { throw Failure(worker: worker) } }
    }
    // A thread that ran a closure that failed runs the next.
    #expect(throws: Never.self) { try runWorkers(4) { _ in } }
  }

  @Test func closuresAreReleasedWhenTheyHaveEnded() {
    final class Watched: Sendable {}
    weak var watched: Watched?
    for _ in 0..<100 {
      do {
        let object = Watched()
        watched = object
        let thread = LentThread { withExtendedLifetime(object) {} }
        thread.giveBack()
      }
      #expect(watched == nil)
    }
  }
}
