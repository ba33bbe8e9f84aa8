import ColStore
import Synchronization

/// The results of `body(0)` … `body(count - 1)`, in that order, computed by up to `threads` threads.
func inParallel<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) throws(ModelError) -> [Result] {
  let results = Mutex([Result?](repeating: nil, count: count))
  let work = WorkCounter(count: count)
  do {
    try runWorkers(max(1, min(threads, count))) { _ in
      while let place = work.next() {
        let result = body(place)
        results.withLock { $0[place] = result }
      }
    }
  } catch {
    throw ModelError("\(error)")
  }
  return results.withLock { $0.compactMap { $0 } }
}
