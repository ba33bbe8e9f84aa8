import Testing

@testable import ColStore

/// A damaged store ends in an error that names the file; it never traps and never answers wrongly.
@Suite struct DamageTests {
  private let folder = TemporaryFolder()

  /// A store of two loads, with every kind of chunk, and the rows that it holds.
  private func makeStore(rows: Int = 3000) throws -> (bytes: [UInt8], rows: [String]) {
    let lines = RoundTripTests.clickstream(rows: rows, seed: 5).split(separator: "\n")
    for part in 0..<2 {
      let own = lines.dropFirst().enumerated().filter { $0.offset * 2 / rows == part }
      let csv =
        "\(lines[0]),note,wide,ratio\n"
        + own.map { row, line in
          "\(line),\(row % 3 == 0 ? "" : "text number \(row)"),\(row)99999999999999999999,\(row)e-3\n"
        }.joined()
      folder.write("in.csv", csv)
      var options = IngestOptions()
      options.clustering = part == 0 ? .column("session") : .automatic
      _ = try Ingest.run(
        files: [folder.file("in.csv")], into: folder.file("t.ecq"), options: options)
    }
    return (folder.read("t.ecq"), try RoundTripTests.rows(of: folder.file("t.ecq")))
  }

  @Test func cutsAreFound() throws {
    let (bytes, _) = try makeStore()
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
      folder.write("cut.ecq", Array(bytes[..<length]))
      let error = #expect(throws: StoreError.self) {
        try RoundTripTests.rows(of: folder.file("cut.ecq"))
      }
      #expect(error?.place.contains("cut.ecq") == true)
    }
  }

  @Test func flippedBitsAreFoundOrHarmless() throws {
    let (bytes, rows) = try makeStore()
    #expect(try Store(path: folder.file("t.ecq")).verify() == [])
    var random = SeededGenerator(seed: 11)
    var found = 0
    for _ in 0..<400 {
      var damaged = bytes
      damaged[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
      folder.write("bad.ecq", damaged)
      let path = folder.file("bad.ecq")
      let damages = try? Store(path: path).verify(threads: 1)
      if damages != [] { found += 1 }
      do {
        let isSame = try RoundTripTests.rows(of: path) == rows
        #expect(isSame, "a flip that is not reported changes nothing")
      } catch is StoreError {
        #expect(damages != [], "verify finds what reading finds")
      }
    }
    #expect(found > 200, "most of the file is covered by checksums")
  }

  @Test func headersAndFootersHaveSpares() throws {
    let (bytes, rows) = try makeStore()
    let header = try Store(path: folder.file("t.ecq")).header
    for place in [20, 512 + 20, header.footer.offset + 7, header.copyOffset + 7] {
      var damaged = bytes
      damaged[place] ^= 4
      folder.write("bad.ecq", damaged)
      #expect(try RoundTripTests.rows(of: folder.file("bad.ecq")) == rows)
      #expect(try Store(path: folder.file("bad.ecq")).verify().count == 1)
    }
  }

  @Test func undamagedRowGroupsAreSaved() throws {
    let (bytes, rows) = try makeStore()
    let store = try Store(path: folder.file("t.ecq"))
    let blobs = store.footer.blobs
    for (number, (blob, place)) in blobs.enumerated() where number % 3 == 0 {
      var damaged = bytes
      damaged[blob.offset + blob.byteCount / 2] ^= 16
      folder.write("bad.ecq", damaged)
      let target = folder.file("saved\(number).ecq")
      let report = try Salvage.run(folder.file("bad.ecq"), into: target, threads: 1)
      let saved = try RoundTripTests.rows(of: target)
      #expect(saved.count == report.rowCount && report.rowCount + report.lostRowCount == 3000)
      #expect(Set(saved).isSubset(of: Set(rows)))
      switch place {
      case .block(_, let rowGroup, _), .overrides(_, let rowGroup):
        #expect(report.rowCount == 1500, "\(place)")
        #expect(report.damages.map(\.place) == ["row group \(rowGroup)"])
      case .valueCounts, .files: #expect(report.rowCount == 3000, "\(place)")
      case .dictionary, .map: #expect(report.lostRowCount > 0, "\(place)")
      }
    }
  }

  @Test func otherFilesAreNoStores() throws {
    for bytes in [[], Array("hello".utf8), [UInt8](repeating: 0, count: 5000)] as [[UInt8]] {
      folder.write("no.ecq", bytes)
      #expect(throws: StoreError.self) { try Store(path: folder.file("no.ecq")) }
    }
    #expect(throws: StoreError.self) { try Store(path: folder.path) }
    #expect(throws: StoreError.self) { try Store(path: folder.file("missing.ecq")) }
  }

  // MARK: - Hostile files

  /// Bytes of a store in which one blob is replaced, with all checksums right.
  private func forged(
    _ bytes: [UInt8], _ footer: StoreFooter, blob number: Int, by change: (inout [UInt8]) -> Void
  ) throws -> [UInt8] {
    var forged = bytes
    var footer = footer
    var at = 0
    try footer.updateBlobs { blob, place in
      defer { at += 1 }
      guard at == number else { return blob }
      var content = Array(bytes[blob.offset..<blob.offset + blob.byteCount])
      change(&content)
      while forged.count % wideSegmentAlignment != 0 { forged.append(0) }
      defer { forged += content }
      return BlobReference(
        offset: forged.count, byteCount: content.count,
        checksum: content.withUnsafeBytes { XXH64.hash($0) })
    }
    return sealed(forged, footer.encoded())
  }

  /// The bytes with a footer and a header that points to it.
  private func sealed(_ bytes: [UInt8], _ footer: [UInt8]) -> [UInt8] {
    let reference = BlobReference(
      offset: bytes.count, byteCount: footer.count,
      checksum: footer.withUnsafeBytes { XXH64.hash($0) })
    let header = StoreHeader(generation: 9, footer: reference, copyOffset: reference.offset)
    var sealed = bytes + footer
    for offset in StoreHeader.slotOffsets {
      sealed.replaceSubrange(offset..<offset + StoreHeader.slotBytes, with: header.bytes)
    }
    return sealed
  }

  /// Everything that can be asked of a store; errors are as good as answers.
  private func exercise(_ bytes: [UInt8]) {
    folder.write("forged.ecq", bytes)
    let path = folder.file("forged.ecq")
    guard let store = try? Store(path: path) else { return }
    _ = store.summary.columns.count
    let damages = (try? store.verify(threads: 1)) ?? []
    let read = try? RoundTripTests.rows(of: path)
    #expect(read != nil || !damages.isEmpty, "what cannot be read is found by verify")
  }

  @Test func changedContentWithRightChecksumsNeverTraps() throws {
    let (bytes, _) = try makeStore(rows: 600)
    let footer = try Store(path: folder.file("t.ecq")).footer
    let blobCount = footer.blobs.count
    var random = SeededGenerator(seed: 12)
    for number in 0..<blobCount {
      for _ in 0..<8 {
        exercise(
          try forged(bytes, footer, blob: number) { content in
            guard !content.isEmpty else { return }
            switch random.next() % 4 {
            case 0: content.removeLast(Int(random.next() % UInt64(content.count)) + 1)
            case 1: content.append(UInt8(truncatingIfNeeded: random.next()))
            default:
              // Lengths, counts and tags are at the start of things.
              let reach = random.next() % 2 == 0 ? min(content.count, 16) : content.count
              for _ in 0...random.next() % 3 {
                content[Int(random.next() % UInt64(reach))] = UInt8(
                  truncatingIfNeeded: random.next())
              }
            }
          })
      }
    }
  }

  @Test func changedFootersWithRightChecksumsNeverTrap() throws {
    let (bytes, _) = try makeStore(rows: 600)
    let footer = try Store(path: folder.file("t.ecq")).footer.encoded()
    var random = SeededGenerator(seed: 13)
    for place in 0..<footer.count {
      var changed = footer
      changed[place] =
        [0, 0xff, changed[place] ^ 1, UInt8(truncatingIfNeeded: random.next())][
          Int(random.next() % 4)]
      if random.next() % 10 == 0 { changed.removeLast(Int(random.next() % UInt64(footer.count))) }
      exercise(sealed(bytes, changed))
    }
  }
}
