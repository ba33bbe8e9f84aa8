import ColStore
import Glibc
import Synchronization

/// Threads that stay for many short rounds of work, which would cost more to start than to do.
final class WorkerTeam: @unchecked Sendable {
  let workers: Int
  private let round = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let isClosed = Atomic<Bool>(false)
  /// What the current round does; written before `round` rises, read after.
  private var body: ((Int) -> Void)?

  private init(workers: Int) { self.workers = workers }

  /// Runs `body` with a team of that many workers, the caller among them.
  static func with(
    workers: Int, _ body: @Sendable (WorkerTeam) throws(ModelError) -> Void
  ) throws(ModelError) {
    let team = WorkerTeam(workers: max(1, workers))
    do {
      try runWorkers(team.workers) { worker in
        if worker > 0 { return team.serve(worker) }
        defer { team.isClosed.store(true, ordering: .releasing) }
        try body(team)
      }
    } catch {
      throw (error as? ModelError) ?? ModelError("\(error)")
    }
  }

  /// Runs `body(worker)` on every worker and returns when all are done.
  func run(_ body: (Int) -> Void) {
    guard workers > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      self.body = body
      finished.store(0, ordering: .relaxed)
      round.wrappingAdd(1, ordering: .releasing)
      body(0)
      Self.wait { finished.load(ordering: .acquiring) == workers - 1 }
      self.body = nil
    }
  }

  private func serve(_ worker: Int) {
    var seen = 0
    while true {
      Self.wait {
        round.load(ordering: .acquiring) != seen || isClosed.load(ordering: .acquiring)
      }
      let current = round.load(ordering: .acquiring)
      if current == seen { return }
      seen = current
      body?(worker)
      finished.wrappingAdd(1, ordering: .releasing)
    }
  }

  /// Looks again and again for a moment, then lets others have the processor, then sleeps.
  private static func wait(until isDone: () -> Bool) {
    var looks = 0
    while !isDone() {
      looks += 1
      if looks > 20_000 {
        usleep(50)
      } else if looks > 2_000 {
        sched_yield()
      }
    }
  }
}
