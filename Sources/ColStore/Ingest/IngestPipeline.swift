import Glibc
import Synchronization

/// One pass over the files: chunks are read in order, parsed and encoded by all workers, and merged
/// and written in order, so that the store's bytes do not depend on the number of workers.
///
///     read (in order) → parse → merge dictionaries (in order) → fill a row group → encode → write
///     (in order)
final class IngestPipeline: @unchecked Sendable {
  private let plan: IngestPlan
  private let layouts: [FileLayout]
  private let options: IngestOptions
  /// Whether a value that does not fit its type makes its row malformed; else it shows that the
  /// type was inferred too narrow.
  private let typesAreFixed: Bool
  private let report: (@Sendable (IngestProgress) -> Void)?
  private let source: Mutex<CSVSource>
  private let state: StoreState
  private let turnstile = Turnstile()
  private let output: RowGroupOutput
  private let rejects: RejectsFile?

  // What follows is touched only in turn.
  private var current: RowGroupData?
  private var rowsInCurrent = 0
  private var rowGroupCount = 0
  private var tallies: [FileTally]
  private(set) var widening: WideningFinding
  private var rowCount = 0

  init(
    plan: IngestPlan, layouts: [FileLayout], files: [String], options: IngestOptions,
    typesAreFixed: Bool, file: StoreFile, report: (@Sendable (IngestProgress) -> Void)?
  ) throws(StoreError) {
    self.plan = plan
    self.layouts = layouts
    self.options = options
    self.typesAreFixed = typesAreFixed
    self.report = report
    source = Mutex(CSVSource(files: files, dialect: options.dialect))
    state = StoreState(plan: plan)
    output = RowGroupOutput(file)
    rejects = try options.rejectsPath.map { path throws(StoreError) in try RejectsFile(path) }
    tallies = files.map { FileTally(path: $0) }
    widening = WideningFinding(columns: plan.columns)
  }

  /// Runs the pass. Where ``widening`` then has findings, nothing was written that is of use.
  func run() throws(StoreError) -> StoreFooter {
    do {
      try runWorkers(options.threads) { [self] _ in
        do { try work() } catch {
          turnstile.close()
          output.close()
          throw error
        }
      }
      guard widening.isEmpty else { return StoreFooter() }
      if let current, rowsInCurrent > 0 {
        let encoded = try RowGroupEncoder.encode(
          current, rowCount: rowsInCurrent, state: state, threads: options.threads)
        try output.write(encoded, index: current.index)
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("\(error)")
    }
    try rejects?.close()
    var footer = StoreFooter()
    footer.clusterColumn = plan.clusterColumn
    footer.rowGroups = output.directories
    footer.files = tallies.map(\.entry)
    let scratch = EncodingScratch(try ZstdCompressor())
    footer.columns = try state.writeColumns(to: output.file, scratch: scratch)
    return footer
  }

  private func work() throws(StoreError) {
    let encoder = try RowGroupEncoder(state: state)
    while true {
      let next = try source.withLock { source throws(StoreError) in try source.next() }
      guard let chunk = next else { return }
      let parsed = ParsedChunk(
        chunk, columns: plan.columns, layout: layouts[chunk.file],
        delimiter: options.dialect.delimiter)
      parsed.rejectMisfits(
        chunk, columns: plan.columns, layout: layouts[chunk.file],
        delimiter: options.dialect.delimiter
      ) { typesAreFixed || $0.type == .varchar }
      let merged = try turnstile.pass(chunk.index) { () throws(StoreError) in
        try takeIn(parsed, chunk)
      }
      source.withLock { $0.recycle(chunk) }
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

  private func takeIn(_ parsed: ParsedChunk, _ chunk: CSVChunk) throws(StoreError) -> Merged {
    tallies[parsed.file].lineCount += chunk.skippedLines
    try account(parsed)
    defer { tallies[parsed.file].add(parsed) }
    report?(
      IngestProgress(
        bytesRead: source.withLock { $0.position }, rowCount: rowCount + parsed.rowCount))
    if !typesAreFixed {
      widening.note(parsed, chunk, layout: layouts[chunk.file], options, tallies[parsed.file])
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
      first += count
      rowsInCurrent += count
      if rowsInCurrent == group.capacity { current = nil }
    }
    return merged
  }

  private func startRowGroup() -> RowGroupData {
    let group = RowGroupData(
      index: rowGroupCount, capacity: plan.rowGroupRows, plans: plan.columns)
    rowGroupCount += 1
    rowsInCurrent = 0
    current = group
    return group
  }

  private func account(_ parsed: ParsedChunk) throws(StoreError) {
    let tally = tallies[parsed.file]
    for row in parsed.malformed {
      let line = tally.lineCount + row.line + 1
      guard let rejects else {
        let column = row.column.map { "column \($0): " } ?? ""
        throw StoreError("\(column)\(row.reason)", at: "\(tally.path):\(line)")
      }
      try rejects.write(row, file: tally.path, line: line)
    }
  }

  var totals: (rowCount: Int, rejectedCount: Int) {
    (rowCount, tallies.reduce(0) { $0 + $1.rejectedCount })
  }
}

/// What was read of one file so far.
struct FileTally {
  let path: String
  var lineCount = 0
  var rowCount = 0
  var rejectedCount = 0
  private var chunkHashes: [UInt64] = []

  init(path: String) { self.path = path }

  mutating func add(_ chunk: ParsedChunk) {
    lineCount += chunk.lineCount
    rowCount += chunk.rowCount
    rejectedCount += chunk.malformed.count
    chunkHashes.append(chunk.contentHash)
  }

  /// The ledger's entry; the content's hash is that of its chunks' hashes.
  var entry: StoreFooter.File {
    StoreFooter.File(
      path: path, contentHash: chunkHashes.withUnsafeBytes { XXH64.hash($0) },
      rowCount: rowCount, rejectedCount: rejectedCount)
  }
}
