import ColStore

/// list_sort, list_reverse, list_distinct, list_concat and their like: lists from lists.
enum ListOrder {
  static let functions: [ScalarFunction] = [
    sort("list_sort", aliases: ["array_sort"], isReverse: false),
    sort("list_reverse_sort", aliases: ["array_reverse_sort"], isReverse: true),
    reverse, distinct, unique, concatenation, append, prepend, pushFront, intersect, gradeUp,
    pop("array_pop_back") { $0.dropLast() }, pop("array_pop_front") { $0.dropFirst() },
  ]

  /// The elements of each list in the order that `arrange` gives their places.
  private static func arranged(
    _ name: String, _ type: DataType, extra: [DataType] = [], canFail: Bool = false,
    _ arrange:
      @escaping @Sendable (ListRows, Int, _ arguments: [Vector]) throws(QueryError) -> [Int]
  ) -> ScalarOverload {
    ScalarOverload(name: name, [type] + extra, type, canFail: canFail) {
      arguments, count throws(QueryError) in
      let lists = ListRows(arguments[0])
      var output = ListBuilder(type, count: count, sources: [lists.elements])
      for row in 0..<count {
        if lists.isNull(row) {
          output.endNull()
          continue
        }
        let start = output.elementCount
        for element in try arrange(lists, row, arguments) { output.append(0, element) }
        output.endList(from: start)
      }
      return output.finish()
    }
  }

  private static func listFunction(
    _ name: String, aliases: [String] = [],
    _ arrange: @escaping @Sendable (ListRows, Int) -> [Int]
  ) -> ScalarFunction {
    ScalarFunction(name, aliases: aliases, signature: "\(name)(list)") {
      types, _ throws(QueryError) in
      guard types.count == 1, types[0].isList else {
        throw ImplicitCast.mismatch(name, types, "\(name)(list)")
      }
      return arranged(name, types[0]) { lists, row, _ in arrange(lists, row) }
    }
  }

  private static let reverse = listFunction("list_reverse", aliases: ["array_reverse"]) {
    $0[$1].reversed()
  }

  private static func pop(
    _ name: String, _ kept: @escaping @Sendable (Range<Int>) -> Range<Int>
  ) -> ScalarFunction {
    listFunction(name) { Array(kept($0[$1])) }
  }

  /// Each value once, where it comes first; NULL left out.
  private static let distinct = listFunction("list_distinct", aliases: ["array_distinct"]) {
    lists, row in
    var seen: Set<Value> = []
    return lists[row].filter {
      !lists.elements.isNull($0) && seen.insert(ListSets.key(lists.elements, $0)).inserted
    }
  }

  private static let unique = ScalarFunction(
    "list_unique", aliases: ["array_unique"], signature: "list_unique(list)"
  ) { types, _ throws(QueryError) in
    guard types.count == 1, types[0].isList else {
      throw ImplicitCast.mismatch("list_unique", types, "list_unique(list)")
    }
    return ScalarOverload(name: "list_unique", types, .bigint) { arguments, count in
      let lists = ListRows(arguments[0])
      let output = FlatBuilder<Int64>(count: count)
      for row in 0..<count { output[row] = Int64(ListSets.values(lists, row).count) }
      return output.finish(.bigint)
    }
  }

  // MARK: Sorting

  private struct Order {
    var descending: Bool
    var nullsFirst: Bool

    /// Reads `ASC`, `DESC` and `NULLS FIRST`, `NULLS LAST`.
    init(_ literals: [Value?], isReverse: Bool) throws(QueryError) {
      descending = isReverse
      nullsFirst = false
      var words: [String] = []
      for literal in literals.dropFirst() {
        guard case .string(let word)? = literal else {
          throw QueryError(.type, "the order of list_sort is a literal text")
        }
        words.append(word.uppercased())
      }
      for word in words {
        switch word {
        case "ASC": descending = false
        case "DESC": descending = true
        case "NULLS FIRST": nullsFirst = true
        case "NULLS LAST": nullsFirst = false
        default:
          throw QueryError(.value, "list_sort takes ASC or DESC and NULLS FIRST or NULLS LAST")
        }
      }
    }

    func sorted(_ lists: ListRows, _ row: Int) -> [Int] {
      let elements = lists.elements
      return lists[row].sorted { left, right in
        switch (elements.isNull(left), elements.isNull(right)) {
        case (true, true): return left < right
        case (true, false): return nullsFirst
        case (false, true): return !nullsFirst
        default: break
        }
        let order = RowComparison.compare(elements, left, elements, right)
        return order == 0 ? left < right : (order < 0) != descending
      }
    }
  }

  private static func sort(_ name: String, aliases: [String], isReverse: Bool) -> ScalarFunction {
    let signature = "\(name)(list[, order[, nulls]])"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      guard (1...(isReverse ? 2 : 3)).contains(types.count), types[0].isList else {
        throw ImplicitCast.mismatch(name, types, signature)
      }
      let order = try Order(literals, isReverse: isReverse)
      let extra = [DataType](repeating: .varchar, count: types.count - 1)
      return arranged(name, types[0], extra: extra) { lists, row, _ in order.sorted(lists, row) }
    }
  }

  /// The places, from 1, that would sort the list.
  private static let gradeUp = ScalarFunction(
    "list_grade_up", aliases: ["array_grade_up", "grade_up"],
    signature: "list_grade_up(list[, order[, nulls]])"
  ) { types, literals throws(QueryError) in
    guard (1...3).contains(types.count), types[0].isList else {
      throw ImplicitCast.mismatch("list_grade_up", types, "list_grade_up(list[, order[, nulls]])")
    }
    let order = try Order(literals, isReverse: false)
    let extra = [DataType](repeating: .varchar, count: types.count - 1)
    return ScalarOverload(name: "list_grade_up", [types[0]] + extra, .list(.bigint)) {
      arguments, count in
      let lists = ListRows(arguments[0])
      var places: [Value] = []
      var views = FlatBuilder<ListView>(count: count)
      for row in 0..<count {
        if lists.isNull(row) {
          views.setNull(row, filler: ListView(offset: 0, count: 0))
          continue
        }
        let start = places.count
        let first = lists[row].lowerBound
        for element in order.sorted(lists, row) {
          places.append(.int64(Int64(element - first + 1)))
        }
        views[row] = ListView(offset: start, count: places.count - start)
      }
      let flat = views.finish(.list(.bigint))
      return Vector(
        flat: .list(.bigint), count: count, values: flat.values, validity: flat.validity,
        child: Vector(.bigint, places), owners: [flat])
    }
  }

  // MARK: Putting together

  /// Lists one after the other; NULL counts as empty, but for `||`.
  private static let concatenation = ScalarFunction(
    "list_concat", aliases: ["list_cat", "array_concat", "array_cat"],
    signature: "list_concat(list, …)"
  ) { types, _ throws(QueryError) in
    try concatenated(types, name: "list_concat", nullIsEmpty: true)
  }

  static func concatenated(
    _ types: [DataType], name: String, nullIsEmpty: Bool
  ) throws(QueryError) -> ScalarOverload {
    let type = try common(types, name)
    return ScalarOverload(
      name: name, types.map { _ in type }, type, nulls: nullIsEmpty ? .custom : .propagate
    ) { arguments, count in
      let lists = arguments.map { ListRows($0) }
      var output = ListBuilder(type, count: count, sources: lists.map(\.elements))
      for row in 0..<count {
        let start = output.elementCount
        for (source, list) in lists.enumerated() {
          for element in list[row] { output.append(source, element) }
        }
        output.endList(from: start)
      }
      return output.finish()
    }
  }

  private static func common(_ types: [DataType], _ name: String) throws(QueryError) -> DataType {
    var type = DataType.null
    for other in types {
      guard let next = ImplicitCast.common(type, other), next.isList || next == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(list, list)")
      }
      type = next
    }
    return type == .null ? .list(.integer) : type
  }

  private static let append = attached(
    "list_append", aliases: ["array_append", "array_push_back"], listFirst: true, valueFirst: false)
  private static let prepend = attached(
    "list_prepend", aliases: ["array_prepend"], listFirst: false, valueFirst: true)
  private static let pushFront = attached(
    "array_push_front", aliases: [], listFirst: true, valueFirst: true)

  private static func attached(
    _ name: String, aliases: [String], listFirst: Bool, valueFirst: Bool
  ) -> ScalarFunction {
    let signature = listFirst ? "\(name)(list, value)" : "\(name)(value, list)"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, _ throws(QueryError) in
      guard types.count == 2 else { throw ImplicitCast.mismatch(name, types, signature) }
      let (list, value) = listFirst ? (types[0], types[1]) : (types[1], types[0])
      guard let type = ImplicitCast.common(list, .list(value)), case .list(let element) = type
      else { throw ImplicitCast.mismatch(name, types, signature) }
      return ScalarOverload(
        name: name, listFirst ? [type, element] : [element, type], type, nulls: .custom
      ) { arguments, count in
        let lists = ListRows(arguments[listFirst ? 0 : 1])
        var output = ListBuilder(
          type, count: count, sources: [lists.elements, arguments[listFirst ? 1 : 0]])
        for row in 0..<count {
          let start = output.elementCount
          if valueFirst { output.append(1, row) }
          for place in lists[row] { output.append(0, place) }
          if !valueFirst { output.append(1, row) }
          output.endList(from: start)
        }
        return output.finish()
      }
    }
  }

  /// The values of both lists, each once, in the order of the first.
  private static let intersect = ScalarFunction(
    "list_intersect", aliases: ["array_intersect"], signature: "list_intersect(list, list)"
  ) { types, _ throws(QueryError) in
    let type = try common(types, "list_intersect")
    guard types.count == 2 else {
      throw ImplicitCast.mismatch("list_intersect", types, "list_intersect(list, list)")
    }
    return ScalarOverload(
      name: "list_intersect", [type, type], type, nulls: .custom
    ) { arguments, count in
      let (lists, others) = (ListRows(arguments[0]), ListRows(arguments[1]))
      var output = ListBuilder(type, count: count, sources: [lists.elements])
      for row in 0..<count {
        if lists.isNull(row) {
          output.endNull()
          continue
        }
        let start = output.elementCount
        var wanted = ListSets.values(others, row)
        for element in lists[row]
        where !lists.elements.isNull(element)
          && wanted.remove(ListSets.key(lists.elements, element)) != nil
        {
          output.append(0, element)
        }
        output.endList(from: start)
      }
      return output.finish()
    }
  }
}
