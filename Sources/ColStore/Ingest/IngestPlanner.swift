/// Makes the plan of an ingest from the first chunks of its first file: types and structure from the
/// first, the clustering from all, since what lies together in a row group may lie far apart in
/// the file.
struct IngestPlanner {
  static let sampleChunksMax = 8

  let names: [String]
  /// The file that the sample is from.
  let path: String
  let samples: [CSVChunk]
  let layout: FileLayout
  let dialect: CSVDialect

  private var sample: CSVChunk { samples[0] }

  /// - Parameter types: the columns' types where they are known, nil to infer from the sample.
  func plan(
    types: [DataType]?, clustering: Clustering
  ) throws(StoreError) -> (plan: IngestPlan, notes: [String]) {
    let texts = ParsedChunk(
      sample, columns: names.map { ColumnPlan(name: $0, type: .varchar, usesDictionary: true) },
      layout: layout, delimiter: dialect.delimiter)
    let columns = texts.columns.compactMap { $0 as? DictionaryParser }
    var plans: [ColumnPlan] = []
    var notes: [String] = []
    for (number, column) in columns.enumerated() {
      let type: DataType
      if let types {
        type = types[number]
      } else {
        let sampled = ColumnSample(column)
        // Without any value the type stays open, so that the first value to come is noticed.
        type = sampled.profile.isEmpty ? .null : sampled.profile.type
        if let note = note(names[number], sampled, column) { notes.append(note) }
      }
      plans.append(
        ColumnPlan(
          name: names[number], type: type,
          usesDictionary: Self.dictionaryPays(type, column, rowCount: texts.rowCount)))
    }
    let chosen = try column(of: clustering, plans)
    if let chosen { plans[chosen].usesDictionary = true }
    let structure = StructureDetection(columns: columns, plans: plans, rowCount: texts.rowCount)
    for (number, parent) in structure.parents().enumerated() { plans[number].parent = parent }
    var plan = IngestPlan(columns: plans)
    if clustering == .automatic {
      let withParents = StructureDetection(columns: columns, plans: plans, rowCount: texts.rowCount)
      plan.clusterColumn = try bestClusterColumn(withParents.clusterCandidates(), plan)
    } else {
      plan.clusterColumn = chosen
    }
    return (plan, notes)
  }

  /// The column that the user wants rows to lie together by.
  private func column(
    of clustering: Clustering, _ plans: [ColumnPlan]
  ) throws(StoreError) -> Int? {
    guard case .column(let wanted) = clustering else { return nil }
    guard let number = names.firstIndex(where: { $0.lowercased() == wanted.lowercased() }) else {
      let nearest = nearestName(to: wanted, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw StoreError("there is no column \"\(wanted)\" to cluster by\(nearest)", at: path)
    }
    switch plans[number].type {
    case .boolean, .double:
      throw StoreError(
        "rows cannot be clustered by \"\(wanted)\", a column of type \(plans[number].type)",
        at: path)
    default: return number
    }
  }

  /// A sentence for each column that is VARCHAR because of a few of the sample's values.
  private func note(_ name: String, _ sampled: ColumnSample, _ column: DictionaryParser) -> String?
  {
    guard let misfits = sampled.misfits else { return nil }
    var row = 0
    while column.codes[row] != UInt32(misfits.firstEntry) { row += 1 }
    var line = 0
    sample.locate(rows: [row], layout: layout, delimiter: dialect.delimiter) { _, found, _ in
      line = found
    }
    return WideningFinding.note(
      column: name, type: misfits.type, count: misfits.count,
      place: "\(path):\(sample.skippedLines + line + 1)")
  }

  /// A dictionary pays where values repeat; measures and times are better kept as numbers.
  private static func dictionaryPays(
    _ type: DataType, _ column: DictionaryParser, rowCount: Int
  ) -> Bool {
    let distinct = column.dictionary.count - 1
    let values = rowCount - column.nullRows.count
    switch type {
    case .varchar: return distinct <= 4096 || distinct * 10 <= values * 7
    case .uuid: return distinct * 4 <= values * 3
    case .integer, .bigint: return distinct * 2 <= values
    case .date: return distinct * 8 <= values
    case .boolean, .double, .decimal, .timestamp, .null, .interval, .time, .list, .map:
      return false
    }
  }

  /// Tries each candidate, and none, on the sample; the smallest result wins.
  private func bestClusterColumn(
    _ candidates: [Int], _ plan: IngestPlan
  ) throws(StoreError) -> Int? {
    guard !candidates.isEmpty else { return nil }
    let state = StoreState(plan: plan)
    let chunks = samples.map { sample in
      let chunk = ParsedChunk(
        sample, columns: plan.columns, layout: layout, delimiter: dialect.delimiter)
      chunk.rejectMisfits(
        sample, columns: plan.columns, layout: layout, delimiter: dialect.delimiter
      ) { _ in true }
      return chunk
    }
    let rowCount = min(chunks.reduce(0) { $0 + $1.rowCount }, plan.rowGroupRows)
    guard rowCount > 0 else { return nil }
    let data = RowGroupData(index: 0, capacity: rowCount, plans: plan.columns)
    var filled = 0
    for chunk in chunks {
      let codeMaps = state.merge(chunk)
      let count = min(chunk.rowCount, rowCount - filled)
      data.fill(from: chunk, rows: 0..<count, at: filled, codeMaps: codeMaps)
      filled += count
    }
    let encoder = try RowGroupEncoder(state: state)
    func bytes(_ column: Int?) throws(StoreError) -> Int {
      try encoder.encode(data, rowCount: rowCount, clusterColumn: column).byteCount
    }
    var sizes: [(column: Int, bytes: Int)] = []
    for candidate in candidates { sizes.append((candidate, try bytes(candidate))) }
    // Clustering must save a twentieth to be worth the changed order. Among candidates of nearly
    // the same size the one with the most distinct values wins: the groups hardest to find else.
    let smallest = sizes.reduce(Int.max) { min($0, $1.bytes) }
    let limit = min(try bytes(nil) * 19 / 20, smallest + smallest / 8)
    let best = sizes.first { $0.bytes <= limit }?.column
    return best
  }
}
