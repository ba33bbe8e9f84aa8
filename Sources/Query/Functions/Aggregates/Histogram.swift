import ColStore

/// histogram(value): a map from each value to its number of rows, in the order of the values.
enum Histogram {
  static let function = AggregateFunction("histogram", signature: "histogram(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1, types[0].physical != .list else {
      if types.count == 2 {
        throw QueryError(.unsupported, "histogram with bins is not supported")
      }
      throw ImplicitCast.mismatch("histogram", types, "histogram(value)")
    }
    let key = types[0] == .null ? DataType.integer : types[0]
    let type = DataType.map(key: key, value: .bigint)
    return AggregateOverload(name: "histogram", [key], type) {
      TallyAccumulator(key) { maps(type, $0, groupCount: $1) }
    }
  }

  /// The map of each group.
  private static func maps(_ type: DataType, _ values: ValueTally, groupCount: Int) -> Vector {
    let (groups, keys) = values.keys
    let order = SortOrder.rows(
      [groups, keys].map { SortColumn(vector: $0, descending: false, nullsFirst: false) },
      count: keys.count)
    let group = groups.pointer(Int64.self)
    var names = ListBuilder(.list(keys.type), count: groupCount, sources: [keys])
    let amounts = FlatBuilder<Int64>(count: keys.count)
    var place = 0
    for number in 0..<groupCount {
      let start = names.elementCount
      while place < order.count, group[Int(order.pointer[place])] == number {
        let row = Int(order.pointer[place])
        names.append(0, row)
        amounts[place] = values.counts[row]
        place += 1
      }
      if names.elementCount == start { names.endNull() } else { names.endList(from: start) }
    }
    withExtendedLifetime((groups, order)) {}
    let flat = names.finish()
    return Vector(
      flat: type, count: flat.count, values: flat.values, validity: flat.validity,
      child: flat.child, mapValues: amounts.finish(.bigint), owners: [flat])
  }
}
