import Glibc

/// Lets numbered callers through one at a time in the order of their numbers, which start at 0.
final class Turnstile: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var current = 0
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Waits for `turn` and runs `body` in it, alone; then the next number may pass. Returns nil, and
  /// does not run `body`, once the turnstile is closed.
  func pass<Result, Failure: Error>(
    _ turn: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    pthread_mutex_lock(mutex)
    while current != turn && !isClosed { pthread_cond_wait(condition, mutex) }
    let mayPass = !isClosed
    pthread_mutex_unlock(mutex)
    guard mayPass else { return nil }
    defer {
      pthread_mutex_lock(mutex)
      current += 1
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body()
  }

  /// Turns away everyone who waits or comes later.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
