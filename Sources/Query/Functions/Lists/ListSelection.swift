import ColStore

/// list_where, list_select: elements that another list chooses.
enum ListSelection {
  static let functions: [ScalarFunction] = [listWhere, listSelect]

  /// The elements where the mask is true; NULL where it is longer than the list.
  private static let listWhere = function(
    "list_where", aliases: ["array_where"], signature: "list_where(list, mask)", chooser: .boolean
  ) { mask in
    let holds = Rows<UInt8>(mask)
    return { place, entry in holds[entry] & 1 == 1 ? place : nil }
  }

  /// The elements at places from 1; NULL outside the list.
  private static let listSelect = function(
    "list_select", aliases: ["array_select"], signature: "list_select(list, places)",
    chooser: .bigint
  ) { places in
    let places = Rows<Int64>(places)
    return { _, entry in Int(clamping: places[entry]) }
  }

  /// - Parameter choose: Of the choosing list's elements makes what tells, of the element at a place from 1,
  ///   the place of the list's element that it chooses.
  private static func function(
    _ name: String, aliases: [String], signature: String, chooser: DataType,
    choose: @escaping @Sendable (Vector) -> (_ place: Int, _ entry: Int) -> Int?
  ) -> ScalarFunction {
    ScalarFunction(name, aliases: aliases, signature: signature) { types, _ throws(QueryError) in
      let element = types.first?.isList ?? false ? types[0].element : .null
      let type = DataType.list(element == .null ? .integer : element)
      guard types.count == 2, types[0].isList || types[0] == .null,
        types[1] == .null
          || types[1].isList && ImplicitCast.common(types[1].element, chooser) == chooser
      else { throw ImplicitCast.mismatch(name, types, signature) }
      return ScalarOverload(
        name: name, [type, .list(chooser)], type, nulls: .custom, canFail: true
      ) { arguments, count throws(QueryError) in
        let (lists, choosers) = (ListRows(arguments[0]), ListRows(arguments[1]))
        let chosen = choose(choosers.elements)
        var output = ListBuilder(type, count: count, sources: [lists.elements])
        for row in 0..<count {
          if lists.isNull(row) || choosers.isNull(row) {
            output.endNull()
            continue
          }
          let (list, entries) = (lists[row], choosers[row])
          let start = output.elementCount
          for (place, entry) in entries.enumerated() {
            if choosers.elements.isNull(entry) {
              throw QueryError(.value, "the second list of \(name) can have no NULL")
            }
            guard let wanted = chosen(place + 1, entry) else { continue }
            if wanted >= 1, wanted <= list.count {
              output.append(0, list.lowerBound + wanted - 1)
            } else {
              output.appendNull()
            }
          }
          output.endList(from: start)
        }
        return output.finish()
      }
    }
  }
}
