/// What an ingest starts from: nothing, a store to append to, or a store some of whose files are
/// replaced.
struct LoadTarget {
  let path: String
  /// The store that is there, locked against other writers.
  let base: StoreBase?
  /// For each file of the store's ledger its number afterwards; nil where its rows do not stay.
  private let newNumbers: [Int?]

  init(_ path: String, base: StoreBase?, replacing names: [String]) throws(StoreError) {
    self.path = path
    self.base = base
    let files = base?.footer.files ?? []
    var replaced: Set<Int> = []
    for name in names {
      let matches = files.indices.filter { files[$0].path == name || files[$0].name == name }
      guard !matches.isEmpty else {
        let wanted = name.split(separator: "/").last.map(String.init) ?? name
        let nearest = nearestName(to: wanted, among: files.map { String($0.name) })
        throw StoreError(
          "\(name) cannot be replaced: it is not loaded"
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: path)
      }
      replaced.formUnion(matches)
    }
    var next = 0
    newNumbers = files.indices.map { number in
      if replaced.contains(number) { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// Whether rows of the store go, so that it is written anew.
  var isReplacing: Bool { newNumbers.contains(nil) }

  /// The ledger without what is replaced.
  var keptFiles: [StoreFooter.File] {
    zip(base?.footer.files ?? [], newNumbers).filter { $0.1 != nil }.map(\.0)
  }

  func makeFile() throws(StoreError) -> StoreFile {
    if let base, !isReplacing { return try base.makeFile() }
    return try StoreFile(creating: path, replaces: isReplacing)
  }

  func makeState(_ plan: IngestPlan, threads: Int) throws(StoreError) -> StoreState {
    if let base, !isReplacing { return try base.restoredState(plan, threads: threads) }
    return StoreState(plan: plan)
  }

  /// The rows to write: those that stay, where they are written anew, and the new ones.
  func rows(with new: any RowChunkSource) -> any RowChunkSource {
    guard let base, isReplacing else { return new }
    return ConcatenatedRows([KeptRows(base.store, newNumbers: newNumbers), new])
  }

  /// Writes what the rows share, makes all of it the state of the store, and returns its size.
  func commit(
    _ rowGroups: [StoreFooter.RowGroup], _ entries: [StoreFooter.File], _ state: StoreState,
    to file: StoreFile, threads: Int
  ) throws(StoreError) -> Int {
    let old = isReplacing ? nil : base?.footer
    var footer = StoreFooter()
    footer.clusterColumn = state.plan.clusterColumn
    footer.rowGroups = (old?.rowGroups ?? []) + rowGroups
    footer.files = keptFiles + entries
    footer.columns = try state.writeColumns(
      to: file, keeping: old?.columns ?? [], threads: threads)
    try file.commit(footer)
    guard old != nil, Compaction.pays(footer, fileBytes: file.end) else { return file.end }
    return try Compaction.run(footer, path: path).end
  }
}

extension StoreFooter.File {
  /// The file's name without its folder.
  var name: Substring { path.split(separator: "/").last ?? path[...] }
}
