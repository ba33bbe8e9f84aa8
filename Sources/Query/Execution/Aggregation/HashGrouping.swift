import ColStore

/// Groups numbered by a hash table over their keys.
///
/// Of several keys, one with a known domain is hashed as its number there, and one that does not fit
/// beside the others as a number of its own, which another table gives its values.
final class HashGrouping: Grouping {
  private enum Part {
    case domain(KeyDomain)
    case value
    case numbered(any KeyTable)
  }

  private let keyExpressions: [CompiledExpression]
  private let parts: [Part]
  private let evaluator: Evaluator
  private let table: any KeyTable

  init(_ keys: [CompiledExpression], domains: [KeyDomain?], _ evaluator: Evaluator) {
    keyExpressions = keys
    self.evaluator = evaluator
    var parts = domains.map { domain in domain.map { Part.domain($0) } ?? .value }
    var packing = HashGrouping.packing(keys, parts)
    // Others are numbered one by one, the widest first, until all fit.
    while packing == nil, keys.count > 1, let widest = HashGrouping.widest(keys, parts) {
      parts[widest] = .numbered(HashGrouping.make([keys[widest].type]))
      packing = HashGrouping.packing(keys, parts)
    }
    if let packing {
      self.parts = parts
      table = HashGrouping.table(packing)
    } else {
      self.parts = keys.map { _ in .value }
      table = ByteKeyTable(keys.map(\.type))
    }
  }

  private static func packing(_ keys: [CompiledExpression], _ parts: [Part]) -> KeyPacking? {
    KeyPacking(
      zip(keys, parts).map { key, part in
        switch part {
        case .domain(let domain): .number(size: domain.size)
        case .value: .value(key.type)
        case .numbered: .number(size: Int(UInt32.max))
        }
      })
  }

  /// Of the keys that are hashed as they are, the one with the most bits, more than a number has.
  private static func widest(_ keys: [CompiledExpression], _ parts: [Part]) -> Int? {
    func bits(_ index: Int) -> Int { KeyPacking.bits(of: keys[index].type) ?? .max }
    let values = keys.indices.filter {
      if case .value = parts[$0] { return bits($0) > UInt32.bitWidth }
      return false
    }
    return values.max { bits($0) < bits($1) }
  }

  /// The table that suits keys of these types.
  static func make(_ types: [DataType]) -> any KeyTable {
    KeyPacking(types.map { .value($0) }).map { table($0) } ?? ByteKeyTable(types)
  }

  private static func table(_ packing: KeyPacking) -> any KeyTable {
    packing.isNarrow ? NarrowKeyTable(packing) : WideKeyTable(packing)
  }

  var groupCount: Int { table.count }

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    var keys: [Vector] = []
    for (expression, part) in zip(keyExpressions, parts) {
      switch part {
      case .domain(let domain):
        try domain.assign(batch, into: scratch, isFirst: true, evaluator)
        keys.append(HashGrouping.words(scratch, count: batch.rowCount))
      case .value: keys.append(try evaluator.evaluate(expression, batch))
      case .numbered(let values):
        let vector = try evaluator.evaluate(expression, batch)
        values.assign([vector], count: batch.rowCount, into: scratch)
        keys.append(HashGrouping.words(scratch, count: batch.rowCount))
      }
    }
    table.assign(keys, count: batch.rowCount, into: scratch)
    return UnsafePointer(scratch)
  }

  private static func words(_ numbers: UnsafePointer<UInt32>, count: Int) -> Vector {
    let words = FlatBuilder<Int64>(count: count)
    for row in 0..<count { words.values[row] = Int64(numbers[row]) }
    return words.finish(.bigint)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: other.groupCount)
    guard let other = other as? HashGrouping else { return mapping }
    let keys = zip(other.table.keys(), zip(parts, other.parts)).map { key, parts in
      guard case .numbered(let own) = parts.0, case .numbered(let theirs) = parts.1 else {
        return key
      }
      // The same value has another number there.
      let numbers = Buffer(UInt32.self, count: theirs.count)
      own.assign(theirs.keys(), count: theirs.count, into: numbers.pointer(UInt32.self))
      let words = FlatBuilder<Int64>(count: key.count)
      for row in 0..<key.count {
        words[row] = Int64(numbers.pointer(UInt32.self)[Int(key.pointer(Int64.self)[row])])
      }
      return withExtendedLifetime((key, numbers)) { words.finish(.bigint) }
    }
    table.assign(keys, count: other.groupCount, into: mapping.pointer(UInt32.self))
    return mapping
  }

  func occupied() -> Selection? { nil }

  func keys() -> [Vector] {
    zip(table.keys(), parts).map { key, part in
      switch part {
      case .domain(let domain): HashGrouping.coded(key, into: domain.values)
      case .value: key
      case .numbered(let values): HashGrouping.coded(key, into: values.keys()[0].flat())
      }
    }
  }

  /// The values of numbers.
  private static func coded(_ numbers: Vector, into values: Vector) -> Vector {
    let number = numbers.pointer(Int64.self)
    let codes = Buffer(UInt32.self, count: numbers.count)
    for row in 0..<numbers.count {
      codes.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: number[row])
    }
    return withExtendedLifetime(numbers) {
      Vector(
        codes: UnsafePointer(codes.pointer(UInt32.self)), count: numbers.count,
        dictionary: values, owners: [codes])
    }
  }
}
