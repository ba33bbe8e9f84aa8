import ColStore

/// string_agg and array_agg, which keep a group's values, and approx_count_distinct.
enum Gathering {
  static let functions: [AggregateFunction] = [stringAggregate, arrayAggregate, distinctCount]

  private static let stringAggregate = AggregateFunction(
    "string_agg", aliases: ["group_concat", "listagg"],
    signature: "string_agg(text[, separator])"
  ) { types, literals throws(QueryError) in
    guard types.count == 1 || types.count == 2 else {
      throw ImplicitCast.mismatch("string_agg", types, "string_agg(text[, separator])")
    }
    var separator = ","
    if types.count == 2 {
      guard literals.count == 2, case .string(let text)? = literals[1] else {
        throw QueryError(.type, "the separator of string_agg is a literal text")
      }
      separator = text
    }
    let parameters = [DataType](repeating: .varchar, count: types.count)
    let between = separator
    return AggregateOverload(name: "string_agg", parameters, .varchar, isOrderSensitive: true) {
      CollectingAccumulator(parameters, skipsNulls: true) {
        columns, starts throws(QueryError) in
        let texts = Rows<StringView>(columns[0])
        var output = TextBuilder(count: starts.count - 1)
        let buffer = TextBuilder.rowBuffer()
        for group in 0..<starts.count - 1 {
          if starts[group] == starts[group + 1] {
            output.setNull(group)
            continue
          }
          buffer.removeAll()
          for row in starts[group]..<starts[group + 1] {
            if row > starts[group] { buffer.append(between) }
            buffer.append(texts[row])
          }
          try output.set(group, copying: buffer)
        }
        return withExtendedLifetime(columns) { output.finish() }
      }
    }
  }

  private static let arrayAggregate = AggregateFunction(
    "array_agg", aliases: ["list"], signature: "array_agg(value)"
  ) { types, _ throws(QueryError) in
    guard types.count == 1 else {
      throw ImplicitCast.mismatch("array_agg", types, "array_agg(value)")
    }
    let element = types[0] == .null ? .integer : types[0]
    return AggregateOverload(
      name: "array_agg", [element], .list(element), isOrderSensitive: true
    ) {
      CollectingAccumulator([element], skipsNulls: false) { columns, starts in
        var rows = FlatBuilder<ListView>(count: starts.count - 1)
        for group in 0..<starts.count - 1 {
          let list = ListView(offset: starts[group], count: starts[group + 1] - starts[group])
          if list.count == 0 {
            rows.setNull(group, filler: list)
          } else {
            rows[group] = list
          }
        }
        let flat = rows.finish(.list(element))
        return Vector(
          flat: .list(element), count: flat.count, values: flat.values, validity: flat.validity,
          child: columns[0].flat(), owners: [flat])
      }
    }
  }

  /// Counted exactly, as `count(DISTINCT value)`: that costs no more here than a sketch.
  private static let distinctCount = AggregateFunction(
    "approx_count_distinct", signature: "approx_count_distinct(value)", isDistinct: true
  ) { types, literals throws(QueryError) in
    guard types.count == 1, let count = FunctionRegistry.aggregate("count") else {
      throw ImplicitCast.mismatch("approx_count_distinct", types, "approx_count_distinct(value)")
    }
    return try count.resolve(types, literals)
  }
}
