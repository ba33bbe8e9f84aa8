import ColStore
import Glibc
import Synchronization

/// Hands the batches of a pipeline to a result sink in order, holding few of them at a time.
///
/// Workers run ahead of the sink by at most a window of tasks: a worker that would be further ahead
/// waits. The worker whose task is next never waits, so the stream always moves.
final class ResultStream: @unchecked Sendable {
  private let sink: any ResultSink
  private let windowTasks: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var nextTask = 0
  private var finished: [Int: [Batch]] = [:]
  private var isStopped = false
  /// Rows still to skip, and to hand on.
  private var offset: Int
  private var remaining: Int

  init(sink: any ResultSink, windowTasks: Int, limit: Int?, offset: Int) {
    self.sink = sink
    self.windowTasks = windowTasks
    self.offset = offset
    remaining = limit ?? .max
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  /// Takes all batches of `task`; returns false once no more are wanted.
  func deliver(_ batches: [Batch], task: Int) throws(QueryError) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while task > nextTask + windowTasks && !isStopped { pthread_cond_wait(condition, mutex) }
    if isStopped { return false }
    finished[task] = batches
    do {
      while let ready = finished.removeValue(forKey: nextTask) {
        for batch in ready where remaining > 0 { try hand(batch) }
        nextTask += 1
      }
    } catch {
      isStopped = true
      pthread_cond_broadcast(condition)
      throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
    }
    if remaining == 0 { isStopped = true }
    pthread_cond_broadcast(condition)
    return !isStopped
  }

  /// Whether nothing more is wanted.
  var isDone: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return isStopped
  }

  /// Ends all waiting, after an error.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopped = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func hand(_ batch: Batch) throws {
    let skipped = min(offset, batch.rowCount)
    offset -= skipped
    let count = min(batch.rowCount - skipped, remaining)
    remaining -= count
    if count > 0 { try sink.consume(batch.slice(offset: skipped, count: count)) }
  }
}
