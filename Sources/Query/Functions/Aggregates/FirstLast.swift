import ColStore

/// first, last, any_value (the first that is not NULL), arg_min and arg_max.
enum FirstLast {
  static let functions: [AggregateFunction] = [
    function(.first, aliases: ["arbitrary"]),
    function(.last, aliases: []),
    function(.firstValue, aliases: []),
    extreme("arg_min", aliases: ["argmin", "min_by"], wantsLess: true),
    extreme("arg_max", aliases: ["argmax", "max_by"], wantsLess: false),
    extreme("arg_min_null", aliases: [], wantsLess: true, takesNull: true),
    extreme("arg_max_null", aliases: [], wantsLess: false, takesNull: true),
  ]

  enum Choice: String, Sendable {
    case first
    case last
    case firstValue = "any_value"
  }

  /// Which row of a group is all that the aggregate looks at; nil for aggregates of more.
  static func choice(of name: String) -> Choice? { Choice(rawValue: name) }

  private static func function(_ choice: Choice, aliases: [String]) -> AggregateFunction {
    let name = choice.rawValue
    return AggregateFunction(name, aliases: aliases, signature: "\(name)(value)") {
      types, _ throws(QueryError) in
      guard types.count == 1 else { throw ImplicitCast.mismatch(name, types, "\(name)(value)") }
      let type = types[0] == .null ? .integer : types[0]
      return AggregateOverload(name: name, [type], type, isOrderSensitive: true) {
        RowAccumulator(type, choice)
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
        ArgumentExtreme(parameters, wantsLess: wantsLess, takesNull: takesNull)
      }
    }
  }
}

/// Keeps one row of each group.
private final class RowAccumulator: Accumulator {
  private let choice: FirstLast.Choice
  private var kept: KeptVectors
  private let places = StateArray<KeptPlace>()
  private var groupCount = 0

  init(_ type: DataType, _ choice: FirstLast.Choice) {
    kept = KeptVectors(type)
    self.choice = choice
  }

  func resize(to count: Int) {
    places.resize(to: count)
    groupCount = max(groupCount, count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let vector = arguments[0]
    let number = kept.add(vector)
    let places = places.states
    let isLast = choice == .last
    let skipsNulls = choice == .firstValue && vector.mayHaveNulls
    for row in 0..<count where isLast || places[Int(groups[row])].isEmpty {
      if skipsNulls && vector.isNull(row) { continue }
      places[Int(groups[row])] = KeptVectors.place(vector, row, number: number)
    }
    kept.compact(places, count: groupCount)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? RowAccumulator else { return }
    let numbers = kept.add(other.kept)
    for group in 0..<count where !other.places[group].isEmpty {
      let place = Int(mapping[group])
      if choice == .last || places[place].isEmpty {
        let found = other.places[group]
        places[place] = KeptPlace(vector: numbers[Int(found.vector) - 1], row: found.row)
      }
    }
  }

  func finish(count: Int) -> Vector { kept.rows(at: places.states, count: count) }
}

/// Keeps the row of each group with the least or greatest second argument; the first of equals.
private final class ArgumentExtreme: Accumulator {
  private let wantsLess: Bool
  private let takesNull: Bool
  private let comparesWords: Bool
  private var results: KeptVectors
  private let places = StateArray<KeptPlace>()
  /// What groups are compared by, where that is a word: more is better.
  private let ranks = StateArray<Int64>()
  /// What they are compared by elsewhere.
  private var compared: KeptVectors
  private let comparedPlaces = StateArray<KeptPlace>()
  private var groupCount = 0

  init(_ types: [DataType], wantsLess: Bool, takesNull: Bool) {
    results = KeptVectors(types[0])
    compared = KeptVectors(types[1])
    self.takesNull = takesNull
    self.wantsLess = wantsLess
    comparesWords = types[1].physical == .int64 || types[1].physical == .double
  }

  func resize(to count: Int) {
    places.resize(to: count)
    if comparesWords { ranks.resize(to: count) } else { comparedPlaces.resize(to: count) }
    groupCount = max(groupCount, count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let result = arguments[0]
    let number = results.add(result)
    let places = places.states
    let mayBeNull = !takesNull && result.mayHaveNulls
    if comparesWords {
      let ranks = ranks.states
      let flip: Int64 = wantsLess ? -1 : 0
      func offer(_ row: Int, _ value: Int64) {
        let group = Int(groups[row])
        let rank = value ^ flip
        if rank <= ranks[group] && !places[group].isEmpty { return }
        if mayBeNull && result.isNull(row) { return }
        ranks[group] = rank
        places[group] = KeptVectors.place(result, row, number: number)
      }
      if arguments[1].type.physical == .double {
        forEachValue(arguments[1], Double.self, count: count) { row, value in
          offer(row, DoubleKey.ordered(value))
        }
      } else {
        forEachValue(arguments[1], Int64.self, count: count) { row, value in offer(row, value) }
      }
    } else {
      let by = arguments[1]
      let byNumber = compared.add(by)
      for row in 0..<count where !by.isNull(row) && !(mayBeNull && result.isNull(row)) {
        let group = Int(groups[row])
        if !places[group].isEmpty && !isBetter(by, row, than: comparedPlaces[group]) { continue }
        places[group] = KeptVectors.place(result, row, number: number)
        comparedPlaces[group] = KeptVectors.place(by, row, number: byNumber)
      }
      compared.compact(comparedPlaces.states, count: groupCount)
    }
    results.compact(places, count: groupCount)
  }

  private func isBetter(_ vector: Vector, _ row: Int, than own: KeptPlace) -> Bool {
    let order = RowComparison.compare(vector, row, compared.vector(own), Int(own.row))
    return wantsLess ? order < 0 : order > 0
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? ArgumentExtreme else { return }
    let numbers = results.add(other.results)
    let comparedNumbers = compared.add(other.compared)
    for group in 0..<count where !other.places[group].isEmpty {
      let place = Int(mapping[group])
      if comparesWords {
        if other.ranks[group] <= ranks[place] && !places[place].isEmpty { continue }
        ranks[place] = other.ranks[group]
      } else {
        let by = other.comparedPlaces[group]
        let vector = other.compared.vector(by)
        if !places[place].isEmpty && !isBetter(vector, Int(by.row), than: comparedPlaces[place]) {
          continue
        }
        comparedPlaces[place] = KeptPlace(
          vector: comparedNumbers[Int(by.vector) - 1], row: by.row)
      }
      let found = other.places[group]
      places[place] = KeptPlace(vector: numbers[Int(found.vector) - 1], row: found.row)
    }
  }

  func finish(count: Int) -> Vector { results.rows(at: places.states, count: count) }
}
