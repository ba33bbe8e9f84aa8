/// Work in numbered parts that is done once, by all threads that need its outcome: each takes parts
/// until none is left, then waits for the others.
final class SharedWork: Sendable {
  private struct State {
    var partsLeft: Int
    var failure: StoreError?
  }

  private let counter: WorkCounter
  private let state: Monitor<State>

  init(parts: Int) {
    counter = WorkCounter(count: parts)
    state = Monitor(State(partsLeft: parts))
  }

  /// Takes part in the work, and returns when all of it is done; throws where some part failed.
  func join(_ part: (Int) throws(StoreError) -> Void) throws(StoreError) {
    while let number = counter.next() {
      var problem: StoreError?
      do throws(StoreError) { try part(number) } catch { problem = error }
      state.change { state in
        state.failure = state.failure ?? problem
        state.partsLeft -= 1
      }
    }
    if let failure = state.wait(until: { $0.partsLeft == 0 }).failure { throw failure }
  }
}
