import Glibc

/// Loads CSV files into a store.
public enum Ingest {
  /// Adds all rows of `files`, which are matched by column name, to the store at `path`, and makes
  /// it if there is none.
  ///
  /// A file whose content the store has already is left out, and a note says so. All rows appear at
  /// once when all is done; an error leaves what was there before.
  public static func run(
    files: [String], into path: String, options: IngestOptions = IngestOptions(),
    progress: (@Sendable (IngestProgress) -> Void)? = nil
  ) throws(StoreError) -> IngestReport {
    let base = access(path, F_OK) == 0 ? try StoreBase(appendingTo: path) : nil
    let target = try LoadTarget(path, base: base, replacing: options.replaced)
    return try Load(target: target, options: options, progress: progress).run(files)
  }
}

/// One call of ``Ingest``: passes over the files until types and ledger are settled.
private struct Load {
  let target: LoadTarget
  let options: IngestOptions
  let progress: (@Sendable (IngestProgress) -> Void)?

  private var known: [StoreFooter.Column] { target.base?.footer.columns ?? [] }

  func run(_ given: [String]) throws(StoreError) -> IngestReport {
    var notes: [String] = []
    let ledger = Ledger(target.keptFiles)
    var files = try ledger.leavingOut(given, options.dialect, notes: &notes)
    let byteCount = files.reduce(0) { $0 + fileByteCount($1) }
    var widened: [String: DataType] = [:]
    var typeNotes: [String] = []
    // After one pass over everything the types are known; a second pass then fits. Files that turn
    // out to be loaded already cost one more.
    var passes = 0
    while !files.isEmpty {
      let table = try InputTable(
        files: files, dialect: options.dialect, known: known.map(\.name), schema: options.schema,
        threads: options.threads)
      let (plan, found) = try table.planner.plan(
        knowledge(of: table.names, widened), clustering: options.clustering,
        base: target.base?.footer, settlesTypes: passes >= 2)
      if passes == 0 { typeNotes = found }
      let file = try target.makeFile()
      let pipeline = try makePipeline(plan, files, table, file)
      let rowGroups = try pipeline.run()
      if !pipeline.widening.isEmpty {
        typeNotes += pipeline.widening.notes
        for (column, type) in zip(plan.columns, pipeline.widening.widenedTypes) {
          widened[column.name] = type
        }
        passes += 1
        continue
      }
      let entries = pipeline.tallies.map(\.entry)
      let loaded = ledger.indicesOfNew(entries, notes: &notes)
      guard loaded.count == files.count else {
        files = loaded.map { files[$0] }
        continue
      }
      let storeBytes = try target.commit(
        rowGroups, entries, pipeline.state, to: file, threads: options.threads)
      let before = target.isReplacing ? 0 : target.base?.rowCount ?? 0
      return IngestReport(
        rowCount: entries.reduce(0) { $0 + $1.rowCount },
        totalRowCount: before + pipeline.rowCount,
        rejectedCount: entries.reduce(0) { $0 + $1.rejectedCount }, bytesRead: byteCount,
        storeBytes: storeBytes, notes: notes + typeNotes)
    }
    guard let base = target.base else { throw StoreError("there are no files to ingest") }
    guard !target.isReplacing else {
      throw StoreError(
        (notes + ["there is nothing to replace with"]).joined(separator: "; "), at: target.path)
    }
    return IngestReport(
      rowCount: 0, totalRowCount: base.rowCount, rejectedCount: 0, bytesRead: 0,
      storeBytes: base.end, notes: notes)
  }

  private func makePipeline(
    _ plan: IngestPlan, _ files: [String], _ table: InputTable, _ file: StoreFile
  ) throws(StoreError) -> IngestPipeline {
    let rows = CSVRowSource(
      files: files, layouts: table.layouts, dialect: options.dialect,
      firstLedgerFile: target.keptFiles.count)
    return IngestPipeline(
      state: try target.makeState(plan, threads: options.threads), source: target.rows(with: rows),
      tallies: files.map { FileTally(path: $0, byteCount: fileByteCount($0)) },
      rejects: try options.rejectsPath.map { path throws(StoreError) in try RejectsFile(path) },
      file: file, threads: options.threads, isCancelled: options.isCancelled, report: progress)
  }

  /// What is known of the columns before their rows are read.
  private func knowledge(
    of names: [String], _ widened: [String: DataType]
  ) throws(StoreError) -> [ColumnKnowledge] {
    var knowledge: [ColumnKnowledge] = []
    for (number, name) in names.enumerated() {
      let given = options.schema?.first { $0.name.lowercased() == name.lowercased() }
      if let base = target.base, number < known.count {
        if let given, given.type != known[number].type {
          throw StoreError(
            "column \(name) is of type \(known[number].type), which appending cannot change",
            at: target.path)
        }
        knowledge.append(.plan(base.columnPlan(number)))
      } else if let given {
        knowledge.append(.type(given.type, isSettled: true))
      } else {
        knowledge.append(widened[name].map { .type($0, isSettled: false) } ?? .nothing)
      }
    }
    return knowledge
  }
}

/// The size of a file on disk; 0 where it is none.
func fileByteCount(_ path: String) -> Int {
  var status = stat()
  guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
  return Int(status.st_size)
}
