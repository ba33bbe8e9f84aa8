import ColStore

extension DatePart {
  /// The part that a text names.
  static func named(_ text: String) throws(QueryError) -> DatePart {
    guard let part = DatePart(name: text) else {
      throw QueryError(.value, "there is no date part '\(text)'")
    }
    return part
  }

  /// A function whose part, the first argument, is no constant: what it gives for each part that occurs
  /// is computed for all rows, and every row takes its own.
  ///
  /// - Parameter overload: The overload for a constant part, which has the other arguments alone, and
  ///   gives `result` or what casts to it.
  static func varying(
    _ name: String, _ parameters: [DataType], _ result: DataType,
    overload: @escaping @Sendable (DatePart) throws(QueryError) -> ScalarOverload
  ) -> ScalarOverload {
    ScalarOverload(name: name, [.varchar] + parameters, result, nulls: .custom, canFail: true) {
      arguments, count throws(QueryError) in
      let operands = Array(arguments.dropFirst())
      var results: [String: Vector] = [:]
      var rows: [(vector: Vector, row: Int)?] = []
      rows.reserveCapacity(count)
      for row in 0..<count {
        guard case .string(let text) = arguments[0].value(at: row) else {
          rows.append(nil)
          continue
        }
        if results[text] == nil {
          let found = try overload(try named(text)).kernel(operands, count)
          let merged = Validity.merge(into: found, from: operands, count: count)
          results[text] = try Cast.cast(merged, to: result).flat()
        }
        rows.append(results[text].map { ($0, row) })
      }
      return RowPicker.pick(rows, type: result, count: count)
    }
  }
}
