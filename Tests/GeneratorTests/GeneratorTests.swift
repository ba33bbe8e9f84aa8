import Glibc
import Testing

@testable import Generator

@Suite("Generated files")
struct GeneratorTests {
  private func generate(
    _ rows: Int, seed: UInt64 = 42, threads: Int = 2
  ) throws -> (directory: TemporaryDirectory, october: [UInt8], november: [UInt8]) {
    let directory = TemporaryDirectory()
    try ClickstreamGenerator(rows: rows, seed: seed, threads: threads).write(to: directory.path)
    return (directory, directory.read("2019-Oct.csv"), directory.read("2019-Nov.csv"))
  }

  private func lineCount(_ bytes: [UInt8]) -> Int { bytes.count { $0 == UInt8(ascii: "\n") } }

  @Test("Bytes do not depend on the threads", arguments: [1, 3, 8])
  func threads(threads: Int) throws {
    let reference = try generate(400_000, threads: 2)
    let other = try generate(400_000, threads: threads)
    #expect(reference.october == other.october)
    #expect(reference.november == other.november)
  }

  @Test("Another seed gives other rows of the same number")
  func seeds() throws {
    let first = try generate(5_000, seed: 1)
    let second = try generate(5_000, seed: 2)
    #expect(first.october != second.october)
    #expect(lineCount(first.october) == lineCount(second.october))
  }

  @Test(
    "Row counts are exact",
    arguments: [
      (0, 0, 0), (1, 0, 1), (2, 1, 1), (7, 3, 4), (1_000, 386, 614), (262_144, 101_206, 160_938),
    ])
  func rowCounts(rows: Int, october: Int, november: Int) throws {
    let files = try generate(rows)
    #expect(lineCount(files.october) == october + 1)
    #expect(lineCount(files.november) == november + 1)
  }

  @Test("The split at full size is the published one")
  func fullSplit() {
    let generator = ClickstreamGenerator(rows: ClickstreamGenerator.fullRows)
    #expect(generator.octoberRows == 42_448_764)
  }

  @Test("Only the two complete files are left in the directory, which is made")
  func fileNames() throws {
    let directory = TemporaryDirectory()
    let nested = "\(directory.path)/a"
    try ClickstreamGenerator(rows: 10).write(to: nested)
    #expect(directory.names == ["a"])
    let again = "\(directory.path)/a/2019-Oct.csv"
    #expect(throws: GeneratorError.self) { try ClickstreamGenerator(rows: 10).write(to: again) }
    removeTree(nested)
  }

  @Test("Progress rises to the number of rows")
  func progress() throws {
    let directory = TemporaryDirectory()
    let seen = TurnTaking([Int]())
    try ClickstreamGenerator(rows: 300_000, threads: 2).write(to: directory.path) { rows in
      seen.change { $0.append(rows) }
    }
    let values = seen.change { $0 }
    #expect(values.last == 300_000)
    #expect(values == values.sorted())
    #expect(values.count > 2)
  }

  @Test("The header and the first row have the nine columns of the real files")
  func header() throws {
    let files = try generate(100)
    let lines = files.october.split(separator: UInt8(ascii: "\n"))
    let header =
      "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
    #expect(lines[0].elementsEqual(header.utf8))
    #expect(!files.october.contains(UInt8(ascii: "\r")))
    #expect(lines[1].starts(with: "2019-10-".utf8))
  }
}

/// Removes a directory that holds the two files alone.
private func removeTree(_ path: String) {
  for name in ClickstreamGenerator.fileNames { unlink("\(path)/\(name)") }
  rmdir(path)
}
