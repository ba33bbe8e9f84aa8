import ColStore

/// Conversion of vectors between types: CAST and TRY_CAST.
enum Cast {
  /// `vector` as `target`, in any layout; `isTry` turns values that do not fit into NULL.
  static func cast(
    _ vector: Vector, to target: DataType, isTry: Bool = false
  ) throws(QueryError) -> Vector {
    let source = vector.type
    if source == target { return vector }
    let count = vector.count
    if source == .null { return .nulls(target, count: count) }
    if vector.layout == .constant {
      if count == 0 || vector.isNull(0) { return .nulls(target, count: count) }
      let single = try castRows(vector.single(at: 0), to: target, isTry: isTry)
      return Vector(repeating: single.single(at: 0), count: count)
    }
    let result = try castRows(vector, to: target, isTry: isTry)
    return Validity.merge(into: result, from: [vector], count: count)
  }

  private static func castRows(
    _ vector: Vector, to target: DataType, isTry: Bool
  ) throws(QueryError) -> Vector {
    let source = vector.type
    let count = vector.count
    if target == .varchar { return try TextCast.toText(vector, count: count) }
    if source == .varchar { return try TextCast.fromText(vector, to: target, isTry: isTry) }
    switch (source, target) {
    case (.integer, .bigint): return vector.retyped(.bigint)
    case (.boolean, .integer), (.boolean, .bigint):
      return mapUnary(vector, UInt8.self, Int64.self, to: target) { Int64($0 & 1) }
    case (.boolean, .double):
      return mapUnary(vector, UInt8.self, Double.self, to: target) { Double($0 & 1) }
    case (.boolean, .decimal):
      let integers = mapUnary(vector, UInt8.self, Int64.self, to: .integer) { Int64($0 & 1) }
      return try NumericCast.rescale(integers, from: 0, to: target, isTry: isTry)
    case (.integer, .boolean), (.bigint, .boolean):
      return mapUnary(vector, Int64.self, UInt8.self, to: .boolean) { $0 != 0 ? 1 : 0 }
    case (.double, .boolean):
      return mapUnary(vector, Double.self, UInt8.self, to: .boolean) { $0 != 0 ? 1 : 0 }
    case (.decimal, .boolean):
      return source.physical == .int64
        ? mapUnary(vector, Int64.self, UInt8.self, to: .boolean) { $0 != 0 ? 1 : 0 }
        : mapUnary(vector, Int128.self, UInt8.self, to: .boolean) { $0 != 0 ? 1 : 0 }
    case (.integer, .double), (.bigint, .double):
      return mapUnary(vector, Int64.self, Double.self, to: .double) { Double($0) }
    case (.decimal(_, let scale), .double):
      return NumericCast.toDouble(vector, scale: scale)
    case (.double, .integer), (.double, .bigint), (.double, .decimal):
      return try NumericCast.fromDouble(vector, to: target, isTry: isTry)
    case (.integer, .decimal), (.bigint, .decimal), (.bigint, .integer):
      return try NumericCast.rescale(vector, from: 0, to: target, isTry: isTry)
    case (.decimal(_, let scale), .integer), (.decimal(_, let scale), .bigint),
      (.decimal(_, let scale), .decimal):
      return try NumericCast.rescale(vector, from: scale, to: target, isTry: isTry)
    case (.date, .timestamp):
      return try mapRows(
        vector, Int64.self, Int64.self, to: .timestamp, count: count, filler: 0
      ) { day throws(QueryError) in
        let (value, overflow) = day.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
        if overflow {
          if isTry { return nil }
          throw TemporalArithmetic.outOfRange(.timestamp)
        }
        return value
      }
    case (.timestamp, .date):
      let width = Int64(microsecondsPerDay)
      return NarrowSteps.apply(vector, width: width, to: .date) { CalendarMath.day(of: $0) }
        ?? FloorDivision.apply(vector, by: width, to: .date)
        ?? mapUnary(vector, Int64.self, Int64.self, to: .date) { CalendarMath.day(of: $0) }
    case (.timestamp, .time):
      return mapUnary(vector, Int64.self, Int64.self, to: .time) { CalendarMath.timeOfDay($0) }
    case (.time, .interval):
      return mapUnary(vector, Int64.self, Interval.self, to: .interval) {
        Interval(microseconds: $0)
      }
    case (.map, .map(let key, let value)):
      guard let child = vector.child, let values = vector.mapValues else { return vector }
      let flat = vector.flat()
      return Vector(
        flat: target, count: count, values: flat.values, validity: flat.validity,
        child: try cast(child, to: key, isTry: isTry).flat(),
        mapValues: try cast(values, to: value, isTry: isTry).flat(), owners: [flat])
    case (.list, .list(let element)):
      guard let child = vector.child else { return vector }
      let inner = try cast(child, to: element, isTry: isTry)
      let flat = vector.flat()
      return Vector(
        flat: target, count: count, values: flat.values, validity: flat.validity,
        child: inner.flat(), owners: [flat])
    default:
      if isTry { return .nulls(target, count: count) }
      throw QueryError(.type, "a value of type \(source) cannot be cast to \(target)")
    }
  }
}
