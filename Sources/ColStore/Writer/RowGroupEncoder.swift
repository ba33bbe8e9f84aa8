import CKernels
import Glibc
import Synchronization

/// Encodes row groups for one thread.
final class RowGroupEncoder {
  let state: StoreState
  let scratch: EncodingScratch
  private let blockRows: Int

  init(state: StoreState, blockRows: Int = blockRowsMax) throws(StoreError) {
    self.state = state
    self.blockRows = blockRows
    scratch = try EncodingScratch.make()
  }

  /// Encodes the first `rowCount` rows of `data`, clustered by `clusterColumn`.
  ///
  /// - Parameter keepsData: Whether the data is needed afterwards; else its memory is given back
  ///   column by column.
  func encode(
    _ data: RowGroupData, rowCount: Int, clusterColumn: Int?, keepsData: Bool = false
  ) throws(StoreError) -> EncodedRowGroup {
    let rows = RowGroupRows(data, rowCount: rowCount, clusterColumn: clusterColumn)
    var chunks: [EncodedChunk] = []
    for number in data.columns.indices {
      chunks.append(try encode(rows, column: number))
      if !keepsData { rows.release(number) }
    }
    return EncodedRowGroup(
      rowCount: rowCount, chunks: chunks, files: try encodeFileNumbers(of: rows))
  }

  /// The same by several threads, a column each: for a row group that nothing else waits behind.
  static func encode(
    _ data: RowGroupData, rowCount: Int, state: StoreState, threads: Int
  ) throws -> EncodedRowGroup {
    let rows = RowGroupRows(data, rowCount: rowCount, clusterColumn: state.plan.clusterColumn)
    let counter = WorkCounter(count: data.columns.count)
    let encoded = Mutex<[Int: EncodedChunk]>([:])
    let files = try RowGroupEncoder(state: state).encodeFileNumbers(of: rows)
    try runWorkers(min(threads, data.columns.count)) { _ in
      let encoder = try RowGroupEncoder(state: state)
      while let number = counter.next() {
        let chunk = try encoder.encode(rows, column: number)
        encoded.withLock { $0[number] = chunk }
      }
    }
    let chunks = encoded.withLock { found in data.columns.indices.compactMap { found[$0] } }
    return EncodedRowGroup(rowCount: rowCount, chunks: chunks, files: files)
  }

  private func encodeFileNumbers(
    of group: RowGroupRows
  ) throws(StoreError) -> EncodedFileNumbers {
    let files = group.data.files
    guard files.isMixed(in: group.rowCount) else { return EncodedFileNumbers(file: files.first) }
    var encoded = EncodedFileNumbers()
    let inInputOrder = files.numbers(count: group.rowCount)
    let numbers = group.arranged(inInputOrder, UInt32.self)
    for start in stride(from: 0, to: group.rowCount, by: blockRows) {
      let count = min(blockRows, group.rowCount - start)
      encoded.blocks.append(
        try encoded.blobs.append { writer throws(StoreError) in
          try IntegerStream.encode(
            numbers.pointer(UInt32.self) + start, count: count, into: &writer, scratch: scratch)
        })
    }
    return encoded
  }

  private func encode(_ group: RowGroupRows, column number: Int) throws(StoreError) -> EncodedChunk
  {
    let column = group.data.columns[number]
    let validity = column.validity.map { group.arranged($0, UInt8.self) }
    let rows = ChunkRows(
      count: group.rowCount, blockRows: blockRows,
      validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) },
      clusters: group.clusters.map { UnsafePointer($0.pointer(UInt32.self)) },
      pool: group.data.pool)
    let parentCodes = column.plan.parent.flatMap { group.parentCodes[$0] }.map {
      UnsafePointer($0.pointer(UInt32.self))
    }
    if column.plan.usesDictionary {
      if let parentCodes, let map = state.maps[number],
        let follows = column.plan.parent, group.follows(number, from: follows, map)
      {
        // Following the map row by row is cheaper than arranging the codes.
        let codes = CodeMapping(
          parentCodes, map, count: group.rowCount, pool: group.data.pool)
        return try encodeCodes(codes.codes, number: number, rows: rows, expected: codes)
      }
      let codes = group.parentCodes[number] ?? group.arranged(column.values, UInt32.self)
      let expected = parentCodes.flatMap { parentCodes in
        state.maps[number].map {
          CodeMapping(parentCodes, $0, count: group.rowCount, pool: group.data.pool)
        }
      }
      return try encodeCodes(codes.pointer(), number: number, rows: rows, expected: expected)
    }
    switch column.plan.type.physical {
    case _ where column.plan.type == .null, .string:
      let views = group.arranged(column.values, StringView.self)
      return try encodeBlocks(.texts, rows) { block, writer throws(StoreError) in
        try TextBlock.encode(
          views.pointer(StringView.self) + block.lowerBound, count: block.count, into: &writer,
          scratch: scratch)
        return nil
      }
    case .int128:
      let wides = group.arranged(column.values, Int128.self)
      return try encodeBlocks(.wides, rows) { block, writer throws(StoreError) in
        try WideBlock.encode(
          wides.pointer(Int128.self) + block.lowerBound, count: block.count, into: &writer,
          scratch: scratch)
        return nil
      }
    default:
      let words = group.arranged(column.values, UInt64.self)
      return try encodeWords(
        words.pointer(), number: number, rows: rows, parentCodes: parentCodes)
    }
  }

  // MARK: - Codes

  /// - Parameter expected: what the codes are if they follow from the column's parent.
  private func encodeCodes(
    _ codes: UnsafePointer<UInt32>, number: Int, rows: ChunkRows, expected: CodeMapping?
  ) throws(StoreError) -> EncodedChunk {
    let words = state.dictionaries[number].flatMap { $0.type.isStoredAsWords ? $0.words : nil }
    let type = state.plan.columns[number].type
    let flat = words.flatMap { $0.flat(atMost: 2 * rows.count, rows.pool) }
    let statistics = { (block: Range<Int>) -> BlockStatistics in
      if let flat {
        return BlockStatistics(
          codes: codes + block.lowerBound, count: block.count,
          words: UnsafePointer(flat.pointer(Int64.self)), type: type)
      }
      return BlockStatistics(
        codes: codes + block.lowerBound, count: block.count, words: words, type: type)
    }
    var chunk = try encodeCodeBlocks(codes, rows: rows, expected: expected, statistics)
    if let counts = ValueCounts(of: codes, blocks: rows.blocks) {
      chunk.directory.valueCounts = try chunk.blobs.append { writer throws(StoreError) in
        try counts.encode(into: &writer, scratch: scratch)
      }
    }
    return chunk
  }

  private func encodeCodeBlocks(
    _ codes: UnsafePointer<UInt32>, rows: ChunkRows, expected: CodeMapping?,
    _ statistics: (Range<Int>) -> BlockStatistics
  ) throws(StoreError) -> EncodedChunk {
    if let expected,
      DerivedBlock.pays(exceptions: expected.differences(from: codes), count: rows.count)
    {
      return try encodeBlocks(.derived, rows) { block, writer throws(StoreError) in
        try DerivedBlock.encode(
          codes + block.lowerBound, expected: expected.codes + block.lowerBound,
          count: block.count, into: &writer, scratch: scratch)
        return statistics(block)
      }
    }
    return try encodeIntegers(codes, rows, statistics: statistics)
  }

  // MARK: - Words

  private func encodeWords(
    _ words: UnsafePointer<UInt64>, number: Int, rows: ChunkRows,
    parentCodes: UnsafePointer<UInt32>?
  ) throws(StoreError) -> EncodedChunk {
    let type = state.plan.columns[number].type
    let statistics = { (block: Range<Int>) -> BlockStatistics in
      BlockStatistics(words: words, rows: block, validity: rows.validity, type: type)
    }
    if let parentCodes, let map = state.maps[number] {
      let groupMap = RowGroupMap(
        words, parentCodes: parentCodes, blocks: rows.blocks, map: map, pool: rows.pool)
      let expectation = groupMap.expectation
      if DerivedBlock.pays(exceptions: expectation.exceptionCount, count: rows.count) {
        let encoding = expectation.isCarriedForward ? ChunkEncoding.derivedCarried : .derived
        var chunk = try encodeBlocks(encoding, rows) { block, writer throws(StoreError) in
          try DerivedBlock.encode(
            words + block.lowerBound, expected: expectation.expected + block.lowerBound,
            count: block.count, into: &writer, scratch: scratch)
          return statistics(block)
        }
        chunk.directory.overrides = try chunk.blobs.append { writer throws(StoreError) in
          try groupMap.encode(into: &writer, scratch: scratch)
        }
        return chunk
      }
    }
    if let clusters = rows.clusters,
      try clusteredDeltaPays(words, clusters: clusters, count: min(rows.count, blockRows))
    {
      return try encodeBlocks(.clusteredDelta, rows) {
        block, writer throws(StoreError) in
        try ClusteredDeltaBlock.encode(
          words + block.lowerBound, clusters: clusters + block.lowerBound, count: block.count,
          into: &writer, scratch: scratch)
        return statistics(block)
      }
    }
    return try encodeIntegers(words, rows, statistics: statistics)
  }

  /// Tries both ways on the first block.
  private func clusteredDeltaPays(
    _ words: UnsafePointer<UInt64>, clusters: UnsafePointer<UInt32>, count: Int
  ) throws(StoreError) -> Bool {
    guard !ConstantEncoding.applies(words, count: count) else { return false }
    var plain = ByteWriter()
    try IntegerStream.encode(words, count: count, into: &plain, scratch: scratch)
    var clustered = ByteWriter()
    try ClusteredDeltaBlock.encode(
      words, clusters: clusters, count: count, into: &clustered, scratch: scratch)
    return clustered.count < plain.count - plain.count / 16
  }

  // MARK: - Blocks

  /// Encodes the first block in all ways, and the others in the one that was best for it.
  private func encodeIntegers<Word: StreamWord>(
    _ values: UnsafePointer<Word>, _ rows: ChunkRows,
    statistics: (Range<Int>) -> BlockStatistics
  ) throws(StoreError) -> EncodedChunk {
    var candidates = IntegerEncoding.candidates
    return try encodeBlocks(.integers, rows) { block, writer throws(StoreError) in
      let used = try IntegerStream.encode(
        values + block.lowerBound, count: block.count, into: &writer, scratch: scratch,
        candidates: candidates)
      if used != .constant { candidates = [used] }
      return statistics(block)
    }
  }

  /// Encodes a chunk block by block: the validity, where there is any, and what `body` writes.
  private func encodeBlocks(
    _ encoding: ChunkEncoding, _ rows: ChunkRows,
    _ body: (Range<Int>, inout ByteWriter) throws(StoreError) -> BlockStatistics?
  ) throws(StoreError) -> EncodedChunk {
    var chunk = EncodedChunk(directory: .init(encoding: encoding, blocks: []))
    for block in rows.blocks {
      var statistics = BlockStatistics()
      let blob = try chunk.blobs.append { writer throws(StoreError) in
        let nulls = try ValidityStream.encode(
          rows.validity.map { $0 + block.lowerBound }, count: block.count, into: &writer,
          scratch: scratch)
        statistics = try body(block, &writer) ?? BlockStatistics(nullCount: nulls)
      }
      chunk.directory.blocks.append(.init(blob: blob, statistics: statistics))
    }
    return chunk
  }
}
