import ColStore

/// The keys of rows as one integer each.
///
/// Of several keys, one with a known domain is its number there, and one that does not fit beside the
/// others a number of its own, which a table gives its values.
struct KeyPacker {
  private enum Part {
    case domain(KeyDomain)
    case value
    case numbered(any KeyTable)
  }

  let packing: KeyPacking
  private let keys: [CompiledExpression]
  private let parts: [Part]
  private let evaluator: Evaluator

  /// Nil where the keys do not fit into an integer, or leave no bit for NULL.
  init?(_ keys: [CompiledExpression], domains: [KeyDomain?], _ evaluator: Evaluator) {
    var parts = domains.map { domain in domain.map { Part.domain($0) } ?? .value }
    var packing = KeyPacker.packing(keys, parts)
    // Others are numbered one by one, the widest first, until all fit.
    while packing == nil, keys.count > 1, let widest = KeyPacker.widest(keys, parts) {
      parts[widest] = .numbered(HashGrouping.make([keys[widest].type]))
      packing = KeyPacker.packing(keys, parts)
    }
    guard let packing, !packing.isWhole else { return nil }
    self.packing = packing
    self.keys = keys
    self.parts = parts
    self.evaluator = evaluator
  }

  /// Packs the keys into a word each, the same everywhere; nil where they do not fit.
  static func ofWords(
    _ keys: [CompiledExpression], domains: [KeyDomain?], _ evaluator: Evaluator
  ) -> KeyPacker? {
    guard let packer = KeyPacker(keys, domains: domains, evaluator), packer.packing.isNarrow,
      packer.isFixed
    else { return nil }
    return packer
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

  /// Of the keys that are packed as they are, the one with the most bits, more than a number has.
  private static func widest(_ keys: [CompiledExpression], _ parts: [Part]) -> Int? {
    func bits(_ index: Int) -> Int { KeyPacking.bits(of: keys[index].type) ?? .max }
    let values = keys.indices.filter {
      if case .value = parts[$0] { return bits($0) > UInt32.bitWidth }
      return false
    }
    return values.max { bits($0) < bits($1) }
  }

  /// Whether every packer of these keys gives the same keys the same integer.
  var isFixed: Bool {
    parts.allSatisfy {
      if case .numbered = $0 { return false }
      return true
    }
  }

  /// Writes the integer of each row; `numbers` has room for one a row.
  func pack<Key: FixedWidthInteger & UnsignedInteger>(
    _ batch: Batch, into packed: UnsafeMutablePointer<Key>, numbers: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) {
    for (index, part) in parts.enumerated() {
      switch part {
      case .domain(let domain):
        try domain.assign(batch, into: numbers, isFirst: true, evaluator)
        packing.add(numbers: numbers, ofKey: index, count: batch.rowCount, to: packed)
      case .value:
        let values = try evaluator.evaluate(keys[index], batch)
        packing.add(values, ofKey: index, count: batch.rowCount, to: packed)
      case .numbered(let table):
        let values = try evaluator.evaluate(keys[index], batch)
        table.assign([values], count: batch.rowCount, into: numbers)
        packing.add(numbers: numbers, ofKey: index, count: batch.rowCount, to: packed)
      }
    }
  }

  /// The keys that a table of this packer's integers gives, which numbers stand for.
  func values(of packed: [Vector]) -> [Vector] {
    zip(packed, parts).map { key, part in
      switch part {
      case .domain(let domain): domain.keys(KeyPacker.narrow(key), count: key.count)
      case .value: key
      case .numbered(let table): KeyPacker.coded(key, into: table.keys()[0].flat())
      }
    }
  }

  private static func coded(_ numbers: Vector, into values: Vector) -> Vector {
    let codes = narrow(numbers)
    return Vector(
      codes: UnsafePointer(codes.pointer(UInt32.self)), count: numbers.count, dictionary: values,
      owners: [codes])
  }

  private static func narrow(_ numbers: Vector) -> Buffer {
    let number = numbers.pointer(Int64.self)
    let narrow = Buffer(UInt32.self, count: numbers.count)
    for row in 0..<numbers.count {
      narrow.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: number[row])
    }
    return withExtendedLifetime(numbers) { narrow }
  }

  /// The keys that a table of `other`'s integers gives, as this packer numbers them.
  func renumbered(_ packed: [Vector], of other: KeyPacker) -> [Vector] {
    zip(packed, zip(parts, other.parts)).map { key, parts in
      guard case .numbered(let own) = parts.0, case .numbered(let theirs) = parts.1 else {
        return key
      }
      let numbers = Buffer(UInt32.self, count: theirs.count)
      own.assign(theirs.keys(), count: theirs.count, into: numbers.pointer(UInt32.self))
      let words = FlatBuilder<Int64>(count: key.count)
      for row in 0..<key.count {
        words[row] = Int64(numbers.pointer(UInt32.self)[Int(key.pointer(Int64.self)[row])])
      }
      return withExtendedLifetime((key, numbers)) { words.finish(.bigint) }
    }
  }
}

extension KeyPacking {
  /// Sets the bits of key `index` in the integer of each row; those of the first key clear all others.
  func add<Key: FixedWidthInteger & UnsignedInteger>(
    _ vector: Vector, ofKey index: Int, count: Int, to output: UnsafeMutablePointer<Key>
  ) {
    let slot = slots[index]
    let shift = Key(truncatingIfNeeded: slot.shift)
    switch slot.type.physical {
    case .bool:
      let source = Rows<UInt8>(vector)
      add(vector, slot, count, output) { Key(source[$0] & 1) << shift }
    case .int64:
      let source = Rows<Int64>(vector)
      if slot.bits == 32 && !slot.isNumber {
        add(vector, slot, count, output) {
          Key(UInt32(truncatingIfNeeded: source[$0])) << shift
        }
      } else {
        add(vector, slot, count, output) {
          Key(truncatingIfNeeded: UInt64(bitPattern: source[$0])) << shift
        }
      }
    case .double:
      let source = Rows<Double>(vector)
      add(vector, slot, count, output) {
        Key(truncatingIfNeeded: DoubleKey.canonical(source[$0]).bitPattern) << shift
      }
    default:
      let source = Rows<Int128>(vector)
      add(vector, slot, count, output) {
        Key(truncatingIfNeeded: UInt128(bitPattern: source[$0]))
      }
    }
    withExtendedLifetime(vector) {}
  }

  @inline(__always)
  private func add<Key: FixedWidthInteger & UnsignedInteger>(
    _ vector: Vector, _ slot: Slot, _ count: Int, _ output: UnsafeMutablePointer<Key>,
    _ bits: (Int) -> Key
  ) {
    let nulls = Rows<UInt8>(vector)
    let nullBit = slot.nullShift.map { Key(1) << Key(truncatingIfNeeded: $0) } ?? 0
    let kept: Key = slot.shift == 0 ? 0 : ~0
    var row = 0
    if nulls.validity == nil {
      while row < count {
        output[row] = (output[row] & kept) | bits(row)
        row += 1
      }
    } else {
      while row < count {
        output[row] = (output[row] & kept) | (nulls.isNull(row) ? nullBit : bits(row))
        row += 1
      }
    }
  }

  /// As the other, of a key that is a number.
  func add<Key: FixedWidthInteger & UnsignedInteger>(
    numbers: UnsafePointer<UInt32>, ofKey index: Int, count: Int,
    to output: UnsafeMutablePointer<Key>
  ) {
    let shift = Key(truncatingIfNeeded: slots[index].shift)
    let kept: Key = slots[index].shift == 0 ? 0 : ~0
    var row = 0
    while row < count {
      output[row] = (output[row] & kept) | (Key(numbers[row]) &<< shift)
      row += 1
    }
  }
}
