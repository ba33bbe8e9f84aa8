extension Vector {
  /// One row as a ``Value``; for single rows and tests, not for loops over many.
  public func value(at row: Int) -> Value {
    precondition(row >= 0 && row < count, "a row of the vector")
    let position = position(of: row)
    if let validity, validity[position] == 0 { return .null }
    switch type.physical {
    case .bool: return type == .null ? .null : .bool(pointer(UInt8.self)[position] != 0)
    case .int64: return .int64(pointer(Int64.self)[position])
    case .int128: return .int128(pointer(Int128.self)[position])
    case .double: return .double(pointer(Double.self)[position])
    case .string: return .string(pointer(StringView.self)[position].string)
    case .interval: return .interval(pointer(Interval.self)[position])
    case .list:
      let list = pointer(ListView.self)[position]
      guard let child else { return .list([]) }
      return .list((list.offset..<list.offset + list.count).map { child.value(at: $0) })
    }
  }

  /// A flat vector of `values`, each of the physical type of `type` or NULL; not of maps.
  public convenience init(_ type: DataType, _ rows: [Value]) {
    let values = Buffer(byteCount: rows.count * type.physical.stride)
    values.zero()
    let validity = Buffer(UInt8.self, count: rows.count)
    let valid = validity.pointer(UInt8.self)
    var owners: [AnyObject] = []
    var hasNull = false
    var elementRows: [Value] = []
    for (row, value) in rows.enumerated() {
      valid[row] = value.isNull ? 0 : 1
      switch value {
      case .null:
        hasNull = true
        if type.physical == .string { values.pointer(StringView.self)[row] = .empty }
      case .bool(let value): values.pointer(UInt8.self)[row] = value ? 1 : 0
      case .int64(let value): values.pointer(Int64.self)[row] = value
      case .int128(let value): values.pointer(Int128.self)[row] = value
      case .double(let value): values.pointer(Double.self)[row] = value
      case .interval(let value): values.pointer(Interval.self)[row] = value
      case .string(let text):
        let bytes = Array(text.utf8)
        let owner = Buffer(UInt8.self, count: bytes.count)
        owner.pointer(UInt8.self).initialize(from: bytes, count: bytes.count)
        values.pointer(StringView.self)[row] = StringView(
          start: UnsafePointer(owner.pointer(UInt8.self)), count: bytes.count)
        owners.append(owner)
      case .list(let elements):
        values.pointer(ListView.self)[row] = ListView(
          offset: elementRows.count, count: elements.count)
        elementRows += elements
      }
    }
    if case .list(let element) = type {
      self.init(
        flat: type, count: rows.count, values: UnsafeRawPointer(values.base),
        validity: hasNull ? UnsafePointer(validity.pointer(UInt8.self)) : nil,
        child: Vector(element, elementRows), owners: [values, validity] + owners)
      return
    }
    self.init(
      flat: type, count: rows.count, values: values, validity: hasNull ? validity : nil,
      owners: owners)
  }

  /// A constant vector: `count` rows of `value`.
  public static func constant(_ type: DataType, _ value: Value, count: Int) -> Vector {
    Vector(repeating: Vector(type, [value]), count: count)
  }
}

extension Vector {
  /// Calls `body` with each row, and with where it finds its value in `values`.
  @inline(__always)
  func forEachPosition(_ body: (_ row: Int, _ position: Int) -> Void) {
    switch layout {
    case .flat: for row in 0..<count { body(row, row) }
    case .constant: for row in 0..<count { body(row, 0) }
    case .dictionary:
      guard let codes else { return }
      for row in 0..<count { body(row, Int(codes[row])) }
    }
  }
}
