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
    guard access(path, F_OK) == 0 else {
      return try Load(into: path, base: nil, options: options, progress: progress).run(files)
    }
    let base = try StoreBase(appendingTo: path)
    return try Load(into: path, base: base, options: options, progress: progress).run(files)
  }
}

/// One call of ``Ingest``: passes over the files until types and ledger are settled.
private struct Load {
  let path: String
  let base: StoreBase?
  let options: IngestOptions
  let progress: (@Sendable (IngestProgress) -> Void)?

  init(
    into path: String, base: StoreBase?, options: IngestOptions,
    progress: (@Sendable (IngestProgress) -> Void)?
  ) {
    self.path = path
    self.base = base
    self.options = options
    self.progress = progress
  }

  func run(_ files: [String]) throws(StoreError) -> IngestReport {
    var notes: [String] = []
    var files = files
    if let base {
      files = try Ledger(base.footer.files).leavingOut(files, options.dialect, notes: &notes)
    }
    let byteCount = files.reduce(0) { $0 + fileByteCount($1) }
    var widened: [String: DataType] = [:]
    var typeNotes: [String] = []
    // After one pass over everything the types are known; a second pass then fits. Files that turn
    // out to be loaded already cost one more.
    var passes = 0
    while !files.isEmpty {
      let table = try InputTable(
        files: files, dialect: options.dialect, known: base?.footer.columns.map(\.name) ?? [],
        schema: options.schema)
      let (plan, found) = try table.planner.plan(
        knowledge(of: table.names, widened), clustering: options.clustering, base: base?.footer,
        settlesTypes: passes >= 2)
      if passes == 0 { typeNotes = found }
      let file = try makeFile()
      let pipeline = IngestPipeline(
        state: try base?.restoredState(plan, threads: options.threads) ?? StoreState(plan: plan),
        source: CSVRowSource(files: files, layouts: table.layouts, dialect: options.dialect),
        tallies: files.map { FileTally(path: $0, byteCount: fileByteCount($0)) },
        fileCountBefore: base?.footer.files.count ?? 0,
        rejects: try options.rejectsPath.map { path throws(StoreError) in try RejectsFile(path) },
        file: file, threads: options.threads, report: progress)
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
      let loaded = Ledger(base?.footer.files ?? []).indicesOfNew(entries, notes: &notes)
      guard loaded.count == files.count else {
        files = loaded.map { files[$0] }
        continue
      }
      let storeBytes = try commit(rowGroups, entries, pipeline.state, to: file)
      return IngestReport(
        rowCount: pipeline.rowCount,
        totalRowCount: (base?.rowCount ?? 0) + pipeline.rowCount,
        rejectedCount: entries.reduce(0) { $0 + $1.rejectedCount }, bytesRead: byteCount,
        storeBytes: storeBytes, notes: notes + typeNotes)
    }
    guard let base else { throw StoreError("there are no files to ingest") }
    return IngestReport(
      rowCount: 0, totalRowCount: base.rowCount, rejectedCount: 0, bytesRead: 0,
      storeBytes: base.end, notes: notes)
  }

  private func makeFile() throws(StoreError) -> StoreFile {
    if let base { return try base.makeFile() }
    return try StoreFile(creating: path)
  }

  /// What is known of the columns before their rows are read.
  private func knowledge(of names: [String], _ widened: [String: DataType]) -> [ColumnKnowledge] {
    names.enumerated().map { number, name in
      if let base, number < base.footer.columns.count { return .plan(base.columnPlan(number)) }
      if let given = options.schema?.first(where: { $0.name.lowercased() == name.lowercased() }) {
        return .type(given.type, isSettled: true)
      }
      return widened[name].map { .type($0, isSettled: false) } ?? .nothing
    }
  }

  /// Returns the size of the store.
  private func commit(
    _ rowGroups: [StoreFooter.RowGroup], _ entries: [StoreFooter.File], _ state: StoreState,
    to file: StoreFile
  ) throws(StoreError) -> Int {
    var footer = StoreFooter()
    footer.clusterColumn = state.plan.clusterColumn
    footer.rowGroups = (base?.footer.rowGroups ?? []) + rowGroups
    footer.files = (base?.footer.files ?? []) + entries
    footer.columns = try state.writeColumns(
      to: file, keeping: base?.footer.columns ?? [],
      scratch: EncodingScratch(try ZstdCompressor()))
    try file.commit(footer)
    guard base != nil, Compaction.pays(footer, fileBytes: file.end) else { return file.end }
    return try Compaction.run(footer, path: path).end
  }
}

/// The size of a file on disk; 0 where it is none.
func fileByteCount(_ path: String) -> Int {
  var status = stat()
  guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
  return Int(status.st_size)
}
