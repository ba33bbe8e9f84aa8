import ColStore

/// min(value, n), max(value, n), arg_min(result, by, n), arg_max(result, by, n): lists of the n first
/// in order.
enum TopValues {
  /// The most values that a list may have.
  private static let countMax: Int64 = 999_999

  /// The overload for a call with `n` as its last argument. The values are ordered by the argument
  /// before it; rows where an argument is NULL are left out.
  static func overload(
    _ name: String, _ types: [DataType], _ literals: [Value?], wantsLess: Bool
  ) throws(QueryError) -> AggregateOverload {
    let last = types.count - 1
    guard literals.count > last, case .int64(let wanted)? = literals[last], types[last].isInteger
    else { throw QueryError(.type, "\(name) wants the number of values as a literal") }
    guard wanted > 0, wanted <= countMax else {
      throw QueryError(.value, "\(name) gives between 1 and \(countMax) values, not \(wanted)")
    }
    let values = types.dropLast().map { $0 == .null ? DataType.integer : $0 }
    let type = DataType.list(values[0])
    return AggregateOverload(name: name, values + [.bigint], type, isOrderSensitive: true) {
      CollectingAccumulator(values, skipsNulls: true) { columns, starts in
        let keys = columns[columns.count - 1]
        var output = ListBuilder(type, count: starts.count - 1, sources: [columns[0]])
        for group in 0..<starts.count - 1 {
          let rows = (starts[group]..<starts[group + 1]).filter { !keys.isNull($0) }
          if rows.isEmpty {
            output.endNull()
            continue
          }
          let start = output.elementCount
          let sorted = rows.sorted { left, right in
            let order = RowComparison.compare(keys, left, keys, right)
            return order == 0 ? left < right : (order < 0) == wantsLess
          }
          for row in sorted.prefix(Int(wanted)) { output.append(0, row) }
          output.endList(from: start)
        }
        return output.finish()
      }
    }
  }
}
