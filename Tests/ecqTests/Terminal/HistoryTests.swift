import Glibc
import Testing

@testable import ecq

@Suite struct HistoryTests {
  @Test(arguments: ["SELECT 1;", "a\nb", "\\d", "a\\nb\n", "日本\n\n"])
  func entriesAreLines(text: String) {
    let line = History.encoded(text)
    #expect(!line.contains("\n"))
    #expect(History.decoded(line) == text)
  }

  @Test func isSearchedFromTheEnd() {
    let history = History(path: nil)
    for text in ["SELECT apple", "SELECT banana", "select Apple", "select Apple", " hidden", "  "] {
      history.add(text)
    }
    #expect(history.entries == ["SELECT apple", "SELECT banana", "select Apple"])
    #expect(history.older(than: 3, containing: "apple") == 2)
    #expect(history.older(than: 2, containing: "apple") == 0)
    #expect(history.older(than: 0, containing: "apple") == nil)
    #expect(history.newer(than: 0, containing: "APPLE") == 2)
  }

  @Test func isKeptInAFileOfItsOwner() throws {
    let path = "/tmp/ecq-history-\(getpid())/deep/history"
    defer {
      for part in [path, "/tmp/ecq-history-\(getpid())/deep", "/tmp/ecq-history-\(getpid())"] {
        remove(part)
      }
    }
    History(path: path).add("SELECT 1,\n2;")
    History(path: path).add("SELECT 3;")
    #expect(History(path: path).entries == ["SELECT 1,\n2;", "SELECT 3;"])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }
}
