import CKernels
import ColStore

enum PackedKeyHash {
  @inline(__always)
  static func hash(_ key: UInt64) -> UInt64 {
    let product = key.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return product.low ^ product.high
  }
}

/// Open addressing over packed keys: `slots` holds numbers + 1, 0 where free.
///
/// In a table that no cache holds, slots are asked for some rows ahead, so that rows do not wait for
/// memory one after the other.
private struct PackedKeys<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private let packing: KeyPacking
  private let keysByNumber = StateArray<Key>()
  private(set) var count = 0
  private var slots = StateArray<UInt32>()
  private var mask: Int
  private var scratch = Buffer(byteCount: 0)
  /// The number of NULL, where a lone key has no bit for it.
  private var nullNumber: UInt32?

  init(_ packing: KeyPacking) {
    self.packing = packing
    mask = 1023
    slots.resize(to: 1024)
  }

  /// Slots of tables that caches hold.
  private static var slotsInCacheMax: Int { 1 << 15 }
  /// Below so many slots a table that grows does so by a factor of four.
  private static var slotsGrowingFast: Int { 1 << 18 }
  /// Rows whose slots are asked for at once.
  private static var rowsAhead: Int { 128 }

  /// Asks for the slots of the keys, then for the keys that stand there.
  @inline(__always)
  private func prefetch(_ keys: UnsafePointer<Key>, count: Int) {
    if mask < PackedKeys.slotsInCacheMax { return }
    let slots = slots.states
    let known = keysByNumber.states
    for row in 0..<count {
      ecq_prefetch(slots + (Int(truncatingIfNeeded: PackedKeys.hash(keys[row])) & mask))
    }
    for row in 0..<count {
      let found = slots[Int(truncatingIfNeeded: PackedKeys.hash(keys[row])) & mask]
      if found != 0 { ecq_prefetch(known + (Int(found) - 1)) }
    }
  }

  @inline(__always)
  private static func hash(_ key: Key) -> UInt64 {
    var mixed = UInt64(truncatingIfNeeded: key)
    if Key.bitWidth > 64 {
      mixed ^= UInt64(truncatingIfNeeded: key >> 64) &* 0x9e37_79b9_7f4a_7c15
    }
    return PackedKeyHash.hash(mixed)
  }

  mutating func assign(
    _ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    if scratch.byteCount < rows * MemoryLayout<Key>.stride {
      scratch = Buffer(Key.self, count: rows)
    }
    let packed = scratch.pointer(Key.self)
    pack(keys, rows, into: packed)
    assign(
      packed: packed, nullsOf: packing.isWhole && keys[0].mayHaveNulls ? keys[0] : nil,
      count: rows, into: numbers)
  }

  /// - Parameter nullable: A lone key without a bit for NULL.
  mutating func assign(
    packed: UnsafePointer<Key>, nullsOf nullable: Vector? = nil, count rows: Int,
    into numbers: UnsafeMutablePointer<UInt32>
  ) {
    keysByNumber.resize(to: count + rows + 1)
    var row = 0
    while row < rows {
      let end = min(rows, row + PackedKeys.rowsAhead)
      if (count + end - row + 1) * 2 > mask { grow(by: end - row + 1) }
      prefetch(packed + row, count: end - row)
      if let nullable {
        while row < end {
          numbers[row] = nullable.isNull(row) ? numberOfNull() : number(of: packed[row])
          row += 1
        }
      } else {
        while row < end {
          // Neighbours often have the same key.
          numbers[row] =
            row > 0 && packed[row] == packed[row - 1] ? numbers[row - 1] : number(of: packed[row])
          row += 1
        }
      }
    }
  }

  /// The packed keys by number.
  var packedKeys: UnsafePointer<Key> { UnsafePointer(keysByNumber.states) }

  /// Reads the table only: many workers may look up at once.
  func find(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    let buffer = Buffer(Key.self, count: rows)
    let packed = buffer.pointer(Key.self)
    pack(keys, rows, into: packed)
    let slots = slots.states
    let known = keysByNumber.states
    let checksNulls = packing.isWhole && keys[0].mayHaveNulls
    for row in 0..<rows {
      if row % PackedKeys.rowsAhead == 0 {
        prefetch(packed + row, count: min(rows - row, PackedKeys.rowsAhead))
      }
      if checksNulls && keys[0].isNull(row) {
        numbers[row] = nullNumber ?? KeyTables.absent
        continue
      }
      var slot = Int(truncatingIfNeeded: PackedKeys.hash(packed[row])) & mask
      while slots[slot] != 0 && known[Int(slots[slot]) - 1] != packed[row] {
        slot = (slot + 1) & mask
      }
      numbers[row] = slots[slot] == 0 ? KeyTables.absent : slots[slot] - 1
    }
    withExtendedLifetime(buffer) {}
  }

  @inline(__always)
  private mutating func number(of key: Key) -> UInt32 {
    let slots = slots.states
    let known = keysByNumber.states
    var slot = Int(truncatingIfNeeded: PackedKeys.hash(key)) & mask
    while true {
      let found = slots[slot]
      if found == 0 {
        known[count] = key
        count += 1
        slots[slot] = UInt32(count)
        return UInt32(count - 1)
      }
      if known[Int(found) - 1] == key { return found - 1 }
      slot = (slot + 1) & mask
    }
  }

  /// A lone key that fills its word has no bit left for NULL, which gets a number outside the slots.
  private mutating func numberOfNull() -> UInt32 {
    if let nullNumber { return nullNumber }
    let number = UInt32(count)
    keysByNumber[count] = 0
    count += 1
    nullNumber = number
    return number
  }

  private mutating func grow(by extra: Int) {
    var capacity = mask + 1
    while (count + extra) * 2 > capacity - 1 {
      capacity *= capacity < PackedKeys.slotsGrowingFast ? 4 : 2
    }
    let fresh = StateArray<UInt32>()
    fresh.resize(to: capacity)
    mask = capacity - 1
    let ahead = 16
    for number in 0..<count where UInt32(number) != nullNumber {
      if number + ahead < count {
        let hash = PackedKeys.hash(keysByNumber[number + ahead])
        ecq_prefetch(fresh.states + (Int(truncatingIfNeeded: hash) & mask))
      }
      var slot = Int(truncatingIfNeeded: PackedKeys.hash(keysByNumber[number])) & mask
      while fresh.states[slot] != 0 { slot = (slot + 1) & mask }
      fresh.states[slot] = UInt32(number + 1)
    }
    slots = fresh
  }

  private func pack(_ keys: [Vector], _ rows: Int, into output: UnsafeMutablePointer<Key>) {
    for (index, key) in keys.enumerated() {
      packing.add(key, ofKey: index, count: rows, to: output)
    }
  }

  func keys() -> [Vector] {
    packing.slots.map { slot in
      let shift = Key(truncatingIfNeeded: slot.shift)
      if slot.isNumber {
        let mask = (UInt64(1) << UInt64(slot.bits)) &- 1
        return unpack(slot.type, Int64.self, { _ in false }) {
          Int64(bitPattern: UInt64(truncatingIfNeeded: $0 >> shift) & mask)
        }
      }
      func isNull(_ number: Int) -> Bool {
        guard let nullShift = slot.nullShift else { return nullNumber == UInt32(number) }
        return (keysByNumber[number] >> Key(truncatingIfNeeded: nullShift)) & 1 == 1
      }
      switch slot.type.physical {
      case .bool:
        return unpack(slot.type, UInt8.self, isNull) { UInt8(truncatingIfNeeded: $0 >> shift) & 1 }
      case .int64:
        if slot.bits == 32 {
          return unpack(slot.type, Int64.self, isNull) {
            Int64(Int32(truncatingIfNeeded: $0 >> shift))
          }
        }
        return unpack(slot.type, Int64.self, isNull) { Int64(truncatingIfNeeded: $0 >> shift) }
      case .double:
        return unpack(slot.type, Double.self, isNull) {
          Double(bitPattern: UInt64(truncatingIfNeeded: $0 >> shift))
        }
      default:
        return unpack(slot.type, Int128.self, isNull) { Int128(truncatingIfNeeded: $0) }
      }
    }
  }

  private func unpack<Element: BitwiseCopyable>(
    _ type: DataType, _ element: Element.Type, _ isNull: (Int) -> Bool, _ value: (Key) -> Element
  ) -> Vector {
    var output = FlatBuilder<Element>(count: count)
    for number in 0..<count {
      if isNull(number) {
        output.setNull(number, filler: value(0))
      } else {
        output[number] = value(keysByNumber[number])
      }
    }
    return output.finish(type)
  }
}

/// A table of keys that share one integer.
protocol PackedKeyTable: KeyTable {
  associatedtype Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  /// The packed keys by number.
  var packedKeys: UnsafePointer<Key> { get }
  /// As ``KeyTable/assign(_:count:into:)``, of keys that are packed already.
  func assign(packed: UnsafePointer<Key>, count: Int, into numbers: UnsafeMutablePointer<UInt32>)
}

/// A table of keys packed in 64 bits.
final class NarrowKeyTable: PackedKeyTable {
  private var packed: PackedKeys<UInt64>

  init(_ packing: KeyPacking) { packed = PackedKeys(packing) }

  /// A table of words that are packed elsewhere.
  static func ofWords() -> NarrowKeyTable {
    guard let packing = KeyPacking([.number(size: .max)]) else {
      preconditionFailure("a number fits into a word")
    }
    return NarrowKeyTable(packing)
  }

  var count: Int { packed.count }
  var packedKeys: UnsafePointer<UInt64> { packed.packedKeys }

  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.assign(keys, count: count, into: numbers)
  }

  func assign(
    packed keys: UnsafePointer<UInt64>, count: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    packed.assign(packed: keys, count: count, into: numbers)
  }

  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.find(keys, count: count, into: numbers)
  }

  func keys() -> [Vector] { packed.keys() }
}

/// A table of keys packed in 128 bits.
final class WideKeyTable: PackedKeyTable {
  private var packed: PackedKeys<UInt128>

  init(_ packing: KeyPacking) { packed = PackedKeys(packing) }

  var count: Int { packed.count }
  var packedKeys: UnsafePointer<UInt128> { packed.packedKeys }

  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.assign(keys, count: count, into: numbers)
  }

  func assign(
    packed keys: UnsafePointer<UInt128>, count: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    packed.assign(packed: keys, count: count, into: numbers)
  }

  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.find(keys, count: count, into: numbers)
  }

  func keys() -> [Vector] { packed.keys() }
}

extension KeyPacking {
  /// An empty table of keys that are packed so.
  func makeTable() -> any KeyTable { isNarrow ? NarrowKeyTable(self) : WideKeyTable(self) }
}
