import CKernels
import Glibc

/// Decodes a store's columns for one thread.
///
/// Codes are kept for the length of a morsel, because derived columns ask for their parent's again.
final class StoreReader: MorselReader {
  let store: Store
  /// By which the cache of blocks knows this reader.
  let number: Int
  let scratch = DecodingScratch()
  var codesOfMorsel = MorselCodes()
  /// For derived columns of words: the map as it holds in one row group.
  var groupMaps: [Int: RowGroupWords] = [:]
  var codeMarks = Buffer(byteCount: 0)

  init(_ store: Store) {
    self.store = store
    number = store.blocks.makeReaderNumber()
  }

  func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
    try locating(column, morsel) { () throws(StoreError) in try decode(column, morsel, nil) }
  }

  func read(
    column: Int, of morsel: Morsel, rows: SelectedRows
  ) throws(StoreError) -> Vector? {
    try locating(column, morsel) { () throws(StoreError) in try decode(column, morsel, rows) }
  }

  /// Runs `body`, and says in its errors where they happened.
  func locating<Result>(
    _ column: Int, _ morsel: Morsel, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do throws(StoreError) {
      return try body()
    } catch {
      let name = store.columns[column].name
      throw StoreError(
        "column \(name), row group \(morsel.rowGroup), block \(morsel.block): \(error.message)",
        at: error.place.isEmpty ? store.path : error.place)
    }
  }

  /// The whole column of the morsel, or its selected rows.
  private func decode(
    _ column: Int, _ morsel: Morsel, _ rows: SelectedRows?
  ) throws(StoreError) -> Vector {
    let type = store.columns[column].type
    if let dictionary = try store.dictionary(ofColumn: column, scratch) {
      if let rows {
        let codes = try codes(ofColumn: column, morsel, at: rows)
        return Vector(
          codes: UnsafePointer(codes.pointer(UInt32.self)), count: rows.count,
          dictionary: dictionary, owners: [codes])
      }
      switch try codes(ofColumn: column, morsel) {
      case .runs(let runs):
        return Vector(runs: runs, count: morsel.rowCount, dictionary: dictionary)
      case .rows(let codes):
        return Vector(
          codes: UnsafePointer(codes.pointer(UInt32.self)), count: morsel.rowCount,
          dictionary: dictionary, owners: [codes])
      }
    }
    guard let chunk = chunk(column, morsel) else {
      return Vector.constant(type, .null, count: rows?.count ?? morsel.rowCount)
    }
    if let kept = try keptBlock(column, morsel, chunk) { return kept.vector(type, rows) }
    if let rows, type.isStoredAsWords { return try decodeWords(column, morsel, chunk, at: rows) }
    return try decodeBlock(column, morsel, chunk, keeps: false).vector(type, rows)
  }

  /// A block of a column without a dictionary that is kept, or from now on; nil where it is not.
  func keptBlock(
    _ column: Int, _ morsel: Morsel, _ chunk: StoreFooter.Chunk
  ) throws(StoreError) -> DecodedBlock? {
    if let known = store.blocks.block(column, morsel, by: number) { return known }
    guard store.blocks.wants(column, morsel, by: number) else { return nil }
    let block = try decodeBlock(column, morsel, chunk, keeps: true)
    store.blocks.keep(block, column, morsel, by: number)
    return block
  }

  /// A block of a column without a dictionary; narrow where it is to be kept.
  private func decodeBlock(
    _ column: Int, _ morsel: Morsel, _ chunk: StoreFooter.Chunk, keeps: Bool
  ) throws(StoreError) -> DecodedBlock {
    let type = store.columns[column].type
    let count = morsel.rowCount
    var reader = ByteReader(try store.blob(chunk.blocks[morsel.block].blob))
    let validity = try ValidityStream.decode(&reader, count: count, scratch: scratch)
    func block(_ values: Buffer, owners: [Buffer] = []) -> DecodedBlock {
      .values(
        Vector(flat: type, count: count, values: values, validity: validity, owners: owners),
        byteCount: ([values] + owners).reduce(validity?.byteCount ?? 0) { $0 + $1.byteCount })
    }
    switch chunk.encoding {
    case .texts:
      let texts = try TextBlock.decode(&reader, count: count, scratch: scratch)
      return block(texts.views, owners: [texts.bytes])
    case .wides:
      let values = Buffer(Int128.self, count: count)
      try WideBlock.decode(&reader, into: values.pointer(), count: count, scratch: scratch)
      return block(values)
    case .integers, .clusteredDelta, .derived, .derivedCarried:
      let words = Buffer(UInt64.self, count: count + runSlack)
      try decodeWords(
        column, morsel, chunk.encoding, &reader, into: words.pointer(), parentPasses: keeps)
      if type.physical == .bool { return block(Self.booleans(words, count: count)) }
      let numbers =
        keeps ? NarrowNumbers.words(words, count: count) : .wide(words, count: count)
      var ascends = false
      if keeps, chunk.encoding == .clusteredDelta, validity == nil, type.physical == .int64 {
        ascends = ascendsInClusters(words.pointer(Int64.self), try clusterEnds(morsel))
      }
      return .words(numbers, validity: validity, ascendsInClusters: ascends)
    }
  }

  private func ascendsInClusters(_ words: UnsafePointer<Int64>, _ clusters: ClusterEnds) -> Bool {
    var start = 0
    for cluster in 0..<clusters.count {
      let end = Int(clusters.ends[cluster])
      var row = start + 1
      while row < end {
        if words[row] < words[row - 1] { return false }
        row += 1
      }
      start = end
    }
    return true
  }

  /// The selected words alone.
  private func decodeWords(
    _ column: Int, _ morsel: Morsel, _ chunk: StoreFooter.Chunk, at rows: SelectedRows
  ) throws(StoreError) -> Vector {
    let type = store.columns[column].type
    var reader = ByteReader(try store.blob(chunk.blocks[morsel.block].blob))
    var validity = try ValidityStream.decode(&reader, count: morsel.rowCount, scratch: scratch)
    if let all = validity {
      let picked = Buffer(byteCount: rows.count)
      for index in 0..<rows.count {
        picked.pointer(UInt8.self)[index] = all.pointer(UInt8.self)[Int(rows.rows[index])]
      }
      validity = picked
    }
    let words = Buffer(UInt64.self, count: rows.count + runSlack)
    try decodeWords(column, morsel, chunk.encoding, &reader, at: rows, into: words.pointer())
    let values = type.physical == .bool ? Self.booleans(words, count: rows.count) : words
    return Vector(flat: type, count: rows.count, values: values, validity: validity)
  }

  private static func booleans(_ words: Buffer, count: Int) -> Buffer {
    let output = Buffer(byteCount: count)
    let source = words.pointer(UInt64.self)
    let bytes = output.pointer(UInt8.self)
    for row in 0..<count { bytes[row] = source[row] == 0 ? 0 : 1 }
    return output
  }

  /// The morsel's chunk of a column; nil where the column is newer, and NULL throughout.
  func chunk(_ column: Int, _ morsel: Morsel) -> StoreFooter.Chunk? {
    let chunks = store.footer.rowGroups[morsel.rowGroup].chunks
    return column < chunks.count ? chunks[column] : nil
  }
}
