import ColStore
import Glibc
import Synchronization

/// Whose time it is on each thread: from one hand-over to the next it belongs to one operator.
final class OperatorClock: Sendable {
  private struct Turn {
    var owner: OperatorProfile?
    /// Nanoseconds since the clock was made.
    var since: Int
  }

  private let watch = Stopwatch()
  private let turns = Mutex<[pthread_t: Turn]>([:])

  /// The operator that the calling thread works for.
  var current: OperatorProfile? {
    let thread = pthread_self()
    return turns.withLock { $0[thread]?.owner }
  }

  /// From now on the thread works for `next`; returns whom it worked for before.
  @discardableResult
  func hand(to next: OperatorProfile?) -> OperatorProfile? {
    let now = watch.nanoseconds
    let thread = pthread_self()
    let last = turns.withLock { $0.updateValue(Turn(owner: next, since: now), forKey: thread) }
    guard let last, let owner = last.owner else { return nil }
    owner.addTime(UInt64(now - last.since))
    return owner
  }
}
