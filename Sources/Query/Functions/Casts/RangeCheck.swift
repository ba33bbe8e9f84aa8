import ColStore

/// Casts to types of whole numbers that are kept in a wider one: SMALLINT in INTEGER.
enum RangeCheck {
  /// The numbers of `type` as they are; those out of `range` fail, or are NULL for TRY_CAST.
  static func overload(
    _ type: DataType, _ range: ClosedRange<Int128>, _ name: String, isTry: Bool
  ) -> ScalarOverload {
    ScalarOverload(name: "in_range", [type], type, canFail: !isTry) {
      arguments, count throws(QueryError) in
      type.physical == .int128
        ? try checked(arguments[0], Int128.self, range, name, isTry: isTry, count: count)
        : try checked(arguments[0], Int64.self, range, name, isTry: isTry, count: count)
    }
  }

  private static func checked<Element: FixedWidthInteger & BitwiseCopyable>(
    _ vector: Vector, _ element: Element.Type, _ range: ClosedRange<Int128>, _ name: String,
    isTry: Bool, count: Int
  ) throws(QueryError) -> Vector {
    let rows = Rows<Element>(vector)
    var isOut = false
    for row in 0..<count where !rows.isNull(row) && !range.contains(Int128(rows[row])) {
      guard isTry else {
        throw QueryError(.value, "the value \(rows[row]) is out of range for \(name)")
      }
      isOut = true
    }
    if !isOut { return withExtendedLifetime(vector) { vector } }
    var output = FlatBuilder<Element>(count: count)
    for row in 0..<count {
      if rows.isNull(row) || !range.contains(Int128(rows[row])) {
        output.setNull(row, filler: 0)
      } else {
        output[row] = rows[row]
      }
    }
    return withExtendedLifetime(vector) { output.finish(vector.type) }
  }
}
