import ColStore

/// The least or greatest value of types that have no fixed width: kept as a row of a vector, or as the
/// rank of a dictionary's entry.
final class ValueExtreme: RepetitionBlindAccumulator {
  private var best: [(vector: Vector, row: Int)?] = []
  private var ranked: RankedEntries?
  /// Of each group the greatest rank among the dictionary's entries, 0 where it has none.
  private let bestRanks = StateArray<UInt32>()
  private let type: DataType
  private let wantsLess: Bool

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) {
    bestRanks.resize(to: count)
    while best.count < count { best.append(nil) }
  }

  private func offer(_ vector: Vector, _ row: Int, to group: Int) {
    if let own = best[group] {
      let order = RowComparison.compare(vector, row, own.vector, own.row)
      // Of intervals that are equal, as a month and its days are, the last is taken.
      let isKept = type == .interval ? order != 0 : true
      if isKept && (wantsLess ? order >= 0 : order <= 0) { return }
    }
    best[group] = (vector, row)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let vector = arguments[0]
    if let dictionary = vector.dictionary, let codes = vector.codes,
      dictionary.count <= RankedEntries.countMax
    {
      if ranked == nil { ranked = RankedEntries(dictionary, wantsLess: wantsLess) }
      if let ranked, ranked.dictionary === dictionary {
        let (best, ranks) = (bestRanks.states, ranked.ranks)
        for row in 0..<count {
          let group = Int(groups[row])
          best[group] = max(best[group], ranks[Int(codes[row])])
        }
        return
      }
    }
    // Bests hold on to their vector; entries of a dictionary are shared, rows are copied out.
    for row in 0..<count where !vector.isNull(row) {
      let source = vector.dictionary ?? vector
      offer(source, vector.dictionary == nil ? row : vector.position(of: row), to: Int(groups[row]))
    }
  }

  /// The best of a group, ranked or not.
  private func settle(_ group: Int) -> (vector: Vector, row: Int)? {
    if let ranked, bestRanks[group] > 0 {
      offer(ranked.dictionary, ranked.code(ofRank: bestRanks[group]), to: group)
      bestRanks[group] = 0
    }
    return best[group]
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? ValueExtreme else { return }
    for group in 0..<count {
      if let found = other.settle(group) { offer(found.vector, found.row, to: Int(mapping[group])) }
    }
  }

  func finish(count: Int) -> Vector {
    RowPicker.pick((0..<count).map { settle($0) }, type: type, count: count)
  }
}

/// The entries of a dictionary by their order.
private final class RankedEntries {
  let dictionary: Vector
  /// From 1 the ranks of the entries, those that are wanted most having the greatest; 0 for NULL.
  let ranks: UnsafePointer<UInt32>
  private let rankMemory: Buffer
  private let codes: Selection

  /// The most entries that are worth sorting.
  static let countMax = 1 << 14

  init(_ dictionary: Vector, wantsLess: Bool) {
    self.dictionary = dictionary
    codes = SortOrder.rows(
      [SortColumn(vector: dictionary, descending: wantsLess, nullsFirst: true)],
      count: dictionary.count)
    rankMemory = Buffer(UInt32.self, count: max(dictionary.count, 1))
    let ranks = rankMemory.pointer(UInt32.self)
    for place in 0..<dictionary.count {
      let code = Int(codes.pointer[place])
      ranks[code] = dictionary.isNull(code) ? 0 : UInt32(place + 1)
    }
    self.ranks = UnsafePointer(ranks)
  }

  func code(ofRank rank: UInt32) -> Int { Int(codes.pointer[Int(rank) - 1]) }
}
