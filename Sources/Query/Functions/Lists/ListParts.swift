import ColStore

/// Elements and pieces of lists, of maps, and by `[…]` of texts.
enum ListParts {
  static let functions: [ScalarFunction] = [
    extract, slice, mapKeys, mapValues, cardinality, mapExtract, mapExtractValue, flatten,
  ]

  /// The element at a place from 1, or from the end where negative; NULL outside.
  private static let extract = ScalarFunction(
    "list_extract", aliases: ["list_element", "array_extract"],
    signature: "list_extract(list, index)"
  ) { types, _ throws(QueryError) in
    guard types.count == 2 else {
      throw ImplicitCast.mismatch("list_extract", types, "list_extract(list, index)")
    }
    let types = types[0] == .null ? [.list(.varchar), types[1]] : types
    switch types[0] {
    case .map(let key, let value): return mapElement(types[0], key, value)
    case .varchar where types[1].isInteger || types[1] == .null:
      return TextFunctions.overload("array_extract", [.varchar, .bigint]) { row, _ in
        let text = row.text(0)
        let count = CodePoints.count(text)
        let given = Slices.clamp(row.number(1))
        let index = given > 0 ? given - 1 : (given < 0 ? count + given : -1)
        return index >= 0 && index < count ? CodePoints.slice(text, index, index + 1) : .empty
      }
    case .list(let element) where types[1].isInteger || types[1] == .null:
      return ScalarOverload(name: "list_extract", [types[0], .bigint], element, nulls: .custom) {
        arguments, count in
        let lists = ListRows(arguments[0])
        let indices = Rows<Int64>(arguments[1])
        return RowPicker.pick(
          (0..<count).map { row in
            if lists.isNull(row) || indices.isNull(row) { return nil }
            let list = lists[row]
            let given = Slices.clamp(indices[row])
            let index = given > 0 ? given - 1 : (given < 0 ? list.count + given : -1)
            guard index >= 0, index < list.count else { return nil }
            return (vector: lists.elements, row: list.lowerBound + index)
          }, type: element, count: count)
      }
    default: throw ImplicitCast.mismatch("list_extract", types, "list_extract(list, index)")
    }
  }

  /// The value of a key; NULL where there is none.
  private static func mapElement(
    _ type: DataType, _ key: DataType, _ value: DataType
  ) -> ScalarOverload {
    ScalarOverload(name: "map_extract_value", [type, key], value, nulls: .custom) {
      arguments, count in
      let maps = ListRows(arguments[0])
      let contents = arguments[0].mapValues ?? Vector(value, [])
      return RowPicker.pick(
        (0..<count).map { row in
          if maps.isNull(row) || arguments[1].isNull(row) { return nil }
          for entry in maps[row]
          where RowComparison.compare(maps.elements, entry, arguments[1], row) == 0 {
            return (vector: contents, row: entry)
          }
          return nil
        }, type: value, count: count)
    }
  }

  /// The value of a key as a list of one, or of none.
  private static let mapExtract = ScalarFunction(
    "map_extract", aliases: ["element_at"], signature: "map_extract(map, key)"
  ) { types, _ throws(QueryError) in
    guard types.count == 2, case .map(let key, let value) = types[0] else {
      throw ImplicitCast.mismatch("map_extract", types, "map_extract(map, key)")
    }
    let list = DataType.list(value)
    return ScalarOverload(name: "map_extract", [types[0], key], list, nulls: .custom) {
      arguments, count in
      let maps = ListRows(arguments[0])
      let contents = arguments[0].mapValues ?? Vector(value, [])
      var output = ListBuilder(list, count: count, sources: [contents])
      for row in 0..<count {
        if maps.isNull(row) {
          output.endNull()
          continue
        }
        let start = output.elementCount
        if !arguments[1].isNull(row),
          let entry = maps[row].first(where: {
            RowComparison.compare(maps.elements, $0, arguments[1], row) == 0
          })
        {
          output.append(0, entry)
        }
        output.endList(from: start)
      }
      return output.finish()
    }
  }

  private static let mapExtractValue = ScalarFunction(
    "map_extract_value", signature: "map_extract_value(map, key)"
  ) { types, _ throws(QueryError) in
    guard types.count == 2, case .map(let key, let value) = types[0] else {
      throw ImplicitCast.mismatch("map_extract_value", types, "map_extract_value(map, key)")
    }
    return mapElement(types[0], key, value)
  }

  /// Elements `first` to `last`, both from 1 or from the end where negative.
  private static let slice = ScalarFunction(
    "list_slice", aliases: ["array_slice"], signature: "list_slice(list, first, last[, step])"
  ) { types, _ throws(QueryError) in
    guard 3...4 ~= types.count, types.dropFirst().allSatisfy({ $0.isInteger || $0 == .null }) else {
      throw ImplicitCast.mismatch("list_slice", types, "list_slice(list, first, last[, step])")
    }
    if types.count == 4 { return try steppedSlice(types) }
    if types[0] == .varchar {
      return TextFunctions.overload("array_slice", [.varchar, .bigint, .bigint]) { row, _ in
        let text = row.text(0)
        let (from, to) = bounds(row.number(1), row.number(2), CodePoints.count(text))
        return CodePoints.slice(text, from, to)
      }
    }
    let types = types[0] == .null ? [.list(.integer), types[1], types[2]] : types
    guard types[0].isList else {
      throw ImplicitCast.mismatch("list_slice", types, "list_slice(list, first, last)")
    }
    return ScalarOverload(name: "list_slice", [types[0], .bigint, .bigint], types[0]) {
      arguments, count in
      let lists = ListRows(arguments[0])
      let (firsts, lasts) = (Rows<Int64>(arguments[1]), Rows<Int64>(arguments[2]))
      var views = FlatBuilder<ListView>(count: count)
      for row in 0..<count {
        if lists.isNull(row) || firsts.isNull(row) || lasts.isNull(row) {
          views.setNull(row, filler: ListView(offset: 0, count: 0))
          continue
        }
        let list = lists[row]
        let (from, to) = bounds(firsts[row], lasts[row], list.count)
        views[row] = ListView(offset: list.lowerBound + from, count: max(to - from, 0))
      }
      let flat = views.finish(types[0])
      return withExtendedLifetime(arguments) {
        Vector(
          flat: types[0], count: count, values: flat.values, validity: flat.validity,
          child: lists.elements.flat(), owners: [flat, arguments[0]])
      }
    }
  }

  /// Every `step`-th element, from the last one back where the step is negative.
  private static func steppedSlice(_ types: [DataType]) throws(QueryError) -> ScalarOverload {
    let type = types[0] == .null ? .list(.integer) : types[0]
    guard type.isList else {
      throw QueryError(.type, "a slice with a step is of a list, not of \(type)")
    }
    return ScalarOverload(
      name: "list_slice", [type, .bigint, .bigint, .bigint], type, canFail: true
    ) { arguments, count throws(QueryError) in
      let lists = ListRows(arguments[0])
      let numbers = arguments.dropFirst().map { Rows<Int64>($0) }
      var output = ListBuilder(type, count: count, sources: [lists.elements])
      for row in 0..<count {
        if lists.isNull(row) || numbers.contains(where: { $0.isNull(row) }) {
          output.endNull()
          continue
        }
        let (first, last, step) = (numbers[0][row], numbers[1][row], numbers[2][row])
        if step == 0 { throw QueryError(.value, "the step of a slice cannot be 0") }
        let list = lists[row]
        let (from, to) =
          step > 0 ? bounds(first, last, list.count) : bounds(last, first, list.count)
        let start = output.elementCount
        let stride = Slices.clamp(Int64(clamping: step.magnitude))
        for place in Swift.stride(from: 0, to: to - from, by: stride) {
          output.append(0, list.lowerBound + (step > 0 ? from + place : to - 1 - place))
        }
        output.endList(from: start)
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  /// What `first:last` means for `count` elements, as a half-open range from 0.
  private static func bounds(_ first: Int64, _ last: Int64, _ count: Int) -> (Int, Int) {
    let (low, high) = (Slices.clamp(first), Slices.clamp(last))
    let from = low < 0 ? max(count + low, 0) : max(low - 1, 0)
    let to = high < 0 ? count + high + 1 : min(high, count)
    return (min(from, count), max(min(to, count), 0))
  }

  private static let mapKeys = keysOrValues("map_keys") { type in
    if case .map(let key, _) = type { return key }
    return nil
  } child: {
    $0.child
  }

  private static let mapValues = keysOrValues("map_values") { type in
    if case .map(_, let value) = type { return value }
    return nil
  } child: {
    $0.mapValues
  }

  private static func keysOrValues(
    _ name: String, element: @escaping @Sendable (DataType) -> DataType?,
    child: @escaping @Sendable (Vector) -> Vector?
  ) -> ScalarFunction {
    ScalarFunction(name, signature: "\(name)(map)") { types, _ throws(QueryError) in
      guard types.count == 1, let element = element(types[0]) else {
        throw ImplicitCast.mismatch(name, types, "\(name)(map)")
      }
      return ScalarOverload(name: name, types, .list(element)) { arguments, count in
        let flat = arguments[0].flat()
        return Vector(
          flat: .list(element), count: count, values: flat.values, validity: flat.validity,
          child: child(flat)?.flat() ?? Vector(element, []), owners: [flat])
      }
    }
  }

  private static let cardinality = ScalarFunction("cardinality", signature: "cardinality(map)") {
    types, _ throws(QueryError) in
    guard types.count == 1, types[0].physical == .list else {
      throw ImplicitCast.mismatch("cardinality", types, "cardinality(map)")
    }
    return count(name: "cardinality", types[0])
  }

  /// How many elements a list has.
  static func count(name: String, _ type: DataType) -> ScalarOverload {
    ScalarOverload(name: name, [type], .bigint) { arguments, count in
      mapUnary(arguments[0], ListView.self, Int64.self, to: .bigint) { Int64($0.count) }
    }
  }

  /// The lists in a list, one after the other.
  private static let flatten = ScalarFunction("flatten", signature: "flatten(list of lists)") {
    types, _ throws(QueryError) in
    guard types.count == 1, case .list(let inner) = types[0], inner.isList else {
      throw ImplicitCast.mismatch("flatten", types, "flatten(list of lists)")
    }
    return ScalarOverload(name: "flatten", types, inner) { arguments, count in
      let outer = ListRows(arguments[0])
      let lists = ListRows(outer.elements)
      var output = ListBuilder(inner, count: count, sources: [lists.elements])
      for row in 0..<count {
        if outer.isNull(row) {
          output.endNull()
          continue
        }
        let start = output.elementCount
        for list in outer[row] {
          for element in lists[list] { output.append(0, element) }
        }
        output.endList(from: start)
      }
      return output.finish()
    }
  }
}
