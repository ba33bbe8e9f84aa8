/// Makes the plan of an ingest from the first chunks of its first file: infers the types that are
/// not known, and leaves the rest to ``StructurePlanner``.
struct IngestPlanner {
  let names: [String]
  /// The file that the sample is from.
  let path: String
  /// The first chunks of the file.
  let chunks: [CSVRowChunk]
  let threads: Int

  /// - Parameters:
  ///   - knowledge: what is known of each column.
  ///   - base: the footer of the store that is appended to, which has the first columns.
  ///   - settlesTypes: whether the types found now are the last word.
  func plan(
    _ knowledge: [ColumnKnowledge], clustering: Clustering, base: StoreFooter?, settlesTypes: Bool
  ) throws(StoreError) -> (plan: IngestPlan, notes: [String]) {
    let sample = names.map { _ in DictionaryParser(type: .varchar) }
    _ = chunks[0].parse(parsers: sample)
    var notes: [String] = []
    let known = knowledge.enumerated().map { number, known -> ColumnKnowledge in
      var type = DataType.null
      var isSettled = settlesTypes
      switch known {
      case .plan: return known
      case .type(let given, let settled):
        type = given
        isSettled = settled || settlesTypes
      case .nothing:
        let sampled = ColumnSample(sample[number])
        // Without any value the type stays open, so that the first value to come is noticed.
        if !sampled.profile.isEmpty { type = sampled.profile.type }
        if let note = note(names[number], sampled, sample[number]) { notes.append(note) }
      }
      // Nothing is wider than VARCHAR.
      return .type(type, isSettled: isSettled || type == .varchar)
    }
    let planner = StructurePlanner(
      chunks: chunks, sample: sample, place: path, threads: threads)
    return (
      try planner.plan(known, names: names, clustering: clustering, base: base), notes
    )
  }

  /// A sentence for each column that is VARCHAR because of a few of the sample's values.
  private func note(_ name: String, _ sampled: ColumnSample, _ column: DictionaryParser) -> String?
  {
    guard let misfits = sampled.misfits else { return nil }
    var row = 0
    while column.codes[row] != UInt32(misfits.firstEntry) { row += 1 }
    return WideningFinding.note(
      column: name, type: misfits.type, count: misfits.count,
      place: "\(path):\(chunks[0].line(ofRow: row) + 1)")
  }
}
