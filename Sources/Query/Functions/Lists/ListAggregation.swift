import ColStore

/// list_aggregate(list, 'name') and list_sum, list_avg, …: an aggregate over the elements of a list.
enum ListAggregation {
  private static let names = [
    "any_value", "approx_count_distinct", "avg", "bit_and", "bit_or", "bit_xor", "bool_and",
    "bool_or", "count", "entropy", "first", "histogram", "kurtosis", "kurtosis_pop", "last", "mad",
    "max", "median", "min", "mode", "product", "sem", "skewness", "stddev_pop", "stddev_samp",
    "string_agg", "sum", "var_pop", "var_samp",
  ]

  static let functions: [ScalarFunction] =
    names.map { name in
      ScalarFunction(
        "list_\(name)", signature: "list_\(name)(list)"
      ) { types, literals throws(QueryError) in
        try overload("list_\(name)", name, types, literals, extra: 1)
      }
    } + [general, joined]

  private static let general = ScalarFunction(
    "list_aggregate",
    aliases: ["list_aggr", "array_aggregate", "array_aggr", "aggregate"],
    signature: "list_aggregate(list, 'aggregate')"
  ) { types, literals throws(QueryError) in
    guard types.count >= 2, case .string(let name)? = literals[1] else {
      throw QueryError(.type, "list_aggregate wants the name of an aggregate as a literal text")
    }
    return try overload("list_aggregate", name, types, literals, extra: 2)
  }

  /// `extra`: the first argument of the aggregate behind the list.
  private static func overload(
    _ name: String, _ aggregate: String, _ types: [DataType], _ literals: [Value?], extra: Int
  ) throws(QueryError) -> ScalarOverload {
    guard types.count >= extra, types[0].isList || types[0] == .null else {
      throw ImplicitCast.mismatch(name, types, "\(name)(list)")
    }
    guard let function = FunctionRegistry.aggregate(aggregate) else {
      throw QueryError(.name, "there is no aggregate \"\(aggregate)\"")
    }
    let element = types[0].element
    let inner = try function.resolve(
      [element] + types.dropFirst(extra), [nil] + literals.dropFirst(extra))
    guard let parameter = inner.parameterTypes.first else {
      throw QueryError(.type, "\(aggregate) is no aggregate of values")
    }
    let list = DataType.list(parameter)
    let between = types[1..<extra].map { _ in DataType.varchar }
    return ScalarOverload(
      name: name, [list] + between + inner.parameterTypes.dropFirst(), inner.resultType,
      nulls: .custom, canFail: true
    ) { arguments, count throws(QueryError) in
      let lists = ListRows(arguments[0])
      let accumulator: any Accumulator =
        function.isDistinct
        ? DistinctAccumulator(inner.makeAccumulator(), types: inner.parameterTypes)
        : inner.makeAccumulator()
      accumulator.resize(to: count)
      var groups: [UInt32] = []
      var places: [UInt32] = []
      for row in 0..<count {
        for element in lists[row] {
          groups.append(UInt32(row))
          places.append(UInt32(element))
        }
      }
      if !groups.isEmpty {
        let elements = lists.elements.flat()
        var inputs: [Vector] = []
        places.withUnsafeBufferPointer { positions in
          if let base = positions.baseAddress {
            inputs.append(
              Vector.gather(values: elements, at: base, count: places.count, keeping: elements))
          }
        }
        for argument in arguments.dropFirst(extra) {
          groups.withUnsafeBufferPointer { rows in
            if let base = rows.baseAddress {
              inputs.append(argument.select(base, count: groups.count))
            }
          }
        }
        let rows = Buffer(UInt32.self, count: groups.count)
        for (index, group) in groups.enumerated() { rows.pointer(UInt32.self)[index] = group }
        try accumulator.update(
          groups: UnsafePointer(rows.pointer(UInt32.self)), arguments: inputs,
          count: groups.count)
        withExtendedLifetime(rows) {}
      }
      let result = try accumulator.finish(count: count)
      return withNulls(result, of: arguments[0], count)
    }
  }

  /// NULL where the list is NULL.
  private static func withNulls(_ result: Vector, of lists: Vector, _ count: Int) -> Vector {
    if count > 0, lists.layout == .constant {
      return lists.isNull(0) ? .nulls(result.type, count: count) : result
    }
    return Validity.merge(into: result, from: [lists], count: count)
  }

  /// `array_to_string(list, separator)`: NULLs are left out.
  private static let joined = ScalarFunction(
    "array_to_string", aliases: ["array_to_string_comma_default", "list_to_string"],
    signature: "array_to_string(list, separator)"
  ) { types, _ throws(QueryError) in
    guard (1...2).contains(types.count), types[0].isList || types[0] == .null else {
      throw ImplicitCast.mismatch("array_to_string", types, "array_to_string(list, separator)")
    }
    let parameters = [DataType.list(.varchar)] + types.dropFirst().map { _ in .varchar }
    return ScalarOverload(name: "array_to_string", parameters, .varchar) {
      arguments, count throws(QueryError) in
      let lists = ListRows(arguments[0])
      let elements = Rows<StringView>(lists.elements)
      let separators = arguments.count > 1 ? Rows<StringView>(arguments[1]) : nil
      var output = TextBuilder(count: count)
      let buffer = TextBuilder.rowBuffer()
      for row in 0..<count {
        if lists[row].count > 0, lists[row].allSatisfy({ elements.isNull($0) }) {
          output.setNull(row)
          continue
        }
        buffer.removeAll()
        var isFirst = true
        for element in lists[row] where !elements.isNull(element) {
          if !isFirst {
            if let separators { buffer.append(separators[row]) } else { buffer.append(",") }
          }
          isFirst = false
          buffer.append(elements[element])
        }
        try output.set(row, copying: buffer)
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }
}
