import ColStore
import Glibc
import Synchronization

/// Looks at the process's private memory again and again while some work is done.
enum MemoryWatch {
  private static let microsecondsBetweenLooks: UInt32 = 50_000

  /// Runs `work`, and returns the most bytes that were held at a look.
  static func peak(during work: () throws -> Void) throws -> Int {
    let isOver = Atomic<Bool>(false)
    let peak = Atomic<Int>(privateMemoryBytes())
    var failure: (any Error)?
    try withoutActuallyEscaping(work) { work in
      let box = UncheckedWork(run: work)
      let failed = Mutex<(any Error)?>(nil)
      try runWorkers(2) { worker in
        if worker == 0 {
          defer { isOver.store(true, ordering: .releasing) }
          do { try box.run() } catch { failed.withLock { $0 = error } }
        } else {
          while !isOver.load(ordering: .acquiring) {
            let bytes = privateMemoryBytes()
            if bytes > peak.load(ordering: .relaxed) { peak.store(bytes, ordering: .relaxed) }
            usleep(microsecondsBetweenLooks)
          }
        }
      }
      failure = failed.withLock { $0 }
    }
    if let failure { throw failure }
    return peak.load(ordering: .relaxed)
  }

  /// Work that one thread alone runs.
  private struct UncheckedWork: @unchecked Sendable {
    let run: () throws -> Void
  }
}
