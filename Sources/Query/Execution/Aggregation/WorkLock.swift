import Synchronization

/// A lock around work whose state lies elsewhere.
final class WorkLock: Sendable {
  private let mutex = Mutex(())

  func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    try mutex.withLock { _ in try body() }
  }
}
