import Synchronization

/// What is known of a column before its rows are read.
enum ColumnKnowledge {
  case nothing
  /// Its type: given, or found in an earlier pass.
  case type(DataType, isSettled: Bool)
  /// All: the store that is appended to has it.
  case plan(ColumnPlan)
}

/// Decides how the columns of a table are stored, from its first rows: which have a dictionary,
/// which follow from others, and by which rows are brought together. Types are known.
struct StructurePlanner {
  static let sampleChunksMax = 8

  /// The first rows. Structure is found in the first chunk, the clustering in all, since what lies
  /// together in a row group may lie far apart in the input.
  let chunks: [any RowChunk]
  /// The first chunk's columns by distinct values.
  let sample: [DictionaryParser]
  /// The file, for errors.
  let place: String
  let threads: Int

  private var sampleRows: Int { sample.first?.codes.count ?? 0 }

  /// - Parameters:
  ///   - knowledge: of each column its type, or all.
  ///   - base: the footer of the store that is appended to, which has the first columns.
  func plan(
    _ knowledge: [ColumnKnowledge], names: [String], clustering: Clustering,
    base: StoreFooter? = nil
  ) throws(StoreError) -> IngestPlan {
    var plans: [ColumnPlan] = []
    for (number, known) in knowledge.enumerated() {
      switch known {
      case .plan(let plan): plans.append(plan)
      case .type(let type, let isSettled):
        plans.append(
          ColumnPlan(
            name: names[number], type: type, usesDictionary: dictionaryPays(type, sample[number]),
            isTypeSettled: isSettled))
      case .nothing: preconditionFailure("types are known before the structure is planned")
      }
    }
    let chosen = try column(of: clustering, plans, base)
    if let chosen, base == nil { plans[chosen].usesDictionary = true }
    let structure = StructureDetection(columns: sample, plans: plans, rowCount: sampleRows)
    for (number, parent) in structure.parents().enumerated() {
      if case .plan = knowledge[number] { continue }
      plans[number].parent = parent
    }
    var plan = IngestPlan(columns: plans)
    if let base {
      plan.clusterColumn = base.clusterColumn
    } else if clustering == .automatic {
      let withParents = StructureDetection(columns: sample, plans: plans, rowCount: sampleRows)
      plan.clusterColumn = try bestClusterColumn(withParents.clusterCandidates(), plan)
    } else {
      plan.clusterColumn = chosen
    }
    return plan
  }

  /// A dictionary pays where values repeat; measures and times are better kept as numbers.
  private func dictionaryPays(_ type: DataType, _ column: DictionaryParser) -> Bool {
    let distinct = column.dictionary.count - 1
    let values = sampleRows - column.nullRows.count
    switch type {
    case .varchar: return distinct <= 4096 || distinct * 10 <= values * 7
    case .uuid: return distinct * 4 <= values * 3
    case .integer, .bigint: return distinct * 2 <= values
    case .date: return distinct * 8 <= values
    case .boolean, .double, .decimal, .timestamp, .null, .interval, .time, .list, .map:
      return false
    }
  }

  // MARK: - Clustering

  /// The column that the user wants rows to lie together by.
  private func column(
    of clustering: Clustering, _ plans: [ColumnPlan], _ base: StoreFooter?
  ) throws(StoreError) -> Int? {
    var found: Int?
    if case .column(let wanted) = clustering { found = try column(named: wanted, plans) }
    if let base, clustering != .automatic, found != base.clusterColumn {
      let current = base.clusterColumn.map { "by \"\(plans[$0].name)\"" } ?? "by no column"
      throw StoreError(
        "the store's rows are clustered \(current); that cannot be changed by appending",
        at: place)
    }
    return found
  }

  private func column(named wanted: String, _ plans: [ColumnPlan]) throws(StoreError) -> Int {
    guard let number = plans.firstIndex(where: { $0.name.lowercased() == wanted.lowercased() })
    else {
      let nearest = nearestName(to: wanted, among: plans.map(\.name))
      throw StoreError(
        "there is no column \"\(wanted)\" to cluster by"
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: place)
    }
    switch plans[number].type {
    case .boolean, .double:
      throw StoreError(
        "rows cannot be clustered by \"\(wanted)\", a column of type \(plans[number].type)",
        at: place)
    default: return number
    }
  }

  /// Tries each candidate, and none, on the sample; the smallest result wins.
  private func bestClusterColumn(
    _ candidates: [Int], _ plan: IngestPlan
  ) throws(StoreError) -> Int? {
    guard !candidates.isEmpty else { return nil }
    let state = StoreState(plan: plan)
    // Here every value that does not fit may be left out.
    var settled = plan.columns
    for number in settled.indices { settled[number].isTypeSettled = true }
    let data = RowGroupData(
      index: 0, capacity: plan.clusteredRowGroupRows, plans: plan.columns, pool: BufferPool())
    let rowCount = try fill(data, settled, state)
    guard rowCount > 0 else { return nil }
    let trials: [Int?] = candidates + [nil]
    let counter = WorkCounter(count: trials.count)
    let found = Mutex([Int](repeating: 0, count: trials.count))
    do {
      try runWorkers(min(threads, trials.count)) { _ in
        let encoder = try RowGroupEncoder(state: state)
        while let trial = counter.next() {
          let encoded = try encoder.encode(
            data, rowCount: rowCount, clusterColumn: trials[trial], keepsData: true)
          found.withLock { $0[trial] = encoded.byteCount }
        }
      }
    } catch {
      throw (error as? StoreError) ?? StoreError("\(error)", at: place)
    }
    let sizes = found.withLock { $0 }
    // Clustering must save a twentieth to be worth the changed order.
    guard let smallest = sizes.dropLast().min(), let unclustered = sizes.last,
      smallest <= unclustered * 19 / 20
    else { return nil }
    return zip(candidates, sizes).first { $0.1 == smallest }?.0
  }

  /// Parses the chunks into a row group, as far as it holds them, and returns how many rows it has.
  private func fill(
    _ data: RowGroupData, _ plans: [ColumnPlan], _ state: StoreState
  ) throws(StoreError) -> Int {
    let counter = WorkCounter(count: chunks.count)
    let turnstile = Turnstile()
    let filled = Mutex(0)
    do {
      try runWorkers(min(threads, chunks.count)) { _ in
        let memory = ParsingMemory()
        while let number = counter.next() {
          let parsed = chunks[number].parse(plans, memory)
          let place = turnstile.pass(number) {
            filled.withLock { filled in
              let first = filled
              filled = min(first + parsed.rowCount, data.capacity)
              return (rows: first..<filled, codeMaps: state.merge(parsed))
            }
          }
          guard let place else { return }
          data.fill(
            from: parsed, rows: 0..<place.rows.count, at: place.rows.lowerBound,
            codeMaps: place.codeMaps)
        }
      }
    } catch {
      throw (error as? StoreError) ?? StoreError("\(error)", at: place)
    }
    return filled.withLock { $0 }
  }
}
