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
  let header: StoreHeader
  let footer: StoreFooter
  /// By column: what of its dictionary, and of its map, could not be read.
  let damagedEntries: [DamagedEntries]
  let damagedMapEntries: [DamagedEntries]
  /// Decoded blocks.
  let blocks: BlockCache
  let derived: DerivedCache
  let sieves: CodeSieves
  /// Blobs whose checksum was found right, by offset.
  private let checkedBlobs = Mutex<Set<Int>>([])
  /// The clusters of morsels that were looked at: the first and the last code.
  private let knownClusters: Mutex<[Morsel: (first: UInt32, last: UInt32)]> = Mutex([:])
  private let knownBounds: Mutex<[Int: ColumnBounds]> = Mutex([:])
  /// Value counts that were asked for.
  private let knownCounts: Mutex<[BlockPlace: ValueCounts]> = Mutex([:])
  let severalGroups = OnceKnown<CodeSet?>()
  private let dictionaries: Mutex<[Int: Vector]>
  private let dictionariesUnderWay: Mutex<[Int: DictionaryDecoding]>
  private let mapsUnderWay: Mutex<[Int: DerivedMapDecoding]>

  /// Whether a damaged part is an error only for those who need it.
  let toleratesDamage: Bool

  public convenience init(path: String) throws(StoreError) {
    try self.init(path, toleratesDamage: false)
  }

  /// Opens a damaged store, as far as it can be read: parts of dictionaries and maps that are
  /// damaged are an error only where a row needs them.
  convenience init(salvaging path: String) throws(StoreError) {
    try self.init(path, toleratesDamage: true)
  }

  private init(_ path: String, toleratesDamage: Bool) throws(StoreError) {
    let (file, header, footer) = try Self.open(path)
    self.toleratesDamage = toleratesDamage
    // Damage is looked for in each block that is read.
    blocks = BlockCache(bytesMax: toleratesDamage ? 0 : Store.cacheBytesMax)
    derived = DerivedCache(sharing: blocks)
    sieves = CodeSieves(sharing: blocks)
    self.path = path
    self.file = file
    self.header = header
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
    damagedEntries = columns.map { _ in DamagedEntries() }
    damagedMapEntries = columns.map { _ in DamagedEntries() }
    dictionaries = Mutex([:])
    dictionariesUnderWay = Mutex([:])
    mapsUnderWay = Mutex([:])
  }

  private static func open(
    _ path: String
  ) throws(StoreError) -> (MappedFile, StoreHeader, StoreFooter) {
    var mappedBytes = -1
    while true {
      let file = try MappedFile(path: path)
      do throws(StoreError) {
        let header = try StoreHeader.newest(in: file.bytes, fileBytes: file.bytes.count)
        return (file, header, try readFooter(header, in: file))
      } catch {
        // A writer may have committed between the mapping and the reading of the header: then the
        // file has grown, and another look will do.
        guard fileByteCount(path) > file.bytes.count, file.bytes.count > mappedBytes else {
          throw StoreError(error.message, at: path)
        }
        mappedBytes = file.bytes.count
      }
    }
  }

  /// The footer, or its copy where it is damaged.
  private static func readFooter(
    _ header: StoreHeader, in file: MappedFile
  ) throws(StoreError) -> StoreFooter {
    let bytes: UnsafeRawBufferPointer
    do throws(StoreError) {
      bytes = try file.blob(header.footers[0])
    } catch {
      bytes = try file.blob(header.footers[1])
    }
    return try StoreFooter(bytes, fileBytes: file.bytes.count)
  }

  /// Where the last commit ends.
  var end: Int { header.end }

  /// Tells contents apart: the checksum of the footer, which holds those of all that is stored.
  public var fingerprint: UInt64 { header.footers[0].checksum }

  /// The table's name: the file's name without folder and `.ecq`.
  public var name: String {
    var stem = Substring(path)
    if let slash = stem.lastIndex(of: "/") { stem = stem[stem.index(after: slash)...] }
    if stem.hasSuffix(".ecq") { stem = stem.dropLast(4) }
    return String(stem)
  }

  public func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? {
    guard let statistics = statistics(ofColumn: column, in: morsel) else {
      return ZoneMap(minimum: nil, maximum: nil, nullCount: morsel.rowCount)
    }
    let type = columns[column].type
    func value(_ word: Int64?) -> Value? {
      guard let word, type.isStoredAsWords else { return nil }
      switch type.physical {
      case .double: return .double(Double(bitPattern: UInt64(bitPattern: word)))
      case .bool: return .bool(word != 0)
      default: return .int64(word)
      }
    }
    return ZoneMap(
      minimum: value(statistics.range?.least), maximum: value(statistics.range?.greatest),
      nullCount: statistics.nullCount)
  }

  public func bounds(ofColumn column: Int) -> ColumnBounds {
    knownBounds.withLock { known in
      if let bounds = known[column] { return bounds }
      let bounds = boundsOfMorsels(ofColumn: column)
      known[column] = bounds
      return bounds
    }
  }

  public func statistics(ofColumn column: Int, in morsel: Morsel) -> BlockStatistics? {
    let chunks = footer.rowGroups[morsel.rowGroup].chunks
    return column < chunks.count ? chunks[column].blocks[morsel.block].statistics : nil
  }

  public func storedBytes(ofColumn column: Int, in morsel: Morsel) -> Int? {
    let chunks = footer.rowGroups[morsel.rowGroup].chunks
    return column < chunks.count ? chunks[column].blocks[morsel.block].blob.byteCount : 0
  }

  public func valueCounts(
    ofColumn column: Int, inRowGroup rowGroup: Int
  ) throws(StoreError) -> ValueCounts? {
    let group = footer.rowGroups[rowGroup]
    guard column < group.chunks.count, let blob = group.chunks[column].valueCounts else {
      return nil
    }
    let place = BlockPlace(column, rowGroup: rowGroup)
    if let known = knownCounts.withLock({ $0[place] }) { return known }
    var reader = ByteReader(try file.blob(blob))
    let counts = try ValueCounts(
      from: &reader, rowCount: group.rowCount, blockRows: footer.blockRows,
      scratch: DecodingScratch())
    if blocks.reserve(counts.byteCount) { knownCounts.withLock { $0[place] = counts } }
    return counts
  }

  /// Which loaded file each row of a morsel is from, by its number in the ledger; nil where the rows
  /// are from none.
  func fileNumbers(of morsel: Morsel) throws(StoreError) -> [Int]? {
    let group = footer.rowGroups[morsel.rowGroup]
    guard !group.fileBlocks.isEmpty else {
      return group.file.map { [Int](repeating: $0, count: morsel.rowCount) }
    }
    var reader = ByteReader(try file.blob(group.fileBlocks[morsel.block]))
    let numbers = Buffer(UInt32.self, count: morsel.rowCount)
    try IntegerStream.decode(
      &reader, into: numbers.pointer(UInt32.self), count: morsel.rowCount,
      scratch: DecodingScratch())
    let files = (0..<morsel.rowCount).map { Int(numbers.pointer(UInt32.self)[$0]) }
    guard files.allSatisfy({ $0 < footer.files.count }) else {
      throw StoreError("a row is from a file that is not in the ledger", at: path)
    }
    return files
  }

  public func makeReader() -> any MorselReader { StoreReader(self) }

  /// Bytes of decoded blocks that are kept for later scans: what the clickstream takes of them is
  /// some 15 a row.
  private static let cacheBytesMax = min(1 << 30, physicalMemoryBytes / 16)

  /// Keeps at most `bytes` of memory for later scans.
  public func limitCache(toBytes bytes: Int) { blocks.limit(to: bytes) }

  /// The bytes of a blob, whose checksum is looked at once as long as the store is open.
  func blob(_ reference: BlobReference) throws(StoreError) -> UnsafeRawBufferPointer {
    if checkedBlobs.withLock({ $0.contains(reference.offset) }) {
      return UnsafeRawBufferPointer(
        rebasing: file.bytes[reference.offset..<reference.offset + reference.byteCount])
    }
    let bytes = try file.blob(reference)
    checkedBlobs.withLock { _ = $0.insert(reference.offset) }
    return bytes
  }

  /// The first and the last code of the clustering column in a morsel, where that is known.
  func clusters(of morsel: Morsel) -> (first: UInt32, last: UInt32)? {
    if let known = knownClusters.withLock({ $0[morsel] }) { return known }
    // Of values that are no words, what is stored is the range of the codes.
    guard let column = footer.clusterColumn, !columns[column].type.isStoredAsWords,
      let statistics = statistics(ofColumn: column, in: morsel), let range = statistics.range,
      let least = UInt32(exactly: range.least), let greatest = UInt32(exactly: range.greatest)
    else { return nil }
    return (statistics.nullCount > 0 ? 0 : least, greatest)
  }

  func noteClusters(_ morsel: Morsel, first: UInt32, last: UInt32) {
    knownClusters.withLock { $0[morsel] = (first, last) }
  }

  // MARK: - What rows share

  /// A dictionary that cannot be decoded is reported when rows are read.
  public func dictionary(ofColumn column: Int) -> Vector? {
    guard let segments = footer.columns[column].dictionary?.segments.count else { return nil }
    if let known = dictionaries.withLock({ $0[column] }) { return known }
    let decoded = Mutex<Vector?>(nil)
    do {
      // Whoever asks here is no worker of a scan, so a large dictionary gets workers of its own.
      try runWorkers(min(max(segments / 8, 1), availableProcessors)) { [self] _ in
        let scratch = DecodingScratch()
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
        reference, type: columns[column].type, hasNulls: !bounds(ofColumn: column).isNeverNull,
        file: file,
        damaged: toleratesDamage ? damagedEntries[column] : nil)
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
        described.map, codeLimit: described.dictionary?.entryCount, file: file,
        damaged: toleratesDamage ? damagedMapEntries[column] : nil)
      underWay[column] = decoding
      return decoding
    }
    return try decoding.join(scratch)
  }
}
