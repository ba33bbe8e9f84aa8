import CKernels
import ColStore
import Glibc

/// A table over keys written as bytes, for texts and for many wide keys.
///
///     a key   [0 NULL | 1][value] … ; a value is its fixed bytes, or [length u32][text], or
///             [length u32] and the same of each element
///
/// Values are read back from the bytes, but for lists and for intervals, of which equal ones may look
/// different: these stand last, and the first row that has them is kept.
final class ByteKeyTable: KeyTable {
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
  /// The columns that are read back.
  private let readColumns: [Int]
  /// The other columns.
  private var keptColumns: [KeptColumn]

  private struct KeptColumn {
    let column: Int
    var vectors: KeptVectors
    /// By number.
    let places = StateArray<KeptPlace>()
  }

  init(_ types: [DataType]) {
    self.types = types
    let isKept = types.map { $0.physical == .list || $0.physical == .interval }
    readColumns = types.indices.filter { !isKept[$0] }
    keptColumns = types.indices.filter { isKept[$0] }.map {
      KeptColumn(column: $0, vectors: KeptVectors(types[$0]))
    }
    slots.resize(to: 1024)
  }

  func assign(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys, rows, numbers, inserting: true)
    for kept in keptColumns.indices {
      keptColumns[kept].vectors.compact(keptColumns[kept].places.states, count: count)
    }
  }

  func find(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys, rows, numbers, inserting: false)
  }

  private func lookUp(
    _ keys: [Vector], _ rows: Int, _ numbers: UnsafeMutablePointer<UInt32>, inserting: Bool
  ) {
    let ahead = RowsAhead(count: ByteKeyTable.rowsAhead)
    let isCoded =
      keys.count == 1
      && KeyTables.lookUpEntries(of: keys[0], count: rows, into: numbers) { row in
        lookUp(row..<row + 1, of: keys, ahead, into: numbers, inserting: inserting)
      }
    if isCoded { return }
    for row in stride(from: 0, to: rows, by: ByteKeyTable.rowsAhead) {
      let end = min(rows, row + ByteKeyTable.rowsAhead)
      lookUp(row..<end, of: keys, ahead, into: numbers, inserting: inserting)
    }
  }

  /// Rows whose slots are asked for at once, so that they do not wait for memory one after the other.
  private static let rowsAhead = 64

  /// The keys of some rows as bytes.
  private final class RowsAhead {
    let text = TextBuffer(capacity: 1 << 12)
    /// Where the key of each row starts, and where the last one ends.
    let starts: UnsafeMutablePointer<Int>
    let hashes: UnsafeMutablePointer<UInt64>
    private let memory: (Buffer, Buffer)

    init(count: Int) {
      memory = (Buffer(Int.self, count: count + 1), Buffer(UInt64.self, count: count))
      starts = memory.0.pointer()
      hashes = memory.1.pointer()
    }

    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(
        start: text.start + starts[index], count: starts[index + 1] - starts[index])
    }
  }

  private func lookUp(
    _ rows: Range<Int>, of keys: [Vector], _ ahead: RowsAhead,
    into numbers: UnsafeMutablePointer<UInt32>, inserting: Bool
  ) {
    ahead.text.removeAll()
    ahead.starts[0] = 0
    for (index, row) in rows.enumerated() {
      for column in readColumns { append(keys[column], row, types[column], to: ahead.text) }
      for kept in keptColumns { append(keys[kept.column], row, types[kept.column], to: ahead.text) }
      ahead.starts[index + 1] = ahead.text.count
    }
    for index in 0..<rows.count {
      ahead.hashes[index] = ByteHash.hash(ahead.bytes(index))
      ecq_prefetch(slots.states + (Int(truncatingIfNeeded: ahead.hashes[index]) & mask))
    }
    for index in 0..<rows.count {
      let found = slots[Int(truncatingIfNeeded: ahead.hashes[index]) & mask]
      if found != 0 { ecq_prefetch(entries.states + (Int(found) - 1)) }
    }
    for (index, row) in rows.enumerated() {
      let known = count
      numbers[row] = number(of: ahead.bytes(index), hash: ahead.hashes[index], inserting: inserting)
      if count > known { keep(row, of: keys) }
    }
  }

  /// Keeps what is not read back of the row that has the newest number.
  private func keep(_ row: Int, of keys: [Vector]) {
    for kept in keptColumns.indices {
      let key = keys[keptColumns[kept].column]
      keptColumns[kept].places.resize(to: count)
      keptColumns[kept].places[count - 1] = KeptVectors.place(
        key, row, number: keptColumns[kept].vectors.add(key))
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
    case .interval:
      appendBytes(of: key.pointer(Interval.self)[position].totalMicroseconds, to: text)
    case .list:
      let list = key.pointer(ListView.self)[position]
      appendBytes(of: UInt32(truncatingIfNeeded: list.count), to: text)
      guard let child = key.child else { return }
      for index in list.offset..<list.offset + list.count {
        append(child, index, child.type, to: text)
        if let values = key.mapValues { append(values, index, values.type, to: text) }
      }
    }
  }

  private func appendBytes<Element: BitwiseCopyable>(of value: Element, to text: TextBuffer) {
    let size = MemoryLayout<Element>.size
    let place = text.reserve(size)
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: Element.self)
    text.commit(size)
  }

  private func number(
    of bytes: UnsafeBufferPointer<UInt8>, hash: UInt64, inserting: Bool
  ) -> UInt32 {
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
    var columns = readColumns.map { ByteKeyColumn(types[$0], count: count, arena: arena) }
    for number in 0..<count {
      guard let start = entries[number].start else { continue }
      var at = UnsafePointer(start)
      for column in columns.indices { at = columns[column].read(number, at) }
    }
    var keys = keptColumns.map { ($0.column, $0.vectors.rows(at: $0.places.states, count: count)) }
    keys += zip(readColumns, columns).map { ($0, $1.finish()) }
    return keys.sorted { $0.0 < $1.0 }.map(\.1)
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
