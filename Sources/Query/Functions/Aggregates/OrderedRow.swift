import ColStore

/// first, last and any_value over the rows of a group in the order of an ORDER BY within the call: of
/// each group the one row is kept that is the wanted one so far, the first of rows with equal keys.
///
/// Most rows are dismissed by the first key, where that is a number or a time: each group knows the rank
/// of its row's.
final class OrderedRowAccumulator: Accumulator {
  private let skipsNulls: Bool
  /// The wanted row comes first in their order.
  private let keys: [(descending: Bool, nullsFirst: Bool)]
  private let ranksFirstKey: Bool
  /// Results, then keys.
  private var kept: [KeptVectors]
  private let places: [StateArray<KeptPlace>]
  /// Of the first key: less comes first, and what is equal may still differ.
  private let ranks = StateArray<Int64>()
  private var groupCount = 0

  /// - Parameter types: Those of the argument, then of the keys, of which there is at least one.
  init(
    _ types: [DataType], _ choice: FirstLast.Choice,
    keys: [(descending: Bool, nullsFirst: Bool)]
  ) {
    skipsNulls = choice == .firstValue
    self.keys =
      choice == .last
      ? keys.map { (descending: !$0.descending, nullsFirst: !$0.nullsFirst) } : keys
    ranksFirstKey = types[1].physical == .int64 || types[1].physical == .double
    kept = types.map { KeptVectors($0) }
    places = types.map { _ in StateArray<KeptPlace>() }
  }

  func resize(to count: Int) {
    for place in places { place.resize(to: count) }
    if ranksFirstKey { ranks.resize(to: count) }
    groupCount = max(groupCount, count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let first = arguments[1]
    switch first.type.physical {
    case .int64 where ranksFirstKey:
      let values = Rows<Int64>(first)
      offer(groups, arguments, count) { values.isNull($0) ? nil : values[$0] }
    case .double where ranksFirstKey:
      let values = Rows<Double>(first)
      offer(groups, arguments, count) {
        values.isNull($0) ? nil : DoubleKey.ordered(values[$0])
      }
    default:
      offerCompared(groups, arguments, count)
    }
    withExtendedLifetime(first) {}
    for (column, place) in places.enumerated() {
      kept[column].compact(place.states, count: groupCount)
    }
  }

  @inline(__always)
  private func offer(
    _ groups: UnsafePointer<UInt32>, _ arguments: [Vector], _ count: Int,
    value: (Int) -> Int64?
  ) {
    let (descending, nullsFirst) = keys[0]
    let flip: Int64 = descending ? -1 : 0
    let null = nullsFirst ? Int64.min : Int64.max
    let ranks = ranks.states
    let taken = places[0].states
    let mayBeNull = skipsNulls && arguments[0].mayHaveNulls
    var batch = OfferedRows(arguments, keys)
    for row in 0..<count {
      let group = Int(groups[row])
      let rank = value(row).map { $0 ^ flip } ?? null
      let isTaken = !taken[group].isEmpty
      if isTaken && rank > ranks[group] { continue }
      if mayBeNull && arguments[0].isNull(row) { continue }
      if isTaken && rank == ranks[group] && !comes(batch, row, before: group) { continue }
      ranks[group] = rank
      take(row, of: &batch, group)
    }
  }

  private func offerCompared(
    _ groups: UnsafePointer<UInt32>, _ arguments: [Vector], _ count: Int
  ) {
    let mayBeNull = skipsNulls && arguments[0].mayHaveNulls
    var batch = OfferedRows(arguments, keys)
    for row in 0..<count where !(mayBeNull && arguments[0].isNull(row)) {
      let group = Int(groups[row])
      if !places[0][group].isEmpty && !comes(batch, row, before: group) { continue }
      take(row, of: &batch, group)
    }
  }

  /// Whether a row is wanted instead of the one that its group has.
  private func comes(_ batch: OfferedRows, _ row: Int, before group: Int) -> Bool {
    for (key, column) in batch.keys.enumerated() {
      let place = places[key + 1][group]
      let order = SortOrder.compare(column, row, kept[key + 1].vector(place), Int(place.row))
      if order != 0 { return order < 0 }
    }
    return false
  }

  private func take(_ row: Int, of batch: inout OfferedRows, _ group: Int) {
    if batch.numbers.isEmpty {
      for (column, vector) in batch.columns.enumerated() {
        batch.numbers.append(kept[column].add(vector))
      }
    }
    for (column, vector) in batch.columns.enumerated() {
      places[column][group] = KeptVectors.place(vector, row, number: batch.numbers[column])
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? OrderedRowAccumulator else { return }
    let numbers = zip(kept.indices, other.kept).map { kept[$0].add($1) }
    for group in 0..<count where !other.places[0][group].isEmpty {
      let own = Int(mapping[group])
      if !places[0][own].isEmpty && !other.has(group, before: own, of: self) { continue }
      if ranksFirstKey { ranks[own] = other.ranks[group] }
      for column in places.indices {
        let place = other.places[column][group]
        places[column][own] = KeptPlace(
          vector: numbers[column][Int(place.vector) - 1], row: place.row)
      }
    }
  }

  /// Whether this one's row of a group is wanted instead of what an earlier accumulator has.
  private func has(_ group: Int, before own: Int, of earlier: OrderedRowAccumulator) -> Bool {
    for (key, direction) in keys.enumerated() {
      let (place, ownPlace) = (places[key + 1][group], earlier.places[key + 1][own])
      let column = SortColumn(
        vector: kept[key + 1].vector(place), descending: direction.descending,
        nullsFirst: direction.nullsFirst)
      let order = SortOrder.compare(
        column, Int(place.row), earlier.kept[key + 1].vector(ownPlace), Int(ownPlace.row))
      if order != 0 { return order < 0 }
    }
    return false
  }

  func finish(count: Int) -> Vector { kept[0].rows(at: places[0].states, count: count) }
}

/// The rows of a batch that may be kept.
private struct OfferedRows {
  let columns: [Vector]
  let keys: [SortColumn]
  /// The columns' numbers among what is kept, once a row is.
  var numbers: [UInt32] = []

  init(_ arguments: [Vector], _ keys: [(descending: Bool, nullsFirst: Bool)]) {
    columns = arguments
    self.keys = zip(arguments.dropFirst(), keys).map { column, key in
      SortColumn(vector: column, descending: key.descending, nullsFirst: key.nullsFirst)
    }
  }
}
