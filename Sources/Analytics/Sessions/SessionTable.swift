import ColStore
import Query

/// The sessions of a part of the input, as they were found.
struct SessionPart: Sendable {
  let number: Int
  let columns: [NarrowColumn]
  /// For each place that was kept free: before which row it is.
  let reserved: [Int]
}

/// All sessions of an input, in parts.
///
/// Where the rows of sessions lie together in the input, parts come in the order of the input. The
/// sessions whose rows had been set aside are put into the places that were kept free for them when a
/// part is asked for.
final class SessionTable: Sendable {
  /// The fields, and where the session comes in the store.
  static let width = SessionField.allCases.count + 1
  static let orderColumn = SessionField.allCases.count

  private struct Part: Sendable {
    let columns: [NarrowColumn]
    /// Rows of the part, and where the first of them comes.
    private(set) var pieces: [(rows: Range<Int>, target: Int)] = []
    /// Sessions that had been set aside, and where each comes.
    private(set) var late: [(row: Int, target: Int)] = []
    private(set) var count = 0

    /// - Parameter late: The rows of the sessions for its free places, by the number of the place.
    init(_ part: SessionPart, late: [(place: Int, row: Int)]) {
      columns = part.columns
      var start = 0
      for session in late {
        add(start..<part.reserved[session.place])
        start = part.reserved[session.place]
        self.late.append((session.row, count))
        count += 1
      }
      add(start..<(columns.first?.count ?? 0))
    }

    private mutating func add(_ rows: Range<Int>) {
      if rows.isEmpty { return }
      pieces.append((rows, count))
      count += rows.count
    }
  }

  private let parts: [Part]
  /// The sessions that had been set aside.
  private let late: Unshared<WideRows>
  /// Whether parts and their rows are in the order of the store.
  let isOrdered: Bool
  /// The number of the first session of each part, and of all.
  let firsts: [Int]
  let count: Int

  init(_ outcome: UnitGrouping<SessionCollector>.Outcome) throws(QueryError) {
    let found = outcome.consumers.flatMap { $0.takeParts() }.sorted { $0.number < $1.number }
    isOrdered = outcome.clusteredParts > 0
    let rows = WideRows(width: Self.width)
    var places = [[(place: Int, row: Int)]](repeating: [], count: outcome.clusteredParts)
    var parts: [Part] = []
    if isOrdered {
      let late = found.filter { $0.number >= outcome.clusteredParts }
      for part in late { try rows.append(part.columns) }
      for row in 0..<rows.count {
        let order = rows.columns[Self.orderColumn][row]
        places[Int(order >> 32)].append((Int(UInt32(truncatingIfNeeded: order)), row))
      }
      for part in found.dropLast(late.count) {
        let late = places[part.number].sorted { ($0.place, $0.row) < ($1.place, $1.row) }
        parts.append(Part(part, late: late))
      }
    } else {
      parts = found.map { Part($0, late: []) }
    }
    self.parts = parts
    late = Unshared([rows])
    var total = 0
    firsts = parts.map { part in
      defer { total += part.count }
      return total
    }
    count = total
  }

  var partCount: Int { parts.count }

  func count(ofPart part: Int) -> Int { parts[part].count }

  /// The sessions of a part, in order.
  func load(part: Int) throws(QueryError) -> WideRows {
    let rows = WideRows(width: Self.width)
    rows.resize(to: parts[part].count)
    for column in 0..<Self.width { try copy(column, ofPart: part, to: rows.columns[column]) }
    return rows
  }

  func copy(
    _ field: SessionField, ofPart part: Int, to output: UnsafeMutablePointer<Int64>
  ) throws(QueryError) {
    try copy(field.rawValue, ofPart: part, to: output)
  }

  /// Where each session of a part comes, in a table that is not ordered.
  func copyOrder(ofPart part: Int, to output: UnsafeMutablePointer<Int64>) throws(QueryError) {
    try copy(Self.orderColumn, ofPart: part, to: output)
  }

  private func copy(
    _ column: Int, ofPart number: Int, to output: UnsafeMutablePointer<Int64>
  ) throws(QueryError) {
    let part = parts[number]
    try part.columns[column].copy(part.pieces, to: output)
    let late = late[0].columns[column]
    for session in part.late { output[session.target] = late[session.row] }
  }
}
