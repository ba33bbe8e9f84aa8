/// Lets numbered callers through one at a time in the order of their numbers, which start at 0.
final class Turnstile: Sendable {
  private struct State {
    var current = 0
    var isClosed = false
  }

  private let state = Monitor(State())

  /// Waits for `turn` and runs `body` in it, alone; then the next number may pass. Returns nil, and
  /// does not run `body`, once the turnstile is closed.
  func pass<Result, Failure: Error>(
    _ turn: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    let reached = state.wait { $0.current == turn || $0.isClosed }
    guard !reached.isClosed else { return nil }
    defer { state.change { $0.current += 1 } }
    return try body()
  }

  /// Turns away everyone who waits or comes later.
  func close() { state.change { $0.isClosed = true } }
}
