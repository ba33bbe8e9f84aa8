import Testing

@testable import ColStore

/// A damaged store ends in an error that names the file; it never traps and never answers wrongly.
@Suite struct DamageTests {
  private func makeStore(_ folder: TemporaryFolder) throws -> [UInt8] {
    let file = folder.write("in.csv", RoundTripTests.clickstream(rows: 3000, seed: 5))
    _ = try Ingest.run(files: [file], into: folder.file("t.ecq"))
    return folder.read("t.ecq")
  }

  @Test func cutsAreFound() throws {
    let folder = TemporaryFolder()
    let bytes = try makeStore(folder)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
      folder.write("cut.ecq", Array(bytes[..<length]))
      let error = #expect(throws: StoreError.self) {
        try RoundTripTests.rows(of: folder.file("cut.ecq"))
      }
      #expect(error?.place.contains("cut.ecq") == true)
    }
  }

  @Test func flippedBitsAreFoundOrHarmless() throws {
    let folder = TemporaryFolder()
    let bytes = try makeStore(folder)
    let rows = try RoundTripTests.rows(of: folder.file("t.ecq"))
    var random = SeededGenerator(seed: 11)
    var found = 0
    for _ in 0..<300 {
      var damaged = bytes
      damaged[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
      folder.write("bad.ecq", damaged)
      do {
        let read = try RoundTripTests.rows(of: folder.file("bad.ecq"))
        let isSame = read == rows
        #expect(isSame, "a flip that is not reported changes nothing")
      } catch is StoreError {
        found += 1
      }
    }
    #expect(found > 150, "most of the file is covered by checksums")
  }

  @Test func otherFilesAreNoStores() throws {
    let folder = TemporaryFolder()
    for bytes in [[], Array("hello".utf8), [UInt8](repeating: 0, count: 5000)] as [[UInt8]] {
      folder.write("no.ecq", bytes)
      #expect(throws: StoreError.self) { try Store(path: folder.file("no.ecq")) }
    }
    #expect(throws: StoreError.self) { try Store(path: folder.path) }
    #expect(throws: StoreError.self) { try Store(path: folder.file("missing.ecq")) }
  }
}
