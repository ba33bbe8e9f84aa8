/// The logical type of a column or of an expression.
///
/// Stores hold the first nine; the rest exist in query results only.
public enum DataType: Hashable, Sendable {
  case boolean
  /// 32-bit signed integer.
  case integer
  /// 64-bit signed integer.
  case bigint
  case double
  /// An exact number of `precision` digits, `scale` of them after the point; precision 1…38.
  case decimal(precision: Int, scale: Int)
  /// Microseconds since 1970-01-01 00:00:00 UTC.
  case timestamp
  /// Days since 1970-01-01.
  case date
  case uuid
  case varchar
  /// The type of the literal NULL; casts to every other type.
  case null
  case interval
  /// Microseconds since midnight.
  case time
  indirect case list(DataType)
  indirect case map(key: DataType, value: DataType)
}

/// How the values of a type lie in memory: one kernel serves all types of one physical type.
///
/// INTEGER, DATE and DECIMAL of up to 18 digits are widened to 64 bits in vectors, so that few
/// kernels cover all types; what is stored is as narrow as its values.
public enum PhysicalType: Hashable, Sendable {
  /// One `UInt8`, 0 or 1.
  case bool
  /// `Int64`: INTEGER, BIGINT, DECIMAL(≤ 18), TIMESTAMP, DATE, TIME.
  case int64
  /// `Int128`: DECIMAL(19…38), and UUID with its top bit flipped, so that signed order is text order.
  case int128
  case double
  /// A ``StringView``.
  case string
  /// An ``Interval``.
  case interval
  /// A ``ListView`` into the vector's child vector.
  case list

  /// Bytes of one value in a flat vector.
  public var stride: Int {
    switch self {
    case .bool: 1
    case .int64, .double: 8
    case .int128, .string, .interval, .list: 16
    }
  }
}

extension DataType {
  public var physical: PhysicalType {
    switch self {
    case .boolean, .null: .bool
    case .integer, .bigint, .timestamp, .date, .time: .int64
    case .decimal(let precision, _): precision <= 18 ? .int64 : .int128
    case .double: .double
    case .uuid: .int128
    case .varchar: .string
    case .interval: .interval
    case .list, .map: .list
    }
  }

  /// The widest exact integer type, which stands for DuckDB's HUGEINT.
  public static let hugeint = DataType.decimal(precision: 38, scale: 0)

  public var isNumeric: Bool {
    switch self {
    case .integer, .bigint, .double, .decimal: true
    default: false
    }
  }

  /// Whether a column of a store can have the type; NULL, the type of no value, is stored as VARCHAR.
  public var isStorable: Bool {
    switch self {
    case .interval, .time, .list, .map: false
    default: true
    }
  }

  public var isInteger: Bool {
    switch self {
    case .integer, .bigint: true
    default: false
    }
  }
}

extension DataType: CustomStringConvertible {
  /// The type's SQL name, for example `DECIMAL(9,2)`.
  public var description: String {
    switch self {
    case .boolean: "BOOLEAN"
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .double: "DOUBLE"
    case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
    case .timestamp: "TIMESTAMP"
    case .date: "DATE"
    case .uuid: "UUID"
    case .varchar: "VARCHAR"
    case .null: "NULL"
    case .interval: "INTERVAL"
    case .time: "TIME"
    case .list(.null): "INTEGER[]"
    case .list(let element): "\(element)[]"
    case .map(let key, let value): "MAP(\(key), \(value))"
    }
  }
}
