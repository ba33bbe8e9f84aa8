import ColStore
import Glibc
import Synchronization

/// A line on standard error that shows how far long work has come, how fast it goes, and how long it
/// will take; nothing off a terminal.
///
/// ```
/// let bar = ProgressBar("train", terminal: terminal)
/// defer { bar.finish() }
/// bar.update(rounds, of: 100, unit: "round")    // from any thread, as often as one likes
/// ```
final class ProgressBar: Sendable {
  private struct State {
    var started = Stopwatch()
    var lastDrawn = 0.0
    var isDrawn = false
    var isHidden = false
    var pace = Pace()
  }

  private let title: String
  private let isShown: Bool
  private let delay: Double
  private let state = Mutex(State())
  private static let secondsBetweenDraws = 0.1

  /// - Parameter delay: Seconds before the line appears; what is over sooner needs none.
  init(_ title: String, terminal: Terminal, delay: Double = 0.3) {
    self.title = title
    self.delay = delay
    isShown = terminal.isErrorTerminal
  }

  /// Shows that `done` of `total` units are done; `detail` says more, for example a rate.
  func update(_ done: Int, of total: Int, detail: (_ seconds: Double) -> String) {
    guard isShown else { return }
    state.withLock { state in
      let seconds = state.started.seconds
      guard !state.isHidden, seconds >= delay,
        seconds - state.lastDrawn >= Self.secondsBetweenDraws
      else { return }
      state.lastDrawn = seconds
      state.isDrawn = true
      let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
      state.pace.note(share, at: seconds)
      draw(share, detail(seconds), left: state.pace.secondsLeft(from: share))
    }
  }

  /// As the other, with the units done and their rate.
  func update(_ done: Int, of total: Int, unit: String) {
    update(done, of: total) { seconds in
      let rate = Double(done) / seconds
      let rateText = rate >= 100 ? grouped(Int(rate)) : fixed(rate, 1)
      return "\(grouped(done)) of \(counted(total, unit)), \(rateText)/s"
    }
  }

  private func draw(_ share: Double, _ detail: String, left: Double?) {
    let width = TerminalSize.errorColumns - 1
    var line = "\(title) \(Int(share * 100))%  \(detail)"
    if let left, share < 1 { line += ", \(durationText(left)) left" }
    // The bar is what is left out first where there is little room.
    let cells = min(24, width - displayWidth(line) - 1)
    if cells >= 8 {
      let full = Int(share * Double(cells))
      line.insert(
        contentsOf: String(repeating: "█", count: full)
          + String(repeating: "░", count: cells - full) + " ",
        at: line.index(line.startIndex, offsetBy: title.count + 1))
    }
    Interruption.showsProgress.store(true, ordering: .relaxed)
    writeToStandardError("\r" + String(line.prefix(max(1, width))) + "\u{1b}[K")
  }

  /// Removes the line, which does not come again: the work is done, or its output begins.
  func finish() {
    state.withLock { state in
      if state.isDrawn {
        writeToStandardError("\r\u{1b}[K")
        Interruption.showsProgress.store(false, ordering: .relaxed)
      }
      state.isDrawn = false
      state.isHidden = true
    }
  }

  /// Begins anew, for the next piece of work.
  func restart() {
    finish()
    state.withLock { $0 = State() }
  }
}

/// How fast work goes lately, as shares of the whole a second.
struct Pace {
  private var rate: Double?
  private var last = (share: 0.0, seconds: 0.0)
  /// Seconds after which what was measured counts for a third.
  private static let memory = 4.0

  mutating func note(_ share: Double, at seconds: Double) {
    let passed = seconds - last.seconds
    guard passed > 0, share >= last.share else { return }
    let now = (share - last.share) / passed
    let weight = Glibc.exp(-passed / Self.memory)
    rate = rate.map { weight * $0 + (1 - weight) * now } ?? now
    last = (share, seconds)
  }

  /// Nil while nothing is known.
  func secondsLeft(from share: Double) -> Double? {
    rate.flatMap { $0 > 0 ? (1 - share) / $0 : nil }
  }
}

/// `7 s`, `3 min 20 s`, `2 h 5 min`.
func durationText(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
  if whole < 100 { return "\(whole) s" }
  return whole < 6000
    ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
}
