import ColStore

/// Reads what ``SpillEncoder`` wrote; the vectors share the memory that was read.
struct SpillDecoder {
  private let buffer: Buffer
  private var offset = 0

  init(_ buffer: Buffer) { self.buffer = buffer }

  private mutating func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let alignment = SpillEncoder.alignment
    defer { offset += (byteCount + alignment - 1) / alignment * alignment }
    return buffer.base + offset
  }

  private mutating func number() -> Int { Int(take(8).load(as: UInt64.self)) }

  /// A column of `count` rows.
  mutating func vector(_ type: DataType, count: Int, known: Vector?) -> Vector {
    switch SpillEncoder.Layout(rawValue: UInt64(number())) {
    case .constant: return Vector(repeating: flat(type, count: 1), count: count)
    case .coded:
      guard let known else { preconditionFailure("codes are written where a dictionary is known") }
      let codes = take(count * 4).assumingMemoryBound(to: UInt32.self)
      return Vector(
        codes: UnsafePointer(codes), count: count, dictionary: known, owners: [buffer])
    case .flat, nil: return flat(type, count: count)
    }
  }

  private mutating func flat(_ type: DataType, count: Int) -> Vector {
    let hasValidity = number() != 0
    let values: UnsafeRawPointer
    var owners: [AnyObject] = [buffer]
    var children: [Vector] = []
    switch type.physical {
    case .string:
      let views = texts(count: count)
      owners.append(views)
      values = UnsafeRawPointer(views.base)
    case .list:
      let (views, elements) = lists(type, count: count)
      owners.append(views)
      children = elements
      values = UnsafeRawPointer(views.base)
    default: values = UnsafeRawPointer(take(count * type.physical.stride))
    }
    let validity: UnsafePointer<UInt8>? =
      hasValidity ? UnsafePointer(take(count).assumingMemoryBound(to: UInt8.self)) : nil
    return Vector(
      flat: type, count: count, values: values, validity: validity, child: children.first,
      mapValues: children.count > 1 ? children[1] : nil, owners: owners)
  }

  private mutating func texts(count: Int) -> Buffer {
    let total = number()
    let lengths = take(count * 4).assumingMemoryBound(to: UInt32.self)
    var place = UnsafePointer(take(total).assumingMemoryBound(to: UInt8.self))
    let views = Buffer(StringView.self, count: count)
    for row in 0..<count {
      let length = Int(lengths[row])
      views.pointer(StringView.self)[row] = StringView(start: place, count: length)
      place += length
    }
    return views
  }

  private mutating func lists(_ type: DataType, count: Int) -> (Buffer, [Vector]) {
    let total = number()
    let counts = take(count * 4).assumingMemoryBound(to: UInt32.self)
    let views = Buffer(ListView.self, count: count)
    var place = 0
    for row in 0..<count {
      let length = Int(counts[row])
      views.pointer(ListView.self)[row] = ListView(offset: place, count: length)
      place += length
    }
    var children: [Vector] = []
    for child in type.childTypes { children.append(flat(child, count: total)) }
    return (views, children)
  }
}
