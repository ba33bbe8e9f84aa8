import ColStore

/// Groups numbered by a hash table over their keys; of a key with a known domain, over its number.
final class HashGrouping: Grouping {
  private let expressions: [CompiledExpression]
  private let domains: [KeyDomain?]
  private let evaluator: Evaluator
  private let table: any KeyTable

  init(_ keys: [CompiledExpression], domains: [KeyDomain?], _ evaluator: Evaluator) {
    expressions = keys
    self.domains = domains
    self.evaluator = evaluator
    table = HashGrouping.make(
      zip(keys, domains).map { key, domain in domain == nil ? key.type : .integer })
  }

  /// The table that suits keys of these types.
  static func make(_ types: [DataType]) -> any KeyTable {
    if let packing = KeyPacking(types) {
      return packing.isNarrow ? NarrowKeyTable(packing) : WideKeyTable(packing)
    }
    return ByteKeyTable(types)
  }

  var groupCount: Int { table.count }

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    var keys: [Vector] = []
    for (expression, domain) in zip(expressions, domains) {
      if let domain {
        try domain.assign(batch, into: scratch, isFirst: true, evaluator)
        let numbers = FlatBuilder<Int64>(count: batch.rowCount)
        var row = 0
        while row < batch.rowCount {
          numbers.values[row] = Int64(scratch[row])
          row += 1
        }
        keys.append(numbers.finish(.integer))
      } else {
        keys.append(try evaluator.evaluate(expression, batch))
      }
    }
    table.assign(keys, count: batch.rowCount, into: scratch)
    return UnsafePointer(scratch)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: other.groupCount)
    if let other = other as? HashGrouping {
      table.assign(
        other.table.keys(), count: other.groupCount, into: mapping.pointer(UInt32.self))
    }
    return mapping
  }

  func occupied() -> Selection? { nil }

  func keys() -> [Vector] {
    zip(table.keys(), domains).map { key, domain in
      guard let domain else { return key }
      let numbers = key.flat()
      let source = numbers.pointer(Int64.self)
      let codes = Buffer(UInt32.self, count: key.count)
      for row in 0..<key.count {
        codes.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: source[row])
      }
      return withExtendedLifetime(numbers) {
        Vector(
          codes: UnsafePointer(codes.pointer(UInt32.self)), count: key.count,
          dictionary: domain.values, owners: [codes])
      }
    }
  }
}
