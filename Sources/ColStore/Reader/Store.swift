import Glibc
import Synchronization

/// A store, opened for reading: the state of its last commit, whatever is written meanwhile.
///
/// Opening reads the header and the footer; columns, dictionaries and maps are decoded when asked
/// for.
public final class Store: RowSource, @unchecked Sendable {
  public let path: String
  public let columns: [ColumnDescription]
  public let rowCount: Int
  public let morsels: [Morsel]
  let file: MappedFile
  let footer: StoreFooter
  private let dictionaries: Mutex<[Int: Vector]>
  private let dictionariesUnderWay: Mutex<[Int: DictionaryDecoding]>
  private let mapsUnderWay: Mutex<[Int: DerivedMapDecoding]>

  public init(path: String) throws(StoreError) {
    let file = try MappedFile(path: path)
    let footer: StoreFooter
    do throws(StoreError) {
      let header = try StoreHeader.newest(in: file.bytes, fileBytes: file.bytes.count)
      footer = try StoreFooter(file.blob(header.footer), fileBytes: file.bytes.count)
    } catch {
      throw StoreError(error.message, at: path)
    }
    self.path = path
    self.file = file
    self.footer = footer
    columns = footer.columns.map { ColumnDescription(name: $0.name, type: $0.type) }
    rowCount = footer.rowGroups.reduce(0) { $0 + $1.rowCount }
    morsels = footer.rowGroups.enumerated().flatMap { group, directory in
      stride(from: 0, to: directory.rowCount, by: footer.blockRows).enumerated().map {
        block, start in
        Morsel(
          rowGroup: group, block: block,
          rowCount: min(footer.blockRows, directory.rowCount - start))
      }
    }
    dictionaries = Mutex([:])
    dictionariesUnderWay = Mutex([:])
    mapsUnderWay = Mutex([:])
  }

  /// The table's name: the file's name without folder and `.ecq`.
  public var name: String {
    var stem = Substring(path)
    if let slash = stem.lastIndex(of: "/") { stem = stem[stem.index(after: slash)...] }
    if stem.hasSuffix(".ecq") { stem = stem.dropLast(4) }
    return String(stem)
  }

  public func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? {
    let group = footer.rowGroups[morsel.rowGroup]
    guard column < group.chunks.count else {
      return ZoneMap(minimum: nil, maximum: nil, nullCount: morsel.rowCount)
    }
    let statistics = group.chunks[column].blocks[morsel.block].statistics
    func value(_ word: Int64?) -> Value? {
      guard let word else { return nil }
      switch columns[column].type.physical {
      case .double: return .double(Double(bitPattern: UInt64(bitPattern: word)))
      case .bool: return .bool(word != 0)
      default: return .int64(word)
      }
    }
    return ZoneMap(
      minimum: value(statistics.range?.least), maximum: value(statistics.range?.greatest),
      nullCount: statistics.nullCount)
  }

  public func makeReader() -> any MorselReader { StoreReader(self) }

  func hasNulls(column: Int) -> Bool {
    footer.rowGroups.contains { group in
      column >= group.chunks.count
        || group.chunks[column].blocks.contains { $0.statistics.nullCount > 0 }
    }
  }

  // MARK: - What rows share

  /// A dictionary that cannot be decoded is reported when rows are read.
  public func dictionary(ofColumn column: Int) -> Vector? {
    guard let segments = footer.columns[column].dictionary?.segments.count else { return nil }
    let decoded = Mutex<Vector?>(nil)
    do {
      // Whoever asks here is no worker of a scan, so a large dictionary gets workers of its own.
      try runWorkers(min(max(segments / 8, 1), availableProcessors)) { [self] _ in
        let scratch = DecodingScratch(try ZstdDecompressor())
        let vector = try dictionary(ofColumn: column, scratch)
        decoded.withLock { $0 = vector }
      }
    } catch {
      return nil
    }
    return decoded.withLock { $0 }
  }

  /// The dictionary of a column that has one; threads that ask at the same time decode it together.
  func dictionary(ofColumn column: Int, _ scratch: DecodingScratch) throws(StoreError) -> Vector? {
    guard let reference = footer.columns[column].dictionary else { return nil }
    if let known = dictionaries.withLock({ $0[column] }) { return known }
    let decoding = try dictionariesUnderWay.withLock { underWay throws(StoreError) in
      if let decoding = underWay[column] { return decoding }
      let decoding = try DictionaryDecoding(
        reference, type: columns[column].type, hasNulls: hasNulls(column: column), file: file)
      underWay[column] = decoding
      return decoding
    }
    let decoded = try decoding.join(scratch)
    return dictionaries.withLock { known in
      // All rows must share one dictionary, whoever came first.
      if let first = known[column] { return first }
      known[column] = decoded
      return decoded
    }
  }

  /// The map of a derived column, by its parent's codes.
  func derivedMap(
    ofColumn column: Int, _ scratch: DecodingScratch
  ) throws(StoreError) -> DerivedMap {
    let described = footer.columns[column]
    let decoding = try mapsUnderWay.withLock { underWay throws(StoreError) in
      if let decoding = underWay[column] { return decoding }
      let decoding = try DerivedMapDecoding(
        described.map, codeLimit: described.dictionary?.entryCount, file: file)
      underWay[column] = decoding
      return decoding
    }
    return try decoding.join(scratch)
  }
}
