/// What could stand at the cursor.
struct Completion: Equatable {
  struct Candidate: Equatable {
    /// What is put in.
    let text: String
    /// What is shown in a list.
    let label: String

    init(_ text: String, label: String? = nil) {
      self.text = text
      self.label = label ?? text
    }
  }

  /// The bytes of the text that a candidate replaces.
  let range: Range<Int>
  let candidates: [Candidate]

  static let none = Completion(range: 0..<0, candidates: [])

  /// The beginning that all candidates share, whatever its case; of the first one.
  var commonPrefix: String {
    guard let first = candidates.first else { return "" }
    var prefix = Array(first.text)
    for candidate in candidates.dropFirst() {
      let same = zip(prefix, candidate.text).prefix { $0.lowercased() == $1.lowercased() }
      prefix = Array(prefix.prefix(same.count))
    }
    return String(prefix)
  }
}

/// Candidates below the text, in columns; Tab goes from one to the next.
struct CompletionMenu {
  let completion: Completion
  /// Nil: none has been chosen yet.
  private(set) var chosen: Int?
  private static let rowsMax = 8

  init(_ completion: Completion) { self.completion = completion }

  mutating func choose(next isForward: Bool) -> Completion.Candidate {
    let count = completion.candidates.count
    let next =
      chosen.map { ($0 + (isForward ? 1 : count - 1)) % count } ?? (isForward ? 0 : count - 1)
    chosen = next
    return completion.candidates[next]
  }

  /// The rows of a terminal `columns` wide, as pieces; `rowsMax` at most, those around the chosen one.
  func rows(columns: Int, rowsMax: Int) -> [[(text: String, style: TextStyle)]] {
    let labels = completion.candidates.map(\.label)
    let widest = min(labels.map(displayWidth).max() ?? 0, columns - 2)
    let perRow = max(1, (columns - 1) / (widest + 2))
    let rowCount = (labels.count + perRow - 1) / perRow
    let shownMax = max(1, min(Self.rowsMax, rowsMax - 1))
    let chosenRow = (chosen ?? 0) / perRow
    let first = min(max(0, chosenRow - shownMax / 2), max(0, rowCount - shownMax))
    var rows: [[(text: String, style: TextStyle)]] = []
    for row in first..<min(first + shownMax, rowCount) {
      var pieces: [(text: String, style: TextStyle)] = []
      for index in row * perRow..<min((row + 1) * perRow, labels.count) {
        let label = labels[index]
        pieces.append((label, index == chosen ? .chosen : .plain))
        pieces.append(
          (String(repeating: " ", count: max(2, widest + 2 - displayWidth(label))), .plain))
      }
      rows.append(pieces)
    }
    if rowCount > shownMax {
      let count = labels.count
      rows.append([("\(counted(count, "candidate")): Tab goes on, type more to narrow", .faint)])
    }
    return rows
  }
}
