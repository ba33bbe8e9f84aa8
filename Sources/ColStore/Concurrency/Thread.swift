import Glibc
import Synchronization

/// A joinable POSIX thread that runs one closure.
struct Thread {
  private final class Start {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private var handle = pthread_t()

  /// Nil where no thread can be made.
  init?(_ body: @escaping () -> Void) {
    let start = Unmanaged.passRetained(Start(body))
    let status = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    if status != 0 {
      start.release()
      return nil
    }
  }

  func join() { pthread_join(handle, nil) }
}

/// A thread that is lent for one closure, and waits for another when that has ended: making a thread
/// takes longer than some statements.
struct LentThread {
  /// Nil where no thread could be made: the closure has then run already, on the caller's.
  private let helper: Helper?

  init(_ body: @escaping () -> Void) {
    helper = Self.idle.withLock { $0.popLast() } ?? Helper()
    if let helper { helper.start(body) } else { body() }
  }

  /// Waits for the end of the closure, and gives the thread back.
  func giveBack() {
    guard let helper else { return }
    helper.waitUntilIdle()
    let isKept = Self.idle.withLock { idle in
      guard idle.count < availableProcessors else { return false }
      idle.append(helper)
      return true
    }
    if !isKept { helper.end() }
  }

  private static let idle = Mutex<[Helper]>([])

  private final class Helper: @unchecked Sendable {
    private enum State {
      case idle
      case given(() -> Void)
      case running
      case ended

      var isIdle: Bool { if case .idle = self { true } else { false } }
      var isRunning: Bool { if case .running = self { true } else { false } }
    }

    private let state = Monitor(State.idle)
    private let thread: Thread

    init?() {
      let state = self.state
      let thread = Thread {
        while Self.runNext(state) { state.change { $0 = .idle } }
      }
      guard let thread else { return nil }
      self.thread = thread
    }

    /// Runs the next closure, and lets go of it before anybody is told that it has ended; false where
    /// there will be none.
    @inline(never)
    private static func runNext(_ state: Monitor<State>) -> Bool {
      let body = state.wait(
        until: { !$0.isIdle && !$0.isRunning },
        change: { state -> (() -> Void)? in
          guard case .given(let body) = state else { return nil }
          state = .running
          return body
        })
      guard let body else { return false }
      body()
      return true
    }

    func start(_ body: @escaping () -> Void) { state.change { $0 = .given(body) } }

    func waitUntilIdle() { _ = state.wait(until: \.isIdle) }

    func end() {
      state.change { $0 = .ended }
      thread.join()
    }
  }
}
