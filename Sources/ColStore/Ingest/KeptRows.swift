import Synchronization

/// The rows of a store but those that came from certain files, in the store's order: what stays
/// when files are replaced.
final class KeptRows: RowChunkSource {
  private let store: Store
  /// For each file of the ledger its new number; nil where its rows do not stay.
  private let newNumbers: [Int?]
  private let state: Mutex<State>

  private struct State {
    let reader: any MorselReader
    var nextMorsel = 0
    var nextIndex = 0
    var ready: [VectorRowChunk] = []
  }

  init(_ store: Store, newNumbers: [Int?]) {
    self.store = store
    self.newNumbers = newNumbers
    state = Mutex(State(reader: store.makeReader()))
  }

  var position: Int { 0 }

  func recycle(_ chunk: any RowChunk) {}

  func next() throws(StoreError) -> (any RowChunk)? {
    try state.withLock { state throws(StoreError) in
      while state.ready.isEmpty && state.nextMorsel < store.morsels.count {
        let morsel = store.morsels[state.nextMorsel]
        state.nextMorsel += 1
        try read(morsel, &state)
      }
      return state.ready.isEmpty ? nil : state.ready.removeFirst()
    }
  }

  /// Makes a chunk of each run of a morsel's rows that are from one file and stay.
  private func read(_ morsel: Morsel, _ state: inout State) throws(StoreError) {
    let files = try store.fileNumbers(of: morsel)
    var rowsByFile: [(file: Int?, rows: [UInt32])] = []
    for row in 0..<morsel.rowCount {
      let file = files?[row]
      if let file, newNumbers[file] == nil { continue }
      if rowsByFile.last.map({ $0.file != file }) ?? true { rowsByFile.append((file, [])) }
      rowsByFile[rowsByFile.count - 1].rows.append(UInt32(row))
    }
    guard !rowsByFile.isEmpty else { return }
    let columns = try store.columns.indices.map { column throws(StoreError) in
      try state.reader.read(column: column, of: morsel)
    }
    for (file, rows) in rowsByFile {
      let kept = rows.count == morsel.rowCount ? columns : columns.map { $0.selecting(rows) }
      state.ready.append(
        VectorRowChunk(
          index: state.nextIndex, batches: [kept], rowCount: rows.count,
          ledgerFile: file.flatMap { newNumbers[$0] }))
      state.nextIndex += 1
    }
  }
}

extension Vector {
  /// The rows `rows` of the vector.
  fileprivate func selecting(_ rows: [UInt32]) -> Vector {
    guard layout != .constant else {
      return Vector(
        flat: type, count: 1, values: values, validity: validity, owners: [self]
      ).repeated(rows.count)
    }
    let selected = Buffer(UInt32.self, count: rows.count)
    let output = selected.pointer(UInt32.self)
    for (index, row) in rows.enumerated() { output[index] = codes?[Int(row)] ?? row }
    return Vector(
      codes: output, count: rows.count, dictionary: dictionary ?? self, owners: [selected, self])
  }

  fileprivate func repeated(_ count: Int) -> Vector { Vector(repeating: self, count: count) }
}

/// The chunks of one source after those of another, numbered throughout.
final class ConcatenatedRows: RowChunkSource {
  private let sources: [any RowChunkSource]
  private let state = Mutex(State())

  private struct State {
    var current = 0
    /// Chunks of the sources before the current one, and of all.
    var before = 0
    var count = 0
  }

  init(_ sources: [any RowChunkSource]) { self.sources = sources }

  var position: Int { sources.reduce(0) { $0 + $1.position } }

  func next() throws(StoreError) -> (any RowChunk)? {
    try state.withLock { state throws(StoreError) in
      while state.current < sources.count {
        if let chunk = try sources[state.current].next() {
          state.count += 1
          return RenumberedChunk(
            chunk: chunk, index: state.before + chunk.index, source: state.current)
        }
        state.current += 1
        state.before = state.count
      }
      return nil
    }
  }

  func recycle(_ chunk: any RowChunk) {
    guard let chunk = chunk as? RenumberedChunk else { return }
    sources[chunk.source].recycle(chunk.chunk)
  }
}

private struct RenumberedChunk: RowChunk {
  let chunk: any RowChunk
  let index: Int
  let source: Int

  func parse(_ plans: [ColumnPlan], _ memory: ParsingMemory) -> ParsedChunk {
    chunk.parse(plans, memory)
  }
  func parse(parsers: [ColumnParser]) -> ParsedChunk { chunk.parse(parsers: parsers) }
  func line(ofRow row: Int) -> Int { chunk.line(ofRow: row) }
}
