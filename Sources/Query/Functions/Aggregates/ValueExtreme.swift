import ColStore

/// The least or greatest value of types that have no fixed width: kept as a row of a vector.
final class ValueExtreme: RepetitionBlindAccumulator {
  private var best: [(vector: Vector, row: Int)?] = []
  private let type: DataType
  private let wantsLess: Bool

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) {
    while best.count < count { best.append(nil) }
  }

  private func offer(_ vector: Vector, _ row: Int, to group: Int) {
    if let own = best[group] {
      let order = RowComparison.compare(vector, row, own.vector, own.row)
      if wantsLess ? order >= 0 : order <= 0 { return }
    }
    best[group] = (vector, row)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    // Bests hold on to their vector; entries of a dictionary are shared, rows are copied out.
    let vector = arguments[0]
    for row in 0..<count where !vector.isNull(row) {
      let source = vector.dictionary ?? vector
      offer(source, vector.dictionary == nil ? row : vector.position(of: row), to: Int(groups[row]))
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? ValueExtreme else { return }
    for group in 0..<count {
      if let found = other.best[group] { offer(found.vector, found.row, to: Int(mapping[group])) }
    }
  }

  func finish(count: Int) -> Vector {
    RowPicker.pick(best.prefix(count), type: type, count: count)
  }
}
