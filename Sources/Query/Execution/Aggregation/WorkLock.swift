import Synchronization

/// A lock around work whose state lies elsewhere.
final class WorkLock: Sendable {
  private let mutex = Mutex(())

  func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mutex.withLock { _ throws(Failure) in try body() }
  }
}
