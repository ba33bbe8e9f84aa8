import ColStore
import Glibc
import Synchronization

/// A line on standard error that shows how far long work has come; nothing off a terminal.
final class ProgressBar: Sendable {
  private struct State {
    var lastDrawn = 0.0
    var isDrawn = false
  }

  private let title: String
  private let isShown: Bool
  private let width: Int
  private let started = Stopwatch()
  private let state = Mutex(State())
  private static let secondsBetweenDraws = 0.1

  init(_ title: String, terminal: Terminal) {
    self.title = title
    isShown = terminal.isErrorTerminal
    width = terminal.width
  }

  /// Shows that `done` of `total` units are done; `detail` says more, for example a rate.
  func update(_ done: Int, of total: Int, detail: (_ seconds: Double) -> String) {
    guard isShown else { return }
    state.withLock { state in
      let seconds = started.seconds
      guard seconds - state.lastDrawn >= Self.secondsBetweenDraws else { return }
      state.lastDrawn = seconds
      state.isDrawn = true
      let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
      let left = share > 0 ? seconds / share - seconds : 0
      draw(share, detail(seconds) + (share > 0 ? ", \(durationText(left)) left" : ""))
    }
  }

  private func draw(_ share: Double, _ detail: String) {
    let cells = 24
    let full = Int(share * Double(cells))
    let bar =
      String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
    let line = "\(title) \(bar) \(Int(share * 100))%  \(detail)"
    writeToStandardError("\r" + String(line.prefix(max(20, width - 1))) + "\u{1b}[K")
  }

  /// Removes the line.
  func finish() {
    state.withLock { state in
      if state.isDrawn { writeToStandardError("\r\u{1b}[K") }
      state.isDrawn = false
    }
  }
}

/// `7 s`, `3 min 20 s`.
func durationText(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
  return whole < 100 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}
