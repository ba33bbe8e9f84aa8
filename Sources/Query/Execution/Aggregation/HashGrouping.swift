import ColStore
import Glibc

/// A table from keys of any types to dense numbers in order of first appearance.
protocol KeyTable: AnyObject {
  var count: Int { get }
  /// The number of each row's keys; new keys get the next numbers. NULL is a key like any other.
  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>)
  /// The number of each row's keys, or `KeyTables.absent`.
  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>)
  /// The keys by number, flat vectors.
  func keys() -> [Vector]
}

enum KeyTables {
  static let absent = UInt32.max
}

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

/// How keys of fixed width share one integer: each has its value's bits and a bit for NULL.
struct KeyPacking: Sendable {
  struct Slot: Sendable {
    let type: DataType
    let shift: Int
    let bits: Int
  }

  let slots: [Slot]
  let totalBits: Int

  /// Nil where the keys do not fit into 128 bits.
  init?(_ types: [DataType]) {
    var slots: [Slot] = []
    var shift = 0
    for type in types {
      let bits: Int
      switch type {
      case .boolean, .null: bits = 1
      case .integer, .date: bits = 32
      case .decimal(let precision, _) where precision <= 9: bits = 32
      case .bigint, .timestamp, .time, .double: bits = 64
      case .decimal(let precision, _) where precision <= 18: bits = 64
      case .uuid where types.count == 1, .decimal where types.count == 1: bits = 127
      default: return nil
      }
      slots.append(Slot(type: type, shift: shift, bits: bits))
      shift += bits + 1
    }
    // A lone 128-bit key keeps all its bits; NULL is told apart by a reserved number.
    guard shift <= 128 else { return nil }
    self.slots = slots
    totalBits = shift
  }

  var isNarrow: Bool { totalBits <= 64 }
  var isWhole: Bool { slots.count == 1 && slots[0].bits == 127 }
}

/// Open addressing over packed keys: `slots` holds numbers + 1, 0 where free.
private struct PackedKeys<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private let packing: KeyPacking
  private let keysByNumber = StateArray<Key>()
  private(set) var count = 0
  private var slots = StateArray<UInt32>()
  private var mask: Int
  private var scratch = Buffer(byteCount: 0)
  /// The number of NULL, where a lone 128-bit key has no bit for it.
  private var nullNumber: UInt32?

  init(_ packing: KeyPacking) {
    self.packing = packing
    mask = 1023
    slots.resize(to: 1024)
  }

  @inline(__always)
  private static func hash(_ key: Key) -> UInt64 {
    let low = UInt64(truncatingIfNeeded: key)
    var mixed = low
    if Key.bitWidth > 64 {
      mixed ^= UInt64(truncatingIfNeeded: key >> 64) &* 0x9e37_79b9_7f4a_7c15
    }
    let product = mixed.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return product.low ^ product.high
  }

  mutating func assign(
    _ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    if scratch.byteCount < rows * MemoryLayout<Key>.stride {
      scratch = Buffer(Key.self, count: rows)
    }
    keysByNumber.resize(to: count + rows + 1)
    let packed = scratch.pointer(Key.self)
    pack(keys, rows, into: packed)
    var row = 0
    while row < rows {
      let end = min(rows, row + 4096)
      if (count + end - row + 1) * 2 > mask { grow(by: end - row + 1) }
      if packing.isWhole && keys[0].mayHaveNulls {
        while row < end {
          numbers[row] =
            keys[0].isNull(row) ? numberOfNull() : number(of: packed[row])
          row += 1
        }
      } else {
        while row < end {
          numbers[row] = number(of: packed[row])
          row += 1
        }
      }
    }
  }

  /// Reads the table only: many workers may look up at once.
  func find(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    let buffer = Buffer(Key.self, count: rows)
    let packed = buffer.pointer(Key.self)
    pack(keys, rows, into: packed)
    let slots = slots.states
    let known = keysByNumber.states
    let checksNulls = packing.isWhole && keys[0].mayHaveNulls
    for row in 0..<rows {
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

  /// A lone 128-bit key has no bit left for NULL, which gets a number outside the slots.
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
    while (count + extra) * 2 > capacity - 1 { capacity *= 2 }
    let fresh = StateArray<UInt32>()
    fresh.resize(to: capacity)
    mask = capacity - 1
    for number in 0..<count where UInt32(number) != nullNumber {
      var slot = Int(truncatingIfNeeded: PackedKeys.hash(keysByNumber[number])) & mask
      while fresh.states[slot] != 0 { slot = (slot + 1) & mask }
      fresh.states[slot] = UInt32(number + 1)
    }
    slots = fresh
  }

  private func pack(_ keys: [Vector], _ rows: Int, into output: UnsafeMutablePointer<Key>) {
    for (index, slot) in packing.slots.enumerated() {
      let shift = Key(truncatingIfNeeded: slot.shift)
      let vector = keys[index]
      switch slot.type.physical {
      case .bool:
        let source = Rows<UInt8>(vector)
        pack(vector, rows, output, isFirst: index == 0, slot) { Key(source[$0] & 1) << shift }
      case .int64:
        let source = Rows<Int64>(vector)
        if slot.bits == 32 {
          pack(vector, rows, output, isFirst: index == 0, slot) {
            Key(UInt32(truncatingIfNeeded: source[$0])) << shift
          }
        } else {
          pack(vector, rows, output, isFirst: index == 0, slot) {
            Key(truncatingIfNeeded: UInt64(bitPattern: source[$0])) << shift
          }
        }
      case .double:
        let source = Rows<Double>(vector)
        pack(vector, rows, output, isFirst: index == 0, slot) {
          Key(truncatingIfNeeded: DoubleKey.canonical(source[$0]).bitPattern) << shift
        }
      default:
        let source = Rows<Int128>(vector)
        pack(vector, rows, output, isFirst: index == 0, slot) {
          Key(truncatingIfNeeded: UInt128(bitPattern: source[$0]))
        }
      }
    }
  }

  @inline(__always)
  private func pack(
    _ vector: Vector, _ rows: Int, _ output: UnsafeMutablePointer<Key>, isFirst: Bool,
    _ slot: KeyPacking.Slot, _ bits: (Int) -> Key
  ) {
    let nulls = Rows<UInt8>(vector)
    let nullBit =
      packing.isWhole ? Key(0) : Key(1) << Key(truncatingIfNeeded: slot.shift + slot.bits)
    var row = 0
    if nulls.validity == nil {
      while row < rows {
        output[row] = (isFirst ? 0 : output[row]) | bits(row)
        row += 1
      }
    } else {
      while row < rows {
        output[row] = (isFirst ? 0 : output[row]) | (nulls.isNull(row) ? nullBit : bits(row))
        row += 1
      }
    }
    withExtendedLifetime(vector) {}
  }

  func keys() -> [Vector] {
    packing.slots.map { slot in
      let nullShift = Key(truncatingIfNeeded: slot.shift + slot.bits)
      let shift = Key(truncatingIfNeeded: slot.shift)
      func isNull(_ number: Int) -> Bool {
        if packing.isWhole { return nullNumber == UInt32(number) }
        return (keysByNumber[number] >> nullShift) & 1 == 1
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

/// A table of keys packed in 64 bits.
private final class NarrowKeyTable: KeyTable {
  private var packed: PackedKeys<UInt64>

  init(_ packing: KeyPacking) { packed = PackedKeys(packing) }

  var count: Int { packed.count }

  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.assign(keys, count: count, into: numbers)
  }

  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.find(keys, count: count, into: numbers)
  }

  func keys() -> [Vector] { packed.keys() }
}

/// A table of keys packed in 128 bits.
private final class WideKeyTable: KeyTable {
  private var packed: PackedKeys<UInt128>

  init(_ packing: KeyPacking) { packed = PackedKeys(packing) }

  var count: Int { packed.count }

  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.assign(keys, count: count, into: numbers)
  }

  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    packed.find(keys, count: count, into: numbers)
  }

  func keys() -> [Vector] { packed.keys() }
}

/// A table over keys written as bytes, for texts and for many wide keys.
///
///     a key   [0 NULL | 1][value] … ; a value is its fixed bytes, or [length u32][text]
private final class ByteKeyTable: KeyTable {
  private struct Entry: BitwiseCopyable {
    var start: UnsafeMutablePointer<UInt8>?
    var length: UInt32
    var hash: UInt32
  }

  private let types: [DataType]
  private let entries = StateArray<Entry>()
  private(set) var count = 0
  private var slots = StateArray<UInt32>()
  private var mask = 1023
  private let arena = TextArena()

  init(_ types: [DataType]) {
    self.types = types
    slots.resize(to: 1024)
  }

  func assign(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys, rows, numbers, inserting: true)
  }

  func find(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys, rows, numbers, inserting: false)
  }

  private func lookUp(
    _ keys: [Vector], _ rows: Int, _ numbers: UnsafeMutablePointer<UInt32>, inserting: Bool
  ) {
    let text = TextBuffer(capacity: 256)
    for index in 0..<rows {
      text.removeAll()
      for (column, key) in keys.enumerated() { append(key, index, types[column], to: text) }
      numbers[index] = number(of: text.bytes, inserting: inserting)
    }
  }

  private func append(_ key: Vector, _ row: Int, _ type: DataType, to text: TextBuffer) {
    if key.isNull(row) {
      text.append(UInt8(0))
      return
    }
    text.append(UInt8(1))
    let position = key.position(of: row)
    switch type.physical {
    case .string:
      let view = key.pointer(StringView.self)[position]
      appendBytes(of: UInt32(truncatingIfNeeded: view.count), to: text)
      text.append(view)
    case .bool: text.append(key.pointer(UInt8.self)[position] & 1)
    case .int64: appendBytes(of: key.pointer(Int64.self)[position], to: text)
    case .int128: appendBytes(of: key.pointer(Int128.self)[position], to: text)
    case .double:
      appendBytes(of: DoubleKey.canonical(key.pointer(Double.self)[position]).bitPattern, to: text)
    case .interval: appendBytes(of: key.pointer(Interval.self)[position], to: text)
    case .list:
      let list = key.pointer(ListView.self)[position]
      appendBytes(of: UInt32(truncatingIfNeeded: list.count), to: text)
      guard let child = key.child else { return }
      for index in list.offset..<list.offset + list.count {
        append(child, index, child.type, to: text)
      }
    }
  }

  private func appendBytes<Element: BitwiseCopyable>(of value: Element, to text: TextBuffer) {
    let size = MemoryLayout<Element>.size
    let place = text.reserve(size)
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: Element.self)
    text.commit(size)
  }

  private func number(of bytes: UnsafeBufferPointer<UInt8>, inserting: Bool) -> UInt32 {
    let hash = ByteHash.hash(bytes)
    let short = UInt32(truncatingIfNeeded: hash >> 32)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let found = slots[slot]
      if found == 0 { break }
      let entry = entries[Int(found) - 1]
      if entry.hash == short, Int(entry.length) == bytes.count, let start = entry.start,
        let base = bytes.baseAddress, memcmp(start, base, bytes.count) == 0
      {
        return found - 1
      }
      slot = (slot + 1) & mask
    }
    if !inserting { return KeyTables.absent }
    let place = arena.allocate(bytes.count)
    if let base = bytes.baseAddress { place.update(from: base, count: bytes.count) }
    entries.resize(to: count + 1)
    entries[count] = Entry(
      start: place, length: UInt32(truncatingIfNeeded: bytes.count), hash: short)
    count += 1
    slots[slot] = UInt32(count)
    if count * 2 > mask { grow() }
    return UInt32(count - 1)
  }

  private func grow() {
    let capacity = (mask + 1) * 2
    let fresh = StateArray<UInt32>()
    fresh.resize(to: capacity)
    mask = capacity - 1
    for number in 0..<count {
      let entry = entries[number]
      let bytes = UnsafeBufferPointer(
        start: entry.start.map { UnsafePointer($0) }, count: Int(entry.length))
      var slot = Int(truncatingIfNeeded: ByteHash.hash(bytes)) & mask
      while fresh.states[slot] != 0 { slot = (slot + 1) & mask }
      fresh.states[slot] = UInt32(number + 1)
    }
    slots = fresh
  }

  func keys() -> [Vector] {
    var columns = types.map { ByteKeyColumn($0, count: count, arena: arena) }
    for number in 0..<count {
      guard let start = entries[number].start else { continue }
      var at = UnsafePointer(start)
      for column in columns.indices { at = columns[column].read(number, at) }
    }
    return columns.map { $0.finish() }
  }
}

/// Reads one key column back from the bytes of a ``ByteKeyTable``.
private struct ByteKeyColumn {
  private let type: DataType
  private let buffer: Buffer
  private let validity: Buffer
  private let count: Int
  private let arena: TextArena

  init(_ type: DataType, count: Int, arena: TextArena) {
    self.type = type
    self.count = count
    self.arena = arena
    buffer = Buffer(byteCount: count * type.physical.stride)
    buffer.zero()
    validity = Buffer(UInt8.self, count: count)
  }

  mutating func read(_ number: Int, _ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    let isPresent = start[0] != 0
    validity.pointer(UInt8.self)[number] = isPresent ? 1 : 0
    let at = start + 1
    if !isPresent {
      if type.physical == .string { buffer.pointer(StringView.self)[number] = .empty }
      return at
    }
    switch type.physical {
    case .string:
      let length = Int(UnsafeRawPointer(at).loadUnaligned(as: UInt32.self))
      buffer.pointer(StringView.self)[number] = StringView(start: at + 4, count: length)
      return at + 4 + length
    case .list: return at
    default:
      let stride = type.physical.stride
      (buffer.base + number * stride).copyMemory(from: at, byteCount: stride)
      return at + stride
    }
  }

  func finish() -> Vector {
    Vector(
      flat: type, count: count, values: buffer, validity: validity, owners: arena.owners)
  }
}

/// A fast hash of bytes, eight at a time; not for defence against chosen keys.
enum ByteHash {
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: bytes.count) &* 0x9e37_79b9_7f4a_7c15
    guard let base = bytes.baseAddress else { return mix(state) }
    let raw = UnsafeRawPointer(base)
    var at = 0
    while at + 8 <= bytes.count {
      state = mix(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < bytes.count {
      rest = rest << 8 | UInt64(base[at])
      at += 1
    }
    return mix(state ^ rest)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0x2d35_8dcc_aa6c_78a5).multipliedFullWidth(by: 0x8bb8_4b93_962e_acc9)
    return product.low ^ product.high
  }
}
