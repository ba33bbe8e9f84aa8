import Glibc
import Synchronization

/// Work in numbered parts that is done once, by all threads that need its outcome: each takes parts
/// until none is left, then waits for the others.
final class SharedWork: @unchecked Sendable {
  private let counter: WorkCounter
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var partsLeft: Int
  private var failure: StoreError?

  init(parts: Int) {
    counter = WorkCounter(count: parts)
    partsLeft = parts
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Takes part in the work, and returns when all of it is done; throws where some part failed.
  func join(_ part: (Int) throws(StoreError) -> Void) throws(StoreError) {
    while let number = counter.next() {
      var problem: StoreError?
      do throws(StoreError) { try part(number) } catch { problem = error }
      pthread_mutex_lock(mutex)
      failure = failure ?? problem
      partsLeft -= 1
      if partsLeft == 0 { pthread_cond_broadcast(condition) }
      pthread_mutex_unlock(mutex)
    }
    pthread_mutex_lock(mutex)
    while partsLeft > 0 { pthread_cond_wait(condition, mutex) }
    let found = failure
    pthread_mutex_unlock(mutex)
    if let found { throw found }
  }
}
