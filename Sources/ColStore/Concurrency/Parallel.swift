import CKernels
import Synchronization

/// The number of processors that this process may run on, at least 1.
public let availableProcessors = max(1, Int(ecq_available_processors()))

/// Runs `body(worker)` for every worker in `0..<workers`, each on a thread of its own (worker 0 on
/// the caller's), and returns when all have ended. Threads wait for the next call.
///
/// Workers share work by taking tickets from a ``WorkCounter``. When a worker throws, the others
/// run on until they next look at their counter; the error of the lowest worker is rethrown.
public func runWorkers(_ workers: Int, _ body: @Sendable (Int) throws -> Void) throws {
  guard workers > 1 else { return try body(0) }
  // The closure does not outlive this call: every thread is joined before it returns.
  try withoutActuallyEscaping(body) { body in
    let failures = Mutex<[Int: any Error]>([:])
    func run(_ worker: Int) {
      do { try body(worker) } catch { failures.withLock { $0[worker] = error } }
    }
    let threads = (1..<workers).map { worker in LentThread { run(worker) } }
    run(0)
    for thread in threads { thread.giveBack() }
    let first = failures.withLock { found in found.min { $0.key < $1.key } }
    if let first { throw first.value }
  }
}

/// Hands out the numbers `0..<count`, each once, in ascending order, to any number of workers.
public final class WorkCounter: Sendable {
  private let ticket = Atomic<Int>(0)
  public let count: Int

  public init(count: Int) { self.count = count }

  /// The next number, or nil when all are handed out or the work was cancelled.
  public func next() -> Int? {
    let taken = ticket.wrappingAdd(1, ordering: .relaxed).oldValue
    return taken < count ? taken : nil
  }

  /// Makes every later call of ``next()`` return nil.
  public func cancel() { ticket.store(count, ordering: .relaxed) }
}
