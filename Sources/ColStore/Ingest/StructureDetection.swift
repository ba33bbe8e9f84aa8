/// Finds in a table's first rows how its columns hang together.
///
/// A column is derived from another where equal values of that one go with equal values of its
/// own. The finding need not be true of later rows: they are stored as exceptions.
struct StructureDetection {
  /// The sample's columns as texts: a code a row, and distinct texts.
  let columns: [DictionaryParser]
  let plans: [ColumnPlan]
  let rowCount: Int

  private static let rowsMax = 16_384
  private static let columnsMax = 24
  /// Of the rows that repeat a parent's value, so many may be exceptions: for codes, for words.
  private static let codeExceptionShare = 0.02
  private static let wordExceptionShare = 0.25

  init(columns: [DictionaryParser], plans: [ColumnPlan], rowCount: Int) {
    self.columns = columns
    self.plans = plans
    self.rowCount = min(rowCount, Self.rowsMax)
  }

  /// For each column the column it is best derived from.
  func parents() -> [Int?] {
    var parents = [Int?](repeating: nil, count: plans.count)
    let considered = Array(plans.indices.prefix(Self.columnsMax))
    for child in considered {
      guard isDerivable(child) else { continue }
      var best: (parent: Int, exceptions: Int, distinct: Int)?
      for parent in considered where mayDetermine(parent, child) {
        let share = plans[child].usesDictionary ? Self.codeExceptionShare : Self.wordExceptionShare
        let distinct = distinctCount(parent)
        // A parent must repeat, or following it proves nothing.
        let repeats = rowCount - distinct
        guard repeats * 8 >= rowCount else { continue }
        let limit = Int(Double(repeats) * share)
        guard let exceptions = exceptions(of: child, from: parent, limit: limit) else { continue }
        if let best, (best.exceptions, best.distinct) <= (exceptions, distinct) { continue }
        best = (parent, exceptions, distinct)
      }
      parents[child] = best?.parent
    }
    return flattened(parents)
  }

  /// A parent's own parent determines the child as well: one step is faster to follow than two.
  private func flattened(_ parents: [Int?]) -> [Int?] {
    parents.map { parent in
      guard var root = parent else { return nil }
      while let next = parents[root] { root = next }
      return root
    }
  }

  private func isDerivable(_ child: Int) -> Bool {
    (plans[child].usesDictionary || plans[child].type.isStoredAsWords) && distinctCount(child) > 1
  }

  /// Only a column with more distinct values can be a parent, so that there are no cycles; of two
  /// with equally many, the first.
  private func mayDetermine(_ parent: Int, _ child: Int) -> Bool {
    guard parent != child, plans[parent].usesDictionary else { return false }
    let (ofParent, ofChild) = (columns[parent].dictionary.count, columns[child].dictionary.count)
    if ofParent != ofChild { return ofParent > ofChild || !plans[child].usesDictionary }
    return parent < child || !plans[child].usesDictionary
  }

  private func distinctCount(_ column: Int) -> Int {
    var highest: UInt32 = 0
    for row in 0..<rowCount { highest = max(highest, columns[column].codes[row]) }
    return Int(highest)
  }

  /// Rows whose value is not that of the row before with the same parent; nil above `limit`.
  private func exceptions(of child: Int, from parent: Int, limit: Int) -> Int? {
    let children = columns[child].codes.start
    let parents = columns[parent].codes.start
    var latest = [UInt32](repeating: UInt32.max, count: columns[parent].dictionary.count)
    var exceptions = 0
    for row in 0..<rowCount {
      let code = Int(parents[row])
      if latest[code] != children[row] {
        if latest[code] != UInt32.max {
          exceptions += 1
          if exceptions > limit { return nil }
        }
        latest[code] = children[row]
      }
    }
    return exceptions
  }

  /// Columns worth a try as clustering column, the most distinct first.
  func clusterCandidates() -> [Int] {
    let candidates = plans.indices.prefix(Self.columnsMax).filter { column in
      let distinct = columns[column].dictionary.count - 1
      return plans[column].usesDictionary && plans[column].parent == nil && distinct >= 16
        && columns[column].codes.count * 2 >= distinct * 3
    }
    let ranked = candidates.sorted {
      columns[$0].dictionary.count > columns[$1].dictionary.count
    }
    return Array(ranked.prefix(3))
  }
}
