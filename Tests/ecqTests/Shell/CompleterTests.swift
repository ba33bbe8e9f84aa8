import Query
import Testing

@testable import ecq

/// A shop with two tables and three files.
private struct SampleCatalog: Catalog {
  let tables = [
    (name: "events", columns: ["event_time", "event_type", "user_id"]),
    (name: "2019-Oct", columns: ["price", "group"]),
  ]
  let functions = ["count", "date_trunc", "sum"]
  let keywords = Database.keywords
  let parameters = ["brand", "day"]

  func files(startingWith path: String) -> [String] {
    ["data/", "events.ecq", "notes.txt", "october.csv"].filter { $0.hasPrefix(path) }
  }
}

@Suite struct CompleterTests {
  /// The candidates at the mark `|`.
  private func candidates(_ marked: String) throws -> [String] {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.joined()
    let completion = Completer(SampleCatalog()).completion(of: text, at: parts[0].utf8.count)
    return completion.candidates.map(\.text)
  }

  @Test(arguments: [
    ("SEL|", ["SELECT"]), ("sel|", ["select"]), ("SELECT event_ti|", ["event_time"]),
    ("SELECT pri|ce FROM events", ["primary"]),
    ("SELECT pri| FROM \"2019-Oct\"", ["price", "primary"]),
    ("SELECT * FROM |", ["events", "\"2019-Oct\""]), ("SELECT * FROM ev|", ["events"]),
    ("SELECT 1; SELECT * FROM a JOIN ev|", ["events"]),
    ("FROM events AS e SELECT e.us|", ["user_id"]),
    ("FROM events e SELECT e.|", ["event_time", "event_type", "user_id"]),
    ("SELECT \"2019-Oct\".gr|", ["\"group\""]), ("SELECT date_|", ["date_trunc("]),
    ("SELECT cou|(*)", ["count("]), ("FROM 'oct|", ["october.csv"]),
    ("FROM '|", ["data/", "events.ecq", "october.csv"]),
    ("SELECT 'oct|", []), ("SELECT read_csv('oct|", ["october.csv"]), ("SELECT $b|", ["brand"]),
    ("SELECT 1 -- SEL|", []),
    ("SELECT sum(x), ev| FROM events", ["event_time", "event_type", "events"]),
    (".tab|", [".tables"]), (".mode js|", ["json", "jsonl"]), (".schema ev|", ["events"]),
    (".read no|", ["notes.txt"]), (".cd |", ["data/"]), (".help ope|", ["open"]),
    (".explain SELECT event_ti|", ["event_time"]),
    (".timer o|", ["on", "off"]),
  ])
  func findsWhatFits(marked: String, expected: [String]) throws {
    #expect(try candidates(marked) == expected)
  }

  @Test func replacesTheWordAlone() {
    let completion = Completer(SampleCatalog()).completion(
      of: "SELECT 'é', user_ FROM events", at: 18)
    #expect(completion.range == 13..<18)
    #expect(completion.candidates.map(\.text) == ["user_id"])
  }

  @Test func whatAllCandidatesShare() {
    let names = ["event_time", "EVENT_type", "events"].map { Completion.Candidate($0) }
    #expect(Completion(range: 0..<1, candidates: names).commonPrefix == "event")
    #expect(Completion.none.commonPrefix == "")
  }
}
