/// A file of SQL statements and the results they must have, in the manner of sqllogictest.
///
///     load NAME [FIXTURE.csv] [in-order]
///                                  ingest Tests/slt/fixtures/FIXTURE.csv (default NAME.csv) as NAME;
///                                  rows stay in the order of the file
///     statement ok                 the SQL up to the next empty line must run
///     statement error REGEX        … must fail with a message that the expression finds
///     query TYPES [nosort|rowsort|valuesort]
///                                  … must give the rows under `----`, up to the next empty line
///     skipif duckdb                the next record is ours alone: the oracle does not run it
///     with                         the SQL up to the next empty line, `NAME AS (…)`, is put before all
///                                  queries that follow
///
/// TYPES has a letter a column: I and T compare as text, R as numbers with relative tolerance 1e-12.
/// Values of a row are separated by tabs; NULL is `NULL`, the empty text `(empty)`.
struct SQLLogicFile {
  enum Sorting: String {
    case nosort
    case rowsort
    case valuesort
  }

  enum Expectation {
    case success
    case failure(pattern: String)
    case rows(types: [Character], sorting: Sorting, expected: [[String]])
  }

  struct Record {
    let line: Int
    let sql: String
    let expectation: Expectation
  }

  enum Step {
    case load(name: String, fixture: String, isInOrder: Bool)
    case record(Record)
  }

  struct FormatError: Error, CustomStringConvertible {
    let line: Int
    let message: String
    var description: String { "line \(line): \(message)" }
  }

  private(set) var steps: [Step] = []

  init(text: String) throws(FormatError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var at = 0
    var before = ""
    while at < lines.count {
      let line = lines[at]
      at += 1
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, !first.hasPrefix("#"), first != "skipif" else { continue }
      let start = at
      switch first {
      case "load" where (2...4).contains(words.count):
        let isInOrder = words.last == "in-order"
        let named = words.dropFirst(2).dropLast(isInOrder ? 1 : 0)
        steps.append(
          .load(
            name: words[1], fixture: named.first ?? words[1] + ".csv", isInOrder: isInOrder))
      case "with" where words.count == 1: before = "WITH \(Self.block(lines, &at, until: nil))\n"
      case "statement" where words.count == 2 && words[1] == "ok":
        let sql = Self.block(lines, &at, until: nil)
        steps.append(.record(Record(line: start, sql: sql, expectation: .success)))
      case "statement" where words.count >= 3 && words[1] == "error":
        let pattern = words.dropFirst(2).joined(separator: " ")
        let sql = Self.block(lines, &at, until: nil)
        steps.append(
          .record(Record(line: start, sql: sql, expectation: .failure(pattern: pattern))))
      case "query" where words.count == 2 || words.count == 3:
        guard let sorting = Sorting(rawValue: words.count == 3 ? words[2] : "nosort") else {
          throw FormatError(line: start, message: "there is no sorting \"\(words[2])\"")
        }
        let sql = before + Self.block(lines, &at, until: "----")
        let expected = Self.block(lines, &at, until: nil)
        let rows = expected.isEmpty ? [] : expected.split(separator: "\n").map(Self.cells)
        steps.append(
          .record(
            Record(
              line: start, sql: sql,
              expectation: .rows(types: Array(words[1]), sorting: sorting, expected: rows))))
      default:
        throw FormatError(line: start, message: "not a directive: \(line)")
      }
    }
  }

  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }

  /// The lines up to an empty one, or up to `mark`, which is skipped.
  private static func block(_ lines: [String], _ at: inout Int, until mark: String?) -> String {
    var taken: [String] = []
    while at < lines.count {
      let line = lines[at]
      at += 1
      if line == mark || (mark == nil && line.isEmpty) { break }
      taken.append(line)
    }
    return taken.joined(separator: "\n")
  }
}
