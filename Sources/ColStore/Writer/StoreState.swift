/// What the rows of a store share: dictionaries, and the maps of derived columns. Grown by one
/// thread at a time, read by encoders.
final class StoreState: @unchecked Sendable {
  let plan: IngestPlan
  /// For each column its dictionary, where it has one.
  let dictionaries: [GlobalDictionary?]
  /// For each derived column: by the parent's code, the word or code of the first row with it.
  let maps: [StableArray<UInt64>?]

  /// - Parameter known: dictionaries to go on with, by column.
  init(plan: IngestPlan, dictionaries known: [Int: GlobalDictionary] = [:]) {
    self.plan = plan
    let dictionaries = plan.columns.enumerated().map { number, column in
      column.usesDictionary ? known[number] ?? GlobalDictionary(type: column.type) : nil
    }
    self.dictionaries = dictionaries
    maps = plan.columns.map { column in
      guard let parent = column.parent else { return nil }
      let map = StableArray<UInt64>()
      // NULL of the parent goes with NULL; so does what the parent has from before this column.
      for _ in 0..<(dictionaries[parent]?.count ?? 1) { map.append(0) }
      return map
    }
  }

  /// Goes on with a map that a store has.
  func restoreMap(ofColumn column: Int, _ map: DerivedMap) {
    guard let restored = maps[column] else { return }
    let isOfCodes = plan.columns[column].usesDictionary
    for entry in 0..<map.count {
      restored[entry] = isOfCodes ? UInt64(map.codes[entry]) : map.words[entry]
    }
  }

  /// Takes in a chunk's distinct values, in the order of chunks; returns for each dictionary
  /// column the store's codes of the chunk's codes.
  func merge(_ chunk: ParsedChunk) -> [[UInt32]?] {
    var codeMaps: [[UInt32]?] = []
    var firstRows: [[Int32]?] = []
    let hasRemovedRows = !chunk.malformed.isEmpty
    let parents = Set(plan.columns.compactMap(\.parent))
    for (number, dictionary) in dictionaries.enumerated() {
      if let dictionary, let column = chunk.columns[number] as? SpanColumn {
        dictionary.resolve(column)
      }
      guard let dictionary, let parser = chunk.columns[number] as? DictionaryParser else {
        codeMaps.append(nil)
        firstRows.append(nil)
        continue
      }
      let first = hasRemovedRows || parents.contains(number) ? parser.firstRows() : nil
      codeMaps.append(
        dictionary.merge(parser, isUsed: hasRemovedRows ? first?.map { $0 >= 0 } : nil))
      firstRows.append(first)
    }
    for (number, map) in maps.enumerated() {
      guard let map, let parent = plan.columns[number].parent else { continue }
      let column = chunk.columns[number]
      // New values of the parent were numbered in the order of the chunk's entries or spans.
      if let parser = chunk.columns[parent] as? SpanColumn {
        let codes = parser.newCodes
        for entry in 0..<codes.count where Int(codes.start[entry]) == map.count {
          map.append(word(of: column, row: Int(parser.rows.firstRows[entry]), codeMaps[number]))
        }
      } else if let codes = codeMaps[parent], let first = firstRows[parent] {
        for entry in 1..<max(codes.count, 1) where Int(codes[entry]) == map.count {
          map.append(word(of: column, row: Int(first[entry]), codeMaps[number]))
        }
      }
    }
    return codeMaps
  }

  private func word(of column: ColumnParser, row: Int, _ codeMap: [UInt32]?) -> UInt64 {
    switch column {
    case let column as SpanColumn:
      let number = Int(column.rows.numbers[row])
      return column.usesDictionary
        ? UInt64(column.codes[number]) : UInt64(bitPattern: column.words[number])
    case let parser as DictionaryParser: return UInt64(codeMap?[Int(parser.codes[row])] ?? 0)
    case let parser as WordParser: return UInt64(bitPattern: parser.values[row])
    default: preconditionFailure("derived columns hold codes or words")
    }
  }
}
