import Glibc
import Synchronization

/// One pass over the rows to load: chunks are read in order, parsed and encoded by all workers, and
/// merged and written in order, so that the store's bytes do not depend on the number of workers.
///
///     read (in order) → parse → merge dictionaries (in order) → fill a row group → encode → write
///     (in order)
final class IngestPipeline: @unchecked Sendable {
  private let plan: IngestPlan
  private let threads: Int
  private let report: (@Sendable (IngestProgress) -> Void)?
  private let isCancelled: (@Sendable () -> Bool)?
  private let source: any RowChunkSource
  let state: StoreState
  private let turnstile = Turnstile()
  private let pool = BufferPool()
  private let output: RowGroupOutput
  private let rejects: RejectsFile?

  // What follows is touched only in turn.
  private var current: RowGroupData?
  private var rowsInCurrent = 0
  private var rowGroupCount = 0
  /// One for each file being loaded.
  private(set) var tallies: [FileTally]
  private(set) var widening: WideningFinding
  private(set) var rowCount = 0

  init(
    state: StoreState, source: any RowChunkSource, tallies: [FileTally] = [],
    rejects: RejectsFile? = nil, file: StoreFile, threads: Int,
    isCancelled: (@Sendable () -> Bool)? = nil,
    report: (@Sendable (IngestProgress) -> Void)? = nil
  ) {
    self.isCancelled = isCancelled
    plan = state.plan
    self.threads = threads
    self.report = report
    self.source = source
    self.state = state
    self.rejects = rejects
    self.tallies = tallies
    output = RowGroupOutput(file)
    widening = WideningFinding(columns: plan.columns)
  }

  /// Runs the pass and returns the row groups that it wrote. Where ``widening`` then has findings,
  /// nothing was written that is of use.
  func run() throws(StoreError) -> [StoreFooter.RowGroup] {
    do {
      try runWorkers(threads) { [self] _ in
        do { try work() } catch {
          turnstile.close()
          output.close()
          throw error
        }
      }
      guard widening.isEmpty else { return [] }
      if let current, rowsInCurrent > 0 {
        let encoded = try RowGroupEncoder.encode(
          current, rowCount: rowsInCurrent, state: state, threads: threads)
        try output.write(encoded, index: current.index)
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("\(error)")
    }
    try rejects?.close()
    return output.directories
  }

  private func work() throws(StoreError) {
    let encoder = try RowGroupEncoder(state: state)
    let memory = ParsingMemory()
    while let chunk = try source.next() {
      if isCancelled?() ?? false { throw .cancelled(output.file.path) }
      let parsed = chunk.parse(plan.columns, memory)
      let merged = try turnstile.pass(chunk.index) { () throws(StoreError) in
        try takeIn(parsed, chunk)
      }
      source.recycle(chunk)
      guard let merged else { return }
      for piece in merged.pieces {
        piece.group.fill(
          from: parsed, rows: piece.rows, at: piece.target, codeMaps: merged.codeMaps)
        if piece.group.finishFilling(piece.rows.count, of: piece.group.capacity) {
          let encoded = try encoder.encode(
            piece.group, rowCount: piece.group.capacity, clusterColumn: plan.clusterColumn)
          try output.write(encoded, index: piece.group.index)
        }
      }
    }
  }

  // MARK: - In turn

  private struct Piece {
    let group: RowGroupData
    let rows: Range<Int>
    let target: Int
  }

  private struct Merged {
    var pieces: [Piece] = []
    var codeMaps: [[UInt32]?] = []
  }

  private func takeIn(_ parsed: ParsedChunk, _ chunk: any RowChunk) throws(StoreError) -> Merged {
    report?(
      IngestProgress(bytesRead: source.position, rowCount: rowCount + parsed.rowCount))
    if let file = parsed.file {
      try account(parsed, tallies[file])
      widening.note(parsed, chunk, tallies[file])
      tallies[file].add(parsed)
    }
    // Once a type has proved too narrow, the rest of the pass only looks for more of them.
    guard widening.isEmpty else { return Merged() }
    rowCount += parsed.rowCount
    var merged = Merged(codeMaps: state.merge(parsed))
    var first = 0
    while first < parsed.rowCount {
      let group = current ?? startRowGroup()
      let count = min(parsed.rowCount - first, group.capacity - rowsInCurrent)
      merged.pieces.append(
        Piece(group: group, rows: first..<first + count, target: rowsInCurrent))
      group.files.append(file: parsed.ledgerFile, count: count)
      first += count
      rowsInCurrent += count
      if rowsInCurrent == group.capacity { current = nil }
    }
    return merged
  }

  private func startRowGroup() -> RowGroupData {
    let group = RowGroupData(
      index: rowGroupCount, capacity: plan.rowGroupRows, plans: plan.columns, pool: pool)
    rowGroupCount += 1
    rowsInCurrent = 0
    current = group
    return group
  }

  private func account(_ parsed: ParsedChunk, _ tally: FileTally) throws(StoreError) {
    for row in parsed.malformed {
      let line = tally.lineCount + row.line + 1
      guard let rejects else {
        let column = row.column.map { "column \($0): " } ?? ""
        throw StoreError("\(column)\(row.reason)", at: "\(tally.path):\(line)")
      }
      try rejects.write(row, file: tally.path, line: line)
    }
  }
}
