import Glibc
import Testing

/// Every file of Tests/slt, under every configuration.
@Suite struct SQLLogicTests {
  private static let root: String = {
    let here = #filePath
    return here.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" } + "/slt"
  }()

  private static let files = paths(below: root).filter { $0.hasSuffix(".slt") }.sorted()

  @Test func thereAreFiles() { #expect(Self.files.count > 3) }

  @Test(arguments: files.filter { !isLarge($0) }, Configuration.all)
  func everyRecordIsAsExpected(path: String, configuration: Configuration) throws {
    try run(path, configuration)
  }

  /// What is done otherwise with many rows.
  @Test(arguments: files.filter(isLarge), Configuration.large)
  func everyRecordOfManyRowsIsAsExpected(path: String, configuration: Configuration) throws {
    try run(path, configuration)
  }

  private static func isLarge(_ path: String) -> Bool { path.hasPrefix("large/") }

  private func run(_ path: String, _ configuration: Configuration) throws {
    let folder = try Self.makeFolder()
    defer { Self.remove(folder) }
    let text = try #require(Self.read("\(Self.root)/\(path)"))
    var runner = SQLLogicRunner(
      configuration: configuration, folder: folder, fixtures: "\(Self.root)/fixtures")
    try runner.run(try SQLLogicFile(text: text))
    #expect(runner.recordCount > 0)
    for failure in runner.failures { Issue.record("\(path), \(failure)") }
    print("slt: \(runner.recordCount) records of \(path), \(configuration)")
  }

  /// The runner must see what is wrong: a test that cannot fail tests nothing.
  @Test(
    arguments: [
      "query I\nSELECT 1\n----\n2\n", "query I\nSELECT 1\n----\n1\n1\n",
      "query I\nSELECT 1\n----\n",
      "query II\nSELECT 1\n----\n1\n", "query T\nSELECT NULL\n----\n(empty)\n",
      "query R\nSELECT 1.0e0\n----\n1.00000000001\n", "statement ok\nSELEC 1\n",
      "statement error .*\nSELECT 1\n", "statement error no such words\nSELEC 1\n",
    ])
  func whatIsWrongIsSeen(text: String) throws {
    var runner = SQLLogicRunner(configuration: Configuration.all[0], folder: "", fixtures: "")
    try runner.run(try SQLLogicFile(text: text))
    #expect(runner.failures.count == 1)
  }

  @Test(arguments: ["querry I\nSELECT 1\n", "query I somesort\nSELECT 1\n----\n1\n", "load\n"])
  func badDirectivesAreErrors(text: String) {
    #expect(throws: SQLLogicFile.FormatError.self) { try SQLLogicFile(text: text) }
  }

  // MARK: - Files

  private static func paths(below folder: String, prefix: String = "") -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      if Int32(entry.pointee.d_type) == Int32(DT_DIR) {
        found += paths(below: "\(folder)/\(name)", prefix: "\(prefix)\(name)/")
      } else {
        found.append(prefix + name)
      }
    }
    return found
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func makeFolder() throws -> String {
    var template = Array("/tmp/ecq-slt-XXXXXX".utf8CString)
    let made = mkdtemp(&template) != nil
    try #require(made)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func remove(_ folder: String) {
    for name in paths(below: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
}
