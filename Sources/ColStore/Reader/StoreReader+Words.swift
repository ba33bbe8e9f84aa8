import CKernels
import Glibc

/// The map of a derived column of words as it holds in one row group, for one reader.
final class RowGroupWords {
  let map: Buffer
  private(set) var rowGroup = -1
  /// What the row group's overrides replaced.
  private var replaced: [(code: Int, word: UInt64)] = []

  let count: Int

  init(_ base: DerivedMap) {
    count = base.count
    map = Buffer(UInt64.self, count: base.count)
    memcpy(map.base, base.words, base.count * 8)
  }

  var words: UnsafeMutablePointer<UInt64> { map.pointer(UInt64.self) }

  /// Takes back the overrides of the row group before, and applies `overrides`.
  func enter(_ rowGroup: Int, _ overrides: [(code: Int, word: UInt64)]) {
    for change in replaced.reversed() { words[change.code] = change.word }
    replaced = overrides.map { ($0.code, words[$0.code]) }
    for change in overrides { words[change.code] = change.word }
    self.rowGroup = rowGroup
  }
}

extension StoreReader {
  func decodeWords(
    _ column: Int, _ morsel: Morsel, _ encoding: ChunkEncoding, _ reader: inout ByteReader,
    into words: UnsafeMutablePointer<UInt64>, parentPasses: Bool = false
  ) throws(StoreError) {
    let count = morsel.rowCount
    switch encoding {
    case .integers:
      try IntegerStream.decode(&reader, into: words, count: count, scratch: scratch)
    case .clusteredDelta:
      try ClusteredDeltaBlock.decode(
        &reader, clusters: try clusterEnds(morsel), into: words, count: count, scratch: scratch)
    case .derived, .derivedCarried:
      let codes = try codes(ofColumn: try parent(of: column), morsel, passing: parentPasses)
      try store.damagedMapEntries[column].check(codes.pointer, count: count)
      let map = try wordsOfGroup(column, morsel.rowGroup)
      if encoding == .derivedCarried {
        try DerivedBlock.decodeCarried(
          &reader, parentCodes: codes.pointer, map: map, into: words, count: count,
          scratch: scratch)
      } else {
        ecq_gather_u64(map, codes.pointer, count, words)
        try DerivedBlock.decode(&reader, into: words, count: count, scratch: scratch)
      }
      withExtendedLifetime(codes) {}
    case .wides, .texts: preconditionFailure("these hold no words")
    }
  }

  /// The words at `rows` alone.
  func decodeWords(
    _ column: Int, _ morsel: Morsel, _ encoding: ChunkEncoding, _ reader: inout ByteReader,
    at rows: SelectedRows, into words: UnsafeMutablePointer<UInt64>
  ) throws(StoreError) {
    let count = morsel.rowCount
    switch encoding {
    case .integers:
      try IntegerStream.decode(
        &reader, at: rows.rows, rows.count, into: words, count: count, scratch: scratch)
    case .clusteredDelta:
      try ClusteredDeltaBlock.decode(
        &reader, clusters: try clusterEnds(morsel), at: rows.rows, rows.count, into: words,
        count: count, scratch: scratch)
    case .derived:
      let codes = try codes(ofColumn: try parent(of: column), morsel, at: rows)
      try store.damagedMapEntries[column].check(codes.pointer(), count: rows.count)
      let map = try wordsOfGroup(column, morsel.rowGroup)
      let exceptions = try DerivedBlock.exceptions(
        &reader, UInt64.self, count: count, scratch: scratch)
      ecq_gather_u64(map, codes.pointer(UInt32.self), rows.count, words)
      exceptions.forEach(at: rows) { index, word in words[index] = word }
    case .derivedCarried:
      let blockReader = reader
      let changes = try store.derived.changes(column, morsel) { () throws(StoreError) in
        var reader = blockReader
        let exceptions = try DerivedBlock.exceptions(
          &reader, UInt64.self, count: count, scratch: scratch)
        return CarriedChanges(
          exceptions, codes: try codesOfExceptions(try parent(of: column), morsel, exceptions))
      }
      try decodeCarried(column, morsel, changes, at: rows, into: words)
    case .wides, .texts: preconditionFailure("these hold no words")
    }
  }

  /// Replays the changes up to each selected row, of those parents that are selected.
  private func decodeCarried(
    _ column: Int, _ morsel: Morsel, _ changes: CarriedChanges, at rows: SelectedRows,
    into words: UnsafeMutablePointer<UInt64>
  ) throws(StoreError) {
    let parent = try parent(of: column)
    let codes = try codes(ofColumn: parent, morsel, at: rows)
    try store.damagedMapEntries[column].check(codes.pointer(), count: rows.count)
    let map = try wordsOfGroup(column, morsel.rowGroup)
    let selected = codes.pointer(UInt32.self)
    let marks = marks(count: groupMaps[column]?.count ?? 0)
    for index in 0..<rows.count { marks[Int(selected[index])] = 1 }
    var replaced: [(code: Int, word: UInt64)] = []
    var next = 0
    for index in 0..<rows.count {
      let row = rows.rows[index]
      while next < changes.count && changes.rows[next] <= row {
        let code = Int(changes.codes[next])
        if marks[code] != 0 {
          replaced.append((code, map[code]))
          map[code] = changes.words[next]
        }
        next += 1
      }
      words[index] = map[Int(selected[index])]
    }
    for change in replaced.reversed() { map[change.code] = change.word }
    for index in 0..<rows.count { marks[Int(selected[index])] = 0 }
    withExtendedLifetime((codes, changes)) {}
  }

  /// Zeroed room for a mark a code, left zeroed.
  private func marks(count: Int) -> UnsafeMutablePointer<UInt8> {
    if codeMarks.byteCount < count {
      codeMarks = Buffer(byteCount: count)
      codeMarks.zero()
    }
    return codeMarks.pointer(UInt8.self)
  }

  private func codesOfExceptions(
    _ parent: Int, _ morsel: Morsel, _ exceptions: Exceptions<UInt64>
  ) throws(StoreError) -> Buffer {
    let rows = Buffer(UInt32.self, count: exceptions.count)
    rows.pointer(UInt32.self).update(from: exceptions.rows, count: exceptions.count)
    return try decodeCodes(parent, morsel, at: SelectedRows(rows, count: exceptions.count))
  }

  private func parent(of column: Int) throws(StoreError) -> Int {
    guard let parent = store.footer.columns[column].parent else {
      throw StoreError("there is no parent column")
    }
    return parent
  }

  /// The map of a derived column of words with the row group's overrides.
  private func wordsOfGroup(
    _ column: Int, _ rowGroup: Int
  ) throws(StoreError) -> UnsafeMutablePointer<UInt64> {
    if let known = groupMaps[column], known.rowGroup == rowGroup { return known.words }
    let known: RowGroupWords
    if let opened = groupMaps[column] {
      known = opened
    } else {
      known = RowGroupWords(try store.derivedMap(ofColumn: column, scratch))
      groupMaps[column] = known
    }
    let overrides = try store.derived.overrides(column, rowGroup) { () throws(StoreError) in
      guard let blob = store.footer.rowGroups[rowGroup].chunks[column].overrides else { return [] }
      var reader = ByteReader(try store.blob(blob))
      return try RowGroupMap.decode(&reader, mapCount: known.count, scratch: scratch)
    }
    known.enter(rowGroup, overrides)
    return known.words
  }
}
