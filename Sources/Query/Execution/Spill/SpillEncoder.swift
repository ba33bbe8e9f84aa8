import ColStore

/// Writes vectors as bytes, every part at a multiple of 16, so that it can be used where it is read.
///
///     vector    [layout u64] then, by layout
///       flat       [has validity u64] values [validity]
///       constant   a flat vector of one row
///       coded      codes u32
///     values    fixed: as in memory · text: [bytes u64] [lengths u32] [bytes]
///               list: [elements u64] [counts u32] [child] [map values]
struct SpillEncoder {
  enum Layout: UInt64 {
    case flat
    case constant
    case coded
  }

  private var buffer = Buffer(byteCount: 1 << 16)
  private var count = 0

  static let alignment = 16

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer.base, count: count) }

  mutating func removeAll() { count = 0 }

  /// Room for `byteCount` bytes, which begin at a multiple of 16.
  private mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let padded = (byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
    if count + padded > buffer.byteCount {
      let larger = Buffer(byteCount: max(count + padded, buffer.byteCount * 2))
      larger.base.copyMemory(from: buffer.base, byteCount: count)
      buffer = larger
    }
    defer { count += padded }
    return buffer.base + count
  }

  private mutating func append(_ number: UInt64) {
    reserve(8).storeBytes(of: number, as: UInt64.self)
  }

  private mutating func append(_ source: UnsafeRawPointer, byteCount: Int) {
    reserve(byteCount).copyMemory(from: source, byteCount: byteCount)
  }

  /// Writes a column; as codes where its dictionary is `known`.
  mutating func append(_ vector: Vector, known: Vector?) {
    if vector.layout == .constant {
      append(Layout.constant.rawValue)
      return append(flat: vector.single(at: 0))
    }
    if let known, vector.dictionary === known, let codes = vector.codes {
      append(Layout.coded.rawValue)
      append(UnsafeRawPointer(codes), byteCount: vector.count * 4)
      return withExtendedLifetime(vector) {}
    }
    append(Layout.flat.rawValue)
    append(flat: vector.flat())
  }

  private mutating func append(flat vector: Vector) {
    append(vector.validity == nil ? 0 : 1)
    switch vector.type.physical {
    case .string: append(texts: vector)
    case .list: append(lists: vector)
    default: append(vector.values, byteCount: vector.count * vector.type.physical.stride)
    }
    if let validity = vector.validity {
      append(UnsafeRawPointer(validity), byteCount: vector.count)
    }
    withExtendedLifetime(vector) {}
  }

  private mutating func append(texts vector: Vector) {
    let views = vector.pointer(StringView.self)
    var total = 0
    for row in 0..<vector.count where !vector.isNull(row) { total += views[row].count }
    append(UInt64(total))
    let lengths = reserve(vector.count * 4).assumingMemoryBound(to: UInt32.self)
    for row in 0..<vector.count {
      lengths[row] = vector.isNull(row) ? 0 : UInt32(truncatingIfNeeded: views[row].count)
    }
    var place = reserve(total)
    for row in 0..<vector.count where !vector.isNull(row) {
      place.copyMemory(from: views[row].start, byteCount: views[row].count)
      place += views[row].count
    }
  }

  /// The elements of all lists lie one after the other behind their counts.
  private mutating func append(lists vector: Vector) {
    let lists = vector.pointer(ListView.self)
    var total = 0
    for row in 0..<vector.count where !vector.isNull(row) { total += lists[row].count }
    append(UInt64(total))
    let counts = reserve(vector.count * 4).assumingMemoryBound(to: UInt32.self)
    let places = Buffer(UInt32.self, count: total)
    let place = places.pointer(UInt32.self)
    var filled = 0
    for row in 0..<vector.count {
      let list = vector.isNull(row) ? ListView(offset: 0, count: 0) : lists[row]
      counts[row] = UInt32(truncatingIfNeeded: list.count)
      for element in 0..<list.count {
        place[filled] = UInt32(truncatingIfNeeded: list.offset + element)
        filled += 1
      }
    }
    let children = [vector.child, vector.mapValues]
    for (index, type) in vector.type.childTypes.enumerated() {
      let child = children[index] ?? Vector(type, [])
      append(flat: child.flat().select(UnsafePointer(place), count: total))
    }
    withExtendedLifetime(places) {}
  }
}

extension DataType {
  /// The types of a list's elements, or of a map's keys and values.
  var childTypes: [DataType] {
    switch self {
    case .list(let element): [element]
    case .map(let key, let value): [key, value]
    default: []
    }
  }
}
