import ColStore

/// first, last, any_value (the first that is not NULL), arg_min and arg_max.
enum FirstLast {
  static let functions: [AggregateFunction] = [
    function("first", aliases: ["arbitrary"], .first),
    function("last", aliases: [], .last),
    function("any_value", aliases: [], .firstValue),
    extreme("arg_min", aliases: ["argmin", "min_by"], wantsLess: true),
    extreme("arg_max", aliases: ["argmax", "max_by"], wantsLess: false),
    extreme("arg_min_null", aliases: [], wantsLess: true, takesNull: true),
    extreme("arg_max_null", aliases: [], wantsLess: false, takesNull: true),
  ]

  enum Choice: Sendable {
    case first
    case last
    case firstValue
  }

  private static func function(
    _ name: String, aliases: [String], _ choice: Choice
  ) -> AggregateFunction {
    AggregateFunction(name, aliases: aliases, signature: "\(name)(value)") {
      types, _ throws(QueryError) in
      guard types.count == 1 else { throw ImplicitCast.mismatch(name, types, "\(name)(value)") }
      let type = types[0] == .null ? .integer : types[0]
      return AggregateOverload(name: name, [type], type, isOrderSensitive: true) {
        RowAccumulator(type) { vector, row, kept in
          switch choice {
          case .first: !kept
          case .last: true
          case .firstValue: !kept && !vector.isNull(row)
          }
        }
      }
    }
  }

  /// `takesNull`: rows whose result is NULL count too.
  private static func extreme(
    _ name: String, aliases: [String], wantsLess: Bool, takesNull: Bool = false
  ) -> AggregateFunction {
    let signature = takesNull ? "\(name)(result, by)" : "\(name)(result, by[, n])"
    return AggregateFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      if types.count == 3, !takesNull {
        return try TopValues.overload(name, types, literals, wantsLess: wantsLess)
      }
      guard types.count == 2 else { throw ImplicitCast.mismatch(name, types, signature) }
      let parameters = types.map { $0 == .null ? DataType.integer : $0 }
      return AggregateOverload(name: name, parameters, parameters[0], isOrderSensitive: true) {
        ArgumentExtreme(parameters[0], wantsLess: wantsLess, takesNull: takesNull)
      }
    }
  }
}

/// Where a value of an input vector lies; a dictionary's entry outlives the batch by itself.
private struct KeptRow {
  let vector: Vector
  let row: Int

  init(_ vector: Vector, _ row: Int) {
    if let dictionary = vector.dictionary {
      self.vector = dictionary
      self.row = vector.position(of: row)
    } else {
      self.vector = vector
      self.row = row
    }
  }
}

/// Keeps one row of each group.
private final class RowAccumulator: Accumulator {
  private let type: DataType
  /// Whether a row replaces what the group has (`kept`: whether it has any).
  private let takes: (_ vector: Vector, _ row: Int, _ kept: Bool) -> Bool
  private var rows: [KeptRow?] = []

  init(_ type: DataType, takes: @escaping (Vector, Int, Bool) -> Bool) {
    self.type = type
    self.takes = takes
  }

  func resize(to count: Int) {
    while rows.count < count { rows.append(nil) }
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    for row in 0..<count {
      let group = Int(groups[row])
      if takes(arguments[0], row, rows[group] != nil) { rows[group] = KeptRow(arguments[0], row) }
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? RowAccumulator else { return }
    for group in 0..<count {
      let place = Int(mapping[group])
      if let found = other.rows[group], takes(found.vector, found.row, rows[place] != nil) {
        rows[place] = found
      }
    }
  }

  func finish(count: Int) -> Vector {
    RowPicker.pick(
      rows.prefix(count).map { kept in kept.map { (vector: $0.vector, row: $0.row) } }, type: type,
      count: count)
  }
}

/// Keeps the row of each group with the least or greatest second argument; the first of equals.
private final class ArgumentExtreme: Accumulator {
  private let type: DataType
  private let wantsLess: Bool
  private let takesNull: Bool
  private var best: [(result: KeptRow, by: KeptRow)?] = []

  init(_ type: DataType, wantsLess: Bool, takesNull: Bool) {
    self.takesNull = takesNull
    self.type = type
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) {
    while best.count < count { best.append(nil) }
  }

  private func offer(_ result: KeptRow, _ by: KeptRow, to group: Int) {
    if let own = best[group] {
      let order = RowComparison.compare(by.vector, by.row, own.by.vector, own.by.row)
      if wantsLess ? order >= 0 : order <= 0 { return }
    }
    best[group] = (result, by)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    for row in 0..<count
    where (takesNull || !arguments[0].isNull(row)) && !arguments[1].isNull(row) {
      offer(KeptRow(arguments[0], row), KeptRow(arguments[1], row), to: Int(groups[row]))
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? ArgumentExtreme else { return }
    for group in 0..<count {
      if let found = other.best[group] { offer(found.result, found.by, to: Int(mapping[group])) }
    }
  }

  func finish(count: Int) -> Vector {
    RowPicker.pick(
      best.prefix(count).map { kept in kept.map { (vector: $0.result.vector, row: $0.result.row) }
      },
      type: type, count: count)
  }
}
