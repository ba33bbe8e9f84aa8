import ColStore

/// list_value, range, generate_series and map: lists and maps from single values.
enum ListMaking {
  static let functions: [ScalarFunction] = [
    listValue, series("range", isInclusive: false), series("generate_series", isInclusive: true),
    resize, map,
  ]

  private static let listValue = ScalarFunction(
    "list_value", aliases: ["list_pack"], signature: "[value, …]"
  ) { types, literals throws(QueryError) in
    // Lists without a value go with lists of any type.
    var element = DataType.null
    if types.contains(where: { $0 != .null }) {
      element = try Conditionals.common(types, literals, "list_value", "[value, …]")
    }
    let type = DataType.list(element)
    return ScalarOverload(
      name: "list_value", types.map { _ in element }, type, nulls: .custom
    ) { arguments, count in
      var output = ListBuilder(type, count: count, sources: arguments)
      for row in 0..<count {
        let start = output.elementCount
        for source in arguments.indices { output.append(source, row) }
        output.endList(from: start)
      }
      return output.finish()
    }
  }

  /// The longest list that one row may make.
  private static let elementsMax = 1 << 24

  private static func series(_ name: String, isInclusive: Bool) -> ScalarFunction {
    let signature = "\(name)([start, ]end[, step])"
    return ScalarFunction(name, signature: signature) { types, literals throws(QueryError) in
      if types.count == 3, types[2] == .interval || types[0] == .timestamp || types[0] == .date {
        return times(name, isInclusive)
      }
      let numbers = (1...3).map { count in
        ScalarOverload(
          name: name, [DataType](repeating: .bigint, count: count), .list(.bigint), canFail: true
        ) { arguments, rowCount throws(QueryError) in
          try integers(name, arguments, rowCount, isInclusive)
        }
      }
      return try ImplicitCast.choose(
        numbers, for: types, literals: literals, of: name, signature: signature)
    }
  }

  private static func tooLong(_ name: String) -> QueryError {
    QueryError(.value, "the list of \(name) has more than \(elementsMax) elements")
  }

  private static func integers(
    _ name: String, _ arguments: [Vector], _ count: Int, _ isInclusive: Bool
  ) throws(QueryError) -> Vector {
    let columns = arguments.map { Rows<Int64>($0) }
    var elements: [Int64] = []
    var views = FlatBuilder<ListView>(count: count)
    for row in 0..<count {
      if columns.contains(where: { $0.isNull(row) }) {
        views.setNull(row, filler: ListView(offset: 0, count: 0))
        continue
      }
      let first = elements.count
      var value = columns.count == 1 ? 0 : columns[0][row]
      let end = columns.count == 1 ? columns[0][row] : columns[1][row]
      let step = columns.count == 3 ? columns[2][row] : 1
      guard step != 0 else { throw QueryError(.value, "the step of \(name) cannot be 0") }
      while step > 0
        ? (isInclusive ? value <= end : value < end) : (isInclusive ? value >= end : value > end)
      {
        guard elements.count - first < elementsMax else { throw tooLong(name) }
        elements.append(value)
        let (next, overflow) = value.addingReportingOverflow(step)
        if overflow { break }
        value = next
      }
      views[row] = ListView(offset: first, count: elements.count - first)
    }
    return withExtendedLifetime(arguments) { list(views, elements, .bigint) }
  }

  private static func times(_ name: String, _ isInclusive: Bool) -> ScalarOverload {
    ScalarOverload(
      name: name, [.timestamp, .timestamp, .interval], .list(.timestamp), canFail: true
    ) { arguments, count throws(QueryError) in
      let (starts, ends) = (Rows<Int64>(arguments[0]), Rows<Int64>(arguments[1]))
      let steps = Rows<Interval>(arguments[2])
      var elements: [Int64] = []
      var views = FlatBuilder<ListView>(count: count)
      for row in 0..<count {
        if starts.isNull(row) || ends.isNull(row) || steps.isNull(row) {
          views.setNull(row, filler: ListView(offset: 0, count: 0))
          continue
        }
        let first = elements.count
        let (end, step) = (ends[row], steps[row])
        let parts = [Int64(step.months), Int64(step.days), step.microseconds]
        guard parts.contains(where: { $0 != 0 }) else {
          throw QueryError(.value, "the step of \(name) cannot be 0")
        }
        let isForward = parts.allSatisfy { $0 >= 0 }
        guard isForward || parts.allSatisfy({ $0 <= 0 }) else {
          throw QueryError(.value, "the step of \(name) has parts of both signs")
        }
        var value = starts[row]
        while isForward
          ? (isInclusive ? value <= end : value < end) : (isInclusive ? value >= end : value > end)
        {
          guard elements.count - first < elementsMax else { throw tooLong(name) }
          elements.append(value)
          guard let next = TemporalArithmetic.shift(value, by: step, sign: 1) else { break }
          value = next
        }
        views[row] = ListView(offset: first, count: elements.count - first)
      }
      return withExtendedLifetime(arguments) { list(views, elements, .timestamp) }
    }
  }

  private static func list(
    _ views: FlatBuilder<ListView>, _ elements: [Int64], _ type: DataType
  ) -> Vector {
    let values = FlatBuilder<Int64>(count: elements.count)
    for (index, element) in elements.enumerated() { values[index] = element }
    let flat = views.finish(.list(type))
    return Vector(
      flat: .list(type), count: flat.count, values: flat.values, validity: flat.validity,
      child: values.finish(type), owners: [flat])
  }

  private static let resize = ScalarFunction(
    "list_resize", aliases: ["array_resize"], signature: "list_resize(list, count[, value])"
  ) { types, _ throws(QueryError) in
    guard types.count == 2 || types.count == 3, case .list(let element) = types[0],
      types[1].isInteger || types[1] == .null
    else {
      throw ImplicitCast.mismatch("list_resize", types, "list_resize(list, count[, value])")
    }
    let parameters = [types[0], .bigint] + (types.count == 3 ? [element] : [])
    return ScalarOverload(
      name: "list_resize", parameters, types[0], nulls: .custom, canFail: true
    ) { arguments, count throws(QueryError) in
      let lists = ListRows(arguments[0])
      let counts = Rows<Int64>(arguments[1])
      var output = ListBuilder(
        types[0], count: count, sources: [lists.elements] + arguments.dropFirst(2))
      for row in 0..<count {
        if lists.isNull(row) {
          output.endNull()
          continue
        }
        let wanted = counts.isNull(row) ? 0 : counts[row]
        guard wanted >= 0, wanted <= Int64(elementsMax) else {
          throw QueryError(.value, "a list cannot have \(wanted) elements")
        }
        let start = output.elementCount
        for element in lists[row].prefix(Int(wanted)) { output.append(0, element) }
        while output.elementCount - start < Int(wanted) {
          if arguments.count == 3 { output.append(1, row) } else { output.appendNull() }
        }
        output.endList(from: start)
      }
      return output.finish()
    }
  }

  /// `map(keys, values)`.
  private static let map = ScalarFunction("map", signature: "map(keys, values)") {
    types, _ throws(QueryError) in
    guard types.count == 2, case .list(let key) = types[0], case .list(let value) = types[1] else {
      throw ImplicitCast.mismatch("map", types, "map(keys, values)")
    }
    let type = DataType.map(key: key, value: value)
    return ScalarOverload(name: "map", types, type, canFail: true) {
      arguments, count throws(QueryError) in
      let (keys, values) = (ListRows(arguments[0]), ListRows(arguments[1]))
      var names = ListBuilder(types[0], count: count, sources: [keys.elements])
      var contents = ListBuilder(types[1], count: count, sources: [values.elements])
      for row in 0..<count {
        if keys.isNull(row) || values.isNull(row) {
          names.endNull()
          contents.endNull()
          continue
        }
        let start = names.elementCount
        let (own, other) = (keys[row], values[row])
        guard own.count == other.count else {
          throw QueryError(.value, "a map wants as many values as keys")
        }
        for (index, element) in own.enumerated() {
          guard !keys.elements.isNull(element) else {
            throw QueryError(.value, "the key of a map cannot be NULL")
          }
          for before in own.lowerBound..<element
          where RowComparison.compare(keys.elements, before, keys.elements, element) == 0 {
            throw QueryError(.value, "the keys of a map are distinct")
          }
          names.append(0, element)
          contents.append(0, other.lowerBound + index)
        }
        names.endList(from: start)
        contents.endList(from: start)
      }
      let flat = names.finish()
      return Vector(
        flat: type, count: count, values: flat.values, validity: flat.validity, child: flat.child,
        mapValues: contents.finish().child, owners: [flat])
    }
  }
}
