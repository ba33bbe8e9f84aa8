import CKernels
import Glibc

/// Decodes a store's columns for one thread.
final class StoreReader: MorselReader {
  private let store: Store
  private var scratch: DecodingScratch?
  /// The codes of one morsel, kept because derived columns ask for their parent's again.
  private var codesOfMorsel: [Int: Buffer] = [:]
  private var morselOfCodes: Morsel?
  /// For derived columns of words: the map as it holds in one row group.
  private var mapsOfGroup: [Int: Buffer] = [:]
  private var groupOfMaps = -1

  init(_ store: Store) { self.store = store }

  func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
    do throws(StoreError) {
      return try decode(column, morsel)
    } catch {
      let name = store.columns[column].name
      throw StoreError(
        "column \(name), row group \(morsel.rowGroup), block \(morsel.block): \(error.message)",
        at: error.place.isEmpty ? store.path : error.place)
    }
  }

  private func decode(_ column: Int, _ morsel: Morsel) throws(StoreError) -> Vector {
    let type = store.columns[column].type
    if let dictionary = try store.dictionary(ofColumn: column, try decodingScratch()) {
      let codes = try codes(ofColumn: column, morsel)
      return Vector(
        codes: UnsafePointer(codes.pointer(UInt32.self)), count: morsel.rowCount,
        dictionary: dictionary, owners: [codes])
    }
    guard column < store.footer.rowGroups[morsel.rowGroup].chunks.count else {
      return Vector.constant(type, .null, count: morsel.rowCount)
    }
    let scratch = try decodingScratch()
    let chunk = store.footer.rowGroups[morsel.rowGroup].chunks[column]
    var reader = ByteReader(try store.file.blob(chunk.blocks[morsel.block].blob))
    let validity = try ValidityStream.decode(&reader, count: morsel.rowCount, scratch: scratch)
    switch chunk.encoding {
    case .texts:
      let texts = try TextBlock.decode(&reader, count: morsel.rowCount, scratch: scratch)
      return Vector(
        flat: type, count: morsel.rowCount, values: texts.views, validity: validity,
        owners: [texts.bytes])
    case .wides:
      let values = Buffer(Int128.self, count: morsel.rowCount)
      try WideBlock.decode(
        &reader, into: values.pointer(), count: morsel.rowCount, scratch: scratch)
      return Vector(flat: type, count: morsel.rowCount, values: values, validity: validity)
    case .integers, .clusteredDelta, .derived, .derivedCarried:
      let words = Buffer(UInt64.self, count: morsel.rowCount)
      try decodeWords(
        column, morsel, chunk.encoding, &reader, into: words.pointer(), scratch: scratch)
      let values = type.physical == .bool ? Self.booleans(words, count: morsel.rowCount) : words
      return Vector(flat: type, count: morsel.rowCount, values: values, validity: validity)
    }
  }

  private static func booleans(_ words: Buffer, count: Int) -> Buffer {
    let output = Buffer(byteCount: count)
    let source = words.pointer(UInt64.self)
    let bytes = output.pointer(UInt8.self)
    for row in 0..<count { bytes[row] = source[row] == 0 ? 0 : 1 }
    return output
  }

  private func decodingScratch() throws(StoreError) -> DecodingScratch {
    if let scratch { return scratch }
    let fresh = DecodingScratch(try ZstdDecompressor())
    scratch = fresh
    return fresh
  }

  // MARK: - Words

  private func decodeWords(
    _ column: Int, _ morsel: Morsel, _ encoding: ChunkEncoding, _ reader: inout ByteReader,
    into words: UnsafeMutablePointer<UInt64>, scratch: DecodingScratch
  ) throws(StoreError) {
    let count = morsel.rowCount
    switch encoding {
    case .integers:
      try IntegerStream.decode(&reader, into: words, count: count, scratch: scratch)
    case .clusteredDelta:
      guard let cluster = store.footer.clusterColumn else {
        throw StoreError("there is no clustering column")
      }
      let clusters = try codes(ofColumn: cluster, morsel)
      try ClusteredDeltaBlock.decode(
        &reader, clusters: clusters.pointer(), into: words, count: count, scratch: scratch)
    case .derived, .derivedCarried:
      guard let parent = store.footer.columns[column].parent else {
        throw StoreError("there is no parent column")
      }
      let parentCodes = try codes(ofColumn: parent, morsel)
      let map = try mapOfGroup(column, morsel.rowGroup, scratch)
      try store.damagedMapEntries[column].check(parentCodes.pointer(), count: count)
      if encoding == .derivedCarried {
        try DerivedBlock.decodeCarried(
          &reader, parentCodes: parentCodes.pointer(), map: map.pointer(), into: words,
          count: count, scratch: scratch)
      } else {
        ecq_gather_u64(map.pointer(), parentCodes.pointer(), count, words)
        try DerivedBlock.decode(&reader, into: words, count: count, scratch: scratch)
      }
    case .wides, .texts: preconditionFailure("these hold no words")
    }
  }

  /// The map of a derived column of words with the row group's overrides.
  private func mapOfGroup(
    _ column: Int, _ rowGroup: Int, _ scratch: DecodingScratch
  ) throws(StoreError) -> Buffer {
    if groupOfMaps != rowGroup {
      mapsOfGroup.removeAll(keepingCapacity: true)
      groupOfMaps = rowGroup
    }
    if let known = mapsOfGroup[column] { return known }
    let base = try store.derivedMap(ofColumn: column, scratch)
    let map = Buffer(UInt64.self, count: base.count)
    memcpy(map.base, base.words, base.count * 8)
    if let overrides = store.footer.rowGroups[rowGroup].chunks[column].overrides {
      var reader = ByteReader(try store.file.blob(overrides))
      try RowGroupMap.decode(
        &reader, into: map.pointer(), count: base.count, scratch: scratch)
    }
    mapsOfGroup[column] = map
    return map
  }

  // MARK: - Codes

  private func codes(ofColumn column: Int, _ morsel: Morsel) throws(StoreError) -> Buffer {
    if morselOfCodes != morsel {
      codesOfMorsel.removeAll(keepingCapacity: true)
      morselOfCodes = morsel
    }
    if let known = codesOfMorsel[column] { return known }
    let output = Buffer(UInt32.self, count: morsel.rowCount)
    try decodeCodes(column, morsel, into: output.pointer())
    codesOfMorsel[column] = output
    return output
  }

  private func decodeCodes(
    _ column: Int, _ morsel: Morsel, into codes: UnsafeMutablePointer<UInt32>
  ) throws(StoreError) {
    let count = morsel.rowCount
    let group = store.footer.rowGroups[morsel.rowGroup]
    guard column < group.chunks.count else {
      codes.update(repeating: 0, count: count)
      return
    }
    let scratch = try decodingScratch()
    let chunk = group.chunks[column]
    var reader = ByteReader(try store.file.blob(chunk.blocks[morsel.block].blob))
    guard try ValidityStream.decode(&reader, count: count, scratch: scratch) == nil else {
      throw StoreError("codes have a validity of their own")
    }
    if chunk.encoding == .derived, let parent = store.footer.columns[column].parent {
      let parentCodes = try self.codes(ofColumn: parent, morsel)
      let map = try store.derivedMap(ofColumn: column, scratch)
      try store.damagedMapEntries[column].check(parentCodes.pointer(), count: count)
      ecq_gather_u32(map.codes, parentCodes.pointer(), count, codes)
      try DerivedBlock.decode(&reader, into: codes, count: count, scratch: scratch)
    } else {
      try IntegerStream.decode(&reader, into: codes, count: count, scratch: scratch)
    }
    let limit = store.footer.columns[column].dictionary?.entryCount ?? 0
    guard Int(ecq_max_u32(codes, count)) < limit else {
      throw StoreError("a code points outside its dictionary")
    }
    try store.damagedEntries[column].check(codes, count: count)
  }
}
