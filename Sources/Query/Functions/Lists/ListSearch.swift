import ColStore

/// list_contains, list_position, list_has_any, list_has_all: what lists hold.
enum ListSearch {
  static let functions: [ScalarFunction] = [
    contains, position,
    sets("list_has_any", aliases: ["array_has_any", "&&"]) { left, right in
      right.contains { left.contains($0) }
    },
    sets("list_has_all", aliases: ["array_has_all", "@>"]) { left, right in
      right.allSatisfy { left.contains($0) }
    },
    sets("list_contained_by", aliases: ["<@"]) { left, right in
      left.allSatisfy { right.contains($0) }
    },
  ]

  /// The types of a list and of what is looked for in it, made one.
  private static func unified(
    _ types: [DataType], _ literals: [Value?], _ name: String, _ signature: String
  ) throws(QueryError) -> (list: DataType, element: DataType) {
    guard types.count == 2, case .list(let own) = types[0] else {
      throw ImplicitCast.mismatch(name, types, signature)
    }
    // A text literal is what the list holds.
    if types[1] == .varchar, literals.count > 1, literals[1] != nil, own != .null {
      return (types[0], own)
    }
    guard let element = ImplicitCast.common(own, types[1]) else {
      throw ImplicitCast.mismatch(name, types, signature)
    }
    return (.list(element), element)
  }

  private static func place(_ lists: ListRows, _ row: Int, _ value: Vector) -> Int? {
    for (index, element) in lists[row].enumerated() where !lists.elements.isNull(element) {
      if RowComparison.compare(lists.elements, element, value, row) == 0 { return index }
    }
    return nil
  }

  static func containment(
    _ types: [DataType], _ literals: [Value?]
  ) throws(QueryError) -> ScalarOverload {
    let (list, element) = try unified(
      types, literals, "list_contains", "list_contains(list, value)")
    return ScalarOverload(name: "list_contains", [list, element], .boolean) { arguments, count in
      let lists = ListRows(arguments[0])
      let output = FlatBuilder<UInt8>(count: count)
      for row in 0..<count {
        output[row] =
          !arguments[1].isNull(row) && place(lists, row, arguments[1]) != nil ? 1 : 0
      }
      return output.finish(.boolean)
    }
  }

  private static let contains = ScalarFunction(
    "list_contains", aliases: ["array_contains", "list_has", "array_has"],
    signature: "list_contains(list, value)"
  ) { types, literals throws(QueryError) in try containment(types, literals) }

  /// From 1; NULL where the value is not there.
  private static let position = ScalarFunction(
    "list_position", aliases: ["array_position", "list_indexof", "array_indexof"],
    signature: "list_position(list, value)"
  ) { types, literals throws(QueryError) in
    let (list, element) = try unified(
      types, literals, "list_position", "list_position(list, value)")
    return ScalarOverload(name: "list_position", [list, element], .integer, nulls: .custom) {
      arguments, count in
      let lists = ListRows(arguments[0])
      var output = FlatBuilder<Int64>(count: count)
      for row in 0..<count {
        if lists.isNull(row) {
          output.setNull(row, filler: 0)
        } else if arguments[1].isNull(row) {
          let list = lists[row]
          if let found = list.first(where: { lists.elements.isNull($0) }) {
            output[row] = Int64(found - list.lowerBound + 1)
          } else {
            output.setNull(row, filler: 0)
          }
        } else if let found = place(lists, row, arguments[1]) {
          output[row] = Int64(found + 1)
        } else {
          output.setNull(row, filler: 0)
        }
      }
      return output.finish(.integer)
    }
  }

  private static func sets(
    _ name: String, aliases: [String],
    _ holds: @escaping @Sendable (_ left: Set<Value>, _ right: Set<Value>) -> Bool
  ) -> ScalarFunction {
    ScalarFunction(name, aliases: aliases, signature: "\(name)(list, list)") {
      types, _ throws(QueryError) in
      guard types.count == 2, let type = ImplicitCast.common(types[0], types[1]), type.isList else {
        throw ImplicitCast.mismatch(name, types, "\(name)(list, list)")
      }
      return ScalarOverload(name: name, [type, type], .boolean) { arguments, count in
        let (left, right) = (ListRows(arguments[0]), ListRows(arguments[1]))
        let output = FlatBuilder<UInt8>(count: count)
        for row in 0..<count {
          output[row] = holds(ListSets.values(left, row), ListSets.values(right, row)) ? 1 : 0
        }
        return output.finish(.boolean)
      }
    }
  }
}

/// The distinct values of lists, NULL left out.
enum ListSets {
  static func values(_ lists: ListRows, _ row: Int) -> Set<Value> {
    var values: Set<Value> = []
    for element in lists[row] where !lists.elements.isNull(element) {
      values.insert(key(lists.elements, element))
    }
    return values
  }

  /// A value that is equal where SQL's are.
  static func key(_ vector: Vector, _ row: Int) -> Value {
    let value = vector.value(at: row)
    if case .double(let number) = value { return .int64(DoubleKey.ordered(number)) }
    return value
  }
}
