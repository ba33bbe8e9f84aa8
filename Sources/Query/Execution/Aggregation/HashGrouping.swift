import ColStore

/// Groups numbered by a hash table over their keys, packed into an integer where they fit.
final class HashGrouping: Grouping {
  private enum Table {
    case narrow(NarrowKeyTable, KeyPacker)
    case wide(WideKeyTable, KeyPacker)
    case values(any KeyTable)
  }

  private let keyExpressions: [CompiledExpression]
  private let evaluator: Evaluator
  private let table: Table
  private var packed = Buffer(byteCount: 0)

  init(_ keys: [CompiledExpression], domains: [KeyDomain?], _ evaluator: Evaluator) {
    keyExpressions = keys
    self.evaluator = evaluator
    if let packer = KeyPacker(keys, domains: domains, evaluator) {
      table =
        packer.packing.isNarrow
        ? .narrow(NarrowKeyTable(packer.packing), packer)
        : .wide(WideKeyTable(packer.packing), packer)
    } else {
      table = .values(HashGrouping.make(keys.map(\.type)))
    }
  }

  /// The table that suits keys of these types.
  static func make(_ types: [DataType]) -> any KeyTable {
    if let packing = KeyPacking(types.map { .value($0) }) {
      return packing.makeTable()
    }
    if types == [.varchar] { return TextKeyTable() }
    let numbered = types.count > 1 ? NumberedKeyTable(types) : nil
    return numbered ?? ByteKeyTable(types)
  }

  var groupCount: Int {
    switch table {
    case .narrow(let table, _): table.count
    case .wide(let table, _): table.count
    case .values(let table): table.count
    }
  }

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    switch table {
    case .narrow(let table, let packer): try assign(batch, table, packer, into: scratch)
    case .wide(let table, let packer): try assign(batch, table, packer, into: scratch)
    case .values(let table):
      let keys = try evaluator.evaluate(keyExpressions, batch)
      table.assign(keys, count: batch.rowCount, into: scratch)
    }
    return UnsafePointer(scratch)
  }

  private func assign<Table: PackedKeyTable>(
    _ batch: Batch, _ table: Table, _ packer: KeyPacker, into groups: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) {
    let count = batch.rowCount
    if packed.byteCount < count * MemoryLayout<Table.Key>.stride {
      packed = Buffer(Table.Key.self, count: count)
    }
    let keys = packed.pointer(Table.Key.self)
    try packer.pack(batch, into: keys, numbers: groups)
    table.assign(packed: keys, count: count, into: groups)
  }

  /// The groups of rows whose keys were packed by another packer of the same keys, which is fixed and
  /// narrow.
  func assign(
    packed: UnsafePointer<UInt64>, count: Int, scratch: UnsafeMutablePointer<UInt32>
  ) -> UnsafePointer<UInt32> {
    guard case .narrow(let table, _) = table else {
      preconditionFailure("packed keys are narrow ones")
    }
    table.assign(packed: packed, count: count, into: scratch)
    return UnsafePointer(scratch)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: other.groupCount)
    let numbers = mapping.pointer(UInt32.self)
    guard let other = other as? HashGrouping else { return mapping }
    switch (table, other.table) {
    case (.narrow(let own, let packer), .narrow(let theirs, let others)):
      HashGrouping.assign(theirs, others, to: own, packer, into: numbers)
    case (.wide(let own, let packer), .wide(let theirs, let others)):
      HashGrouping.assign(theirs, others, to: own, packer, into: numbers)
    case (.values(let own), .values(let theirs)):
      own.assign(theirs.keys(), count: theirs.count, into: numbers)
    default: preconditionFailure("groupings of the same keys have tables of one kind")
    }
    return mapping
  }

  /// The number in one table of each key of another.
  private static func assign<Table: PackedKeyTable>(
    _ theirs: Table, _ others: KeyPacker, to own: Table, _ packer: KeyPacker,
    into numbers: UnsafeMutablePointer<UInt32>
  ) {
    if packer.isFixed {
      return own.assign(packed: theirs.packedKeys, count: theirs.count, into: numbers)
    }
    let keys = packer.renumbered(theirs.keys(), of: others)
    own.assign(keys, count: theirs.count, into: numbers)
  }

  func occupied() -> Selection? { nil }

  func keys() -> [Vector] {
    switch table {
    case .narrow(let table, let packer): packer.values(of: table.keys())
    case .wide(let table, let packer): packer.values(of: table.keys())
    case .values(let table): table.keys()
    }
  }
}
