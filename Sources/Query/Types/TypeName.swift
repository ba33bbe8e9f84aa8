import ColStore

/// The names that SQL text gives to types.
enum TypeName {
  private static let simple: [String: DataType] = [
    "boolean": .boolean, "bool": .boolean, "logical": .boolean,
    "integer": .integer, "int": .integer, "int4": .integer, "int32": .integer, "signed": .integer,
    "bigint": .bigint, "int8": .bigint, "int64": .bigint, "long": .bigint, "oid": .bigint,
    "double": .double, "float8": .double,
    "hugeint": .hugeint, "int128": .hugeint,
    "timestamp": .timestamp, "datetime": .timestamp,
    "date": .date, "time": .time, "interval": .interval, "uuid": .uuid,
    "varchar": .varchar, "text": .varchar, "string": .varchar, "char": .varchar,
    "bpchar": .varchar, "character": .varchar, "nvarchar": .varchar,
  ]

  private static let decimals: Set<String> = ["decimal", "numeric", "dec"]

  /// DuckDB's types that ecq does not have, with what comes near.
  private static let missing: [String: String] = [
    "uhugeint": "HUGEINT", "float": "DOUBLE", "float4": "DOUBLE",
    "real": "DOUBLE", "timestamp with time zone": "TIMESTAMP", "timestamptz": "TIMESTAMP",
    "timestamp_s": "TIMESTAMP", "timestamp_ms": "TIMESTAMP", "timestamp_ns": "TIMESTAMP",
    "timestamp_us": "TIMESTAMP", "time with time zone": "TIME", "timetz": "TIME",
    "blob": "VARCHAR", "bytea": "VARCHAR", "bit": "VARCHAR", "bitstring": "VARCHAR",
    "json": "VARCHAR", "enum": "VARCHAR", "struct": "VARCHAR", "union": "VARCHAR",
    "variant": "VARCHAR", "bignum": "HUGEINT", "varint": "HUGEINT", "map": "VARCHAR",
    "list": "INTEGER[]",
  ]

  /// Whole numbers that ecq keeps in a wider type.
  private static let narrow: [String: (type: DataType, range: ClosedRange<Int128>)] = [
    "tinyint": (.integer, -128...127), "int1": (.integer, -128...127),
    "smallint": (.integer, -32_768...32_767), "int2": (.integer, -32_768...32_767),
    "short": (.integer, -32_768...32_767), "int16": (.integer, -32_768...32_767),
    "utinyint": (.integer, 0...255), "uint8": (.integer, 0...255),
    "usmallint": (.integer, 0...65_535), "uint16": (.integer, 0...65_535),
    "uinteger": (.bigint, 0...4_294_967_295), "uint32": (.bigint, 0...4_294_967_295),
    "ubigint": (.hugeint, 0...18_446_744_073_709_551_615),
    "uint64": (.hugeint, 0...18_446_744_073_709_551_615),
  ]

  static func isKnown(_ word: String) -> Bool {
    simple[word] != nil || decimals.contains(word) || narrow[word] != nil || missing[word] != nil
  }

  /// The values of a type that is kept in a wider one; nil for others.
  static func range(of syntax: TypeSyntax) -> ClosedRange<Int128>? {
    narrow[syntax.name]?.range
  }

  static func type(of syntax: TypeSyntax) throws(QueryError) -> DataType {
    var type = try elementType(of: syntax)
    for _ in 0..<syntax.listDepth { type = .list(type) }
    return type
  }

  private static func elementType(of syntax: TypeSyntax) throws(QueryError) -> DataType {
    if decimals.contains(syntax.name) {
      let precision = syntax.arguments.first ?? 18
      let scale =
        syntax.arguments.count > 1 ? syntax.arguments[1] : syntax.arguments.isEmpty ? 3 : 0
      guard syntax.arguments.count <= 2, precision >= 1, precision <= 38 else {
        throw QueryError(
          .type, "a DECIMAL has a precision from 1 to 38 and a scale", at: syntax.position)
      }
      guard scale >= 0, scale <= precision else {
        throw QueryError(
          .type, "the scale of a DECIMAL is at most its precision", at: syntax.position)
      }
      return .decimal(precision: precision, scale: scale)
    }
    if let type = narrow[syntax.name]?.type {
      guard syntax.arguments.isEmpty, syntax.listDepth == 0 else {
        throw QueryError(
          .unsupported,
          "lists and arguments of the type \(syntax.name.uppercased()) are not supported",
          at: syntax.position, hint: "\(type) may serve instead")
      }
      return type
    }
    if let type = simple[syntax.name] {
      guard syntax.arguments.isEmpty || type == .varchar else {
        throw QueryError(.type, "the type \(type) takes no arguments", at: syntax.position)
      }
      return type
    }
    if let near = missing[syntax.name] {
      throw QueryError(
        .unsupported, "the type \(syntax.name.uppercased()) is not supported",
        at: syntax.position, hint: "\(near) may serve instead")
    }
    let names = Array(simple.keys.sorted()) + decimals.sorted()
    throw QueryError(
      .name, "there is no type \"\(syntax.name)\"", at: syntax.position,
      hint: nearestName(to: syntax.name, among: names).map { "did you mean \($0.uppercased())?" })
  }
}
