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
      CollectingAccumulator([key], skipsNulls: true) { columns, starts in
        let sorted = Quantiles.sortedWithinGroups(columns[0], starts)
        var names = ListBuilder(.list(key), count: starts.count - 1, sources: [sorted])
        var counts: [Value] = []
        for group in 0..<starts.count - 1 {
          if starts[group] == starts[group + 1] {
            names.endNull()
            continue
          }
          let start = names.elementCount
          var from = starts[group]
          for row in starts[group] + 1...starts[group + 1]
          where row == starts[group + 1]
            || RowComparison.compare(sorted, row, sorted, from) != 0
          {
            names.append(0, from)
            counts.append(.int64(Int64(row - from)))
            from = row
          }
          names.endList(from: start)
        }
        let flat = names.finish()
        return Vector(
          flat: type, count: flat.count, values: flat.values, validity: flat.validity,
          child: flat.child, mapValues: Vector(.bigint, counts), owners: [flat])
      }
    }
  }
}
