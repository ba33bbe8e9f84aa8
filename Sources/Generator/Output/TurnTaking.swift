import Glibc

/// A lock with a state behind it and a way to wait for the state to change.
final class TurnTaking<State: ~Copyable>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Read and changed while the lock is held, by `body` of the methods below alone.
  private var state: State

  init(_ state: consuming State) {
    self.state = state
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Waits until `ready`, then runs `body` on the state and wakes all that wait.
  func change<Result>(
    when ready: (borrowing State) -> Bool = { _ in true }, _ body: (inout State) throws -> Result
  ) rethrows -> Result {
    pthread_mutex_lock(lock)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
    while !ready(state) { pthread_cond_wait(changed, lock) }
    return try body(&state)
  }
}
