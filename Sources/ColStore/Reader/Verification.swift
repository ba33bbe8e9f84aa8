import Synchronization

/// A part of a store that cannot be relied on.
public struct Damage: Equatable, Sendable, CustomStringConvertible {
  /// The part, in words; empty for the store as a whole.
  public let place: String
  public let message: String

  public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}

extension Store {
  /// Reads everything, and checks every checksum and whatever else must hold: that codes point into
  /// their dictionaries, that dictionaries have no entry twice and none that no row has, that what
  /// is said of blocks is true of them.
  ///
  /// - Returns: all damage that was found, in the order of the file.
  public func verify(
    threads: Int = availableProcessors, progress: (@Sendable (_ share: Double) -> Void)? = nil
  ) throws(StoreError) -> [Damage] {
    do {
      return try Verification(self).run(threads: threads, progress: progress)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("\(error)", at: path)
    }
  }
}

/// One run of ``Store/verify(threads:progress:)``.
private final class Verification: Sendable {
  private let store: Store
  private let found = Mutex<[(order: Int, damage: Damage)]>([])

  init(_ store: Store) { self.store = store }

  func run(
    threads: Int, progress: (@Sendable (Double) -> Void)?
  ) throws -> [Damage] {
    try checkHeader()
    let blobs = store.footer.blobs
    let checksums = WorkCounter(count: blobs.count)
    try runWorkers(threads) { [self] _ in
      while let number = checksums.next() {
        do throws(StoreError) { _ = try store.file.blob(blobs[number].blob) } catch {
          report(number, blobs[number].place.description, error)
        }
      }
    }
    // What the checksums do not vouch for says nothing about the rest.
    if found.withLock({ $0.isEmpty }) { try checkContents(threads, progress) }
    return found.withLock { $0.sorted { $0.order < $1.order }.map(\.damage) }
  }

  private func report(_ order: Int, _ place: String, _ error: StoreError) {
    found.withLock { $0.append((order, Damage(place: place, message: error.message))) }
  }

  private func checkHeader() throws(StoreError) {
    for (number, slot) in try StoreHeader.slots(in: store.file.bytes).enumerated() {
      if case .valid = slot { continue }
      report(-2, "header slot \(number)", StoreError("is damaged"))
    }
    for (name, footer) in zip(["footer", "copy of the footer"], store.header.footers) {
      do throws(StoreError) { _ = try store.file.blob(footer) } catch { report(-1, name, error) }
    }
  }

  private func checkContents(_ threads: Int, _ progress: (@Sendable (Double) -> Void)?) throws {
    let columns = store.columns.indices
    let used = columns.map {
      UsedEntries(count: store.footer.columns[$0].dictionary?.entryCount ?? 0)
    }
    let groups = WorkCounter(count: store.footer.rowGroups.count)
    try runWorkers(threads) { [self] _ in
      let reader = store.makeReader()
      while let number = groups.next() {
        progress?(Double(number) / Double(groups.count))
        check(rowGroup: number, reader, used)
      }
    }
    let dictionaries = WorkCounter(count: columns.count)
    try runWorkers(min(threads, max(columns.count, 1))) { [self] _ in
      let scratch = DecodingScratch()
      while let column = dictionaries.next() {
        do throws(StoreError) { try check(dictionaryOf: column, used[column], scratch) } catch {
          report(Int.max - columns.count + column, "column \(store.columns[column].name)", error)
        }
      }
    }
  }

  // MARK: - Row groups

  private func check(rowGroup number: Int, _ reader: any MorselReader, _ used: [UsedEntries]) {
    let morsels = store.morsels.filter { $0.rowGroup == number }
    for column in store.columns.indices {
      do throws(StoreError) {
        let counts = try store.valueCounts(ofColumn: column, inRowGroup: number)
        var tally = [UInt32](repeating: 0, count: counts?.counts.count ?? 0)
        for morsel in morsels {
          let values = try reader.read(column: column, of: morsel)
          try check(values, ofColumn: column, in: morsel)
          if let codes = values.codes {
            used[column].insert(codes, count: values.count)
            if let counts {
              let first = counts.isPerBlock ? morsel.block * counts.codeCount : 0
              for row in 0..<values.count where codes[row] < counts.codeCount {
                tally[first + Int(codes[row])] += 1
              }
            }
          }
        }
        guard tally == counts?.counts ?? [] else {
          throw StoreError("the stored counts of values are wrong")
        }
      } catch {
        report(
          number, "column \(store.columns[column].name), row group \(number)", error)
      }
    }
    do throws(StoreError) {
      for morsel in morsels { _ = try store.fileNumbers(of: morsel) }
    } catch { report(number, "row group \(number)", error) }
  }

  private func check(
    _ values: Vector, ofColumn column: Int, in morsel: Morsel
  ) throws(StoreError) {
    // Rows before the column was added are all NULL, and nothing is stored of them.
    guard let stored = store.statistics(ofColumn: column, in: morsel) else { return }
    let actual = values.statistics
    guard actual.nullCount == stored.nullCount else {
      throw StoreError("block \(morsel.block): the stored number of NULLs is wrong")
    }
    guard actual.range == stored.range else {
      throw StoreError("block \(morsel.block): the stored range is wrong")
    }
    guard stored.sum == nil || actual.sum == stored.sum else {
      throw StoreError("block \(morsel.block): the stored sum is wrong")
    }
  }

  // MARK: - Dictionaries

  private func check(
    dictionaryOf column: Int, _ used: UsedEntries, _ scratch: DecodingScratch
  ) throws(StoreError) {
    guard let dictionary = try store.dictionary(ofColumn: column, scratch) else { return }
    if let unused = used.firstMissing(from: 1) {
      throw StoreError("no row has entry \(unused) of the dictionary")
    }
    let known = GlobalDictionary(type: store.columns[column].type)
    if let repeated = known.firstRepeated(of: dictionary) {
      throw StoreError("entry \(repeated) of the dictionary repeats another")
    }
  }
}

/// The entries of a dictionary that rows have, noted by many threads.
private final class UsedEntries: Sendable {
  private let bytes: Buffer
  private let count: Int

  init(count: Int) {
    self.count = count
    bytes = Buffer(zeroed: UInt8.self, count: count)
  }

  /// Adds codes that are less than the count. All threads write the same value.
  func insert(_ codes: UnsafePointer<UInt32>, count: Int) {
    let present = bytes.pointer(UInt8.self)
    for row in 0..<count { present[Int(codes[row])] = 1 }
  }

  func firstMissing(from first: Int) -> Int? {
    let present = bytes.pointer(UInt8.self)
    return (first..<max(count, first)).first { present[$0] == 0 }
  }
}
