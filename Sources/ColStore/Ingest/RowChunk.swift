/// Some of the rows that are being loaded, before they are taken apart into columns.
protocol RowChunk: Sendable {
  /// The chunk's number, from 0.
  var index: Int { get }

  /// The rows as columns; rows that are malformed are left out, and said to be. The columns are
  /// good until the next chunk is parsed with the same memory.
  func parse(_ plans: [ColumnPlan], _ memory: ParsingMemory) -> ParsedChunk

  /// All rows, whatever their values, by parsers of the caller's.
  func parse(parsers: [ColumnParser]) -> ParsedChunk

  /// The line of a row, counted from 0 as the lines of malformed rows are.
  func line(ofRow row: Int) -> Int
}

/// Where rows that are loaded come from. Any thread may ask for the next chunk.
protocol RowChunkSource: AnyObject, Sendable {
  /// How many bytes were read so far.
  var position: Int { get }

  /// The next chunk, nil after the last.
  func next() throws(StoreError) -> (any RowChunk)?

  /// Takes back the memory of a chunk that nobody reads any more.
  func recycle(_ chunk: any RowChunk)
}
