import CKernels
import Glibc

/// Decodes a store's columns for one thread.
///
/// Codes are kept for the length of a morsel, because derived columns ask for their parent's again.
final class StoreReader: MorselReader {
  let store: Store
  private var blockScratch: DecodingScratch?
  private var onceScratch: DecodingScratch?
  var codesOfMorsel = MorselCodes()
  /// For derived columns of words: the map as it holds in one row group.
  var groupMaps: [Int: RowGroupWords] = [:]
  var codeMarks = Buffer(byteCount: 0)

  init(_ store: Store) { self.store = store }

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
    if let dictionary = try store.dictionary(ofColumn: column, try scratchForOnce()) {
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
    let scratch = try scratchForBlocks()
    var reader = ByteReader(try store.blob(chunk.blocks[morsel.block].blob))
    var validity = try ValidityStream.decode(&reader, count: morsel.rowCount, scratch: scratch)
    let count = rows?.count ?? morsel.rowCount
    if let rows, let all = validity {
      let picked = Buffer(byteCount: count)
      for index in 0..<count {
        picked.pointer(UInt8.self)[index] = all.pointer(UInt8.self)[Int(rows.rows[index])]
      }
      validity = picked
    }
    switch chunk.encoding {
    case .texts:
      let texts = try TextBlock.decode(&reader, count: morsel.rowCount, scratch: scratch)
      return Vector(
        flat: type, count: count, values: Self.picked(texts.views, 16, rows), validity: validity,
        owners: [texts.bytes])
    case .wides:
      let values = Buffer(Int128.self, count: morsel.rowCount)
      try WideBlock.decode(
        &reader, into: values.pointer(), count: morsel.rowCount, scratch: scratch)
      return Vector(
        flat: type, count: count, values: Self.picked(values, 16, rows), validity: validity)
    case .integers, .clusteredDelta, .derived, .derivedCarried:
      let words = Buffer(UInt64.self, count: count + runSlack)
      if let rows {
        try decodeWords(column, morsel, chunk.encoding, &reader, at: rows, into: words.pointer())
      } else {
        try decodeWords(column, morsel, chunk.encoding, &reader, into: words.pointer())
      }
      let values = type.physical == .bool ? Self.booleans(words, count: count) : words
      return Vector(flat: type, count: count, values: values, validity: validity)
    }
  }

  /// The selected of 16-byte values, or all.
  private static func picked(_ values: Buffer, _ stride: Int, _ rows: SelectedRows?) -> Buffer {
    guard let rows else { return values }
    let output = Buffer(byteCount: rows.count * stride)
    for index in 0..<rows.count {
      memcpy(output.base + index * stride, values.base + Int(rows.rows[index]) * stride, stride)
    }
    return output
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

  /// For blocks, whose decompressed streams are kept for the next scan.
  func scratchForBlocks() throws(StoreError) -> DecodingScratch {
    if let blockScratch { return blockScratch }
    let fresh = DecodingScratch(try ZstdDecompressor(), cache: store.streams)
    blockScratch = fresh
    return fresh
  }

  /// For dictionaries and maps, which are decoded once.
  func scratchForOnce() throws(StoreError) -> DecodingScratch {
    if let onceScratch { return onceScratch }
    let fresh = DecodingScratch(try ZstdDecompressor())
    onceScratch = fresh
    return fresh
  }
}
