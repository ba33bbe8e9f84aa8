import ColStore
import Query

/// Calls `body(0)` … `body(count - 1)` on up to `threads` threads.
func inParallel(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(QueryError) -> Void
) throws(QueryError) {
  let counter = WorkCounter(count: count)
  do {
    try runWorkers(max(1, min(threads, count))) { _ in
      while let index = counter.next() {
        do throws(QueryError) { try body(index) } catch {
          counter.cancel()
          throw error
        }
      }
    }
  } catch {
    throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
  }
}
