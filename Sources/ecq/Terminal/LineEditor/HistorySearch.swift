/// A search through the history, from the newest entry to the oldest, as Ctrl-R does it.
struct HistorySearch {
  /// What was typed before.
  let original: String
  private var part = ""
  /// The entry that is shown.
  private(set) var found: Int?
  private var hasFailed = false
  private let end: Int

  init(from original: String, at end: Int) {
    self.original = original
    self.end = end
  }

  var prompt: String { "(\(hasFailed ? "not found" : "search"): \(part)) " }

  mutating func narrow(_ history: History, _ text: String) {
    part += text
    look(history, from: (found ?? end - 1) + 1)
  }

  mutating func widen(_ history: History) {
    if !part.isEmpty { part.removeLast() }
    look(history, from: end)
  }

  mutating func goOn(_ history: History, older: Bool) {
    guard !part.isEmpty else { return }
    let next =
      older
      ? history.older(than: found ?? end, containing: part)
      : found.flatMap { history.newer(than: $0, containing: part) }
    hasFailed = next == nil
    found = next ?? found
  }

  private mutating func look(_ history: History, from index: Int) {
    let next = part.isEmpty ? nil : history.older(than: index, containing: part)
    hasFailed = next == nil && !part.isEmpty
    found = next ?? found
  }
}
