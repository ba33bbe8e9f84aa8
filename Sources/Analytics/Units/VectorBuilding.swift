import ColStore

extension Vector {
  /// A flat vector of `count` values of 8 bytes.
  @inline(__always)
  static func build<Element: BitwiseCopyable>(
    _ type: DataType, count: Int, _ value: (Int) -> Element
  ) -> Vector {
    let buffer = Buffer(Element.self, count: count)
    let output = buffer.pointer(Element.self)
    for row in 0..<count { output[row] = value(row) }
    return Vector(flat: type, count: count, values: buffer)
  }

  /// As ``build(_:count:_:)``, with NULL where there is no value.
  @inline(__always)
  static func buildNullable<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ type: DataType, count: Int, _ value: (Int) -> Element?
  ) -> Vector {
    let buffer = Buffer(Element.self, count: count)
    let validity = Buffer(UInt8.self, count: count)
    let (output, valid) = (buffer.pointer(Element.self), validity.pointer(UInt8.self))
    var hasNull = false
    for row in 0..<count {
      let found = value(row)
      output[row] = found ?? 0
      valid[row] = found == nil ? 0 : 1
      hasNull = hasNull || found == nil
    }
    return Vector(flat: type, count: count, values: buffer, validity: hasNull ? validity : nil)
  }

  @inline(__always)
  static func flags(count: Int, _ value: (Int) -> Bool) -> Vector {
    build(.boolean, count: count) { row in value(row) ? UInt8(1) : 0 }
  }

  /// A vector of texts; `write` appends the text of a row.
  static func texts(count: Int, _ write: (Int, TextBuffer) -> Void) -> Vector {
    let text = TextBuffer(capacity: count * 16)
    var ends: [Int] = []
    ends.reserveCapacity(count)
    for row in 0..<count {
      write(row, text)
      ends.append(text.count)
    }
    let bytes = Buffer(byteCount: text.count)
    if let source = text.bytes.baseAddress {
      bytes.base.copyMemory(from: source, byteCount: text.count)
    }
    let views = Buffer(StringView.self, count: count)
    var start = 0
    for row in 0..<count {
      views.pointer(StringView.self)[row] = StringView(
        start: UnsafePointer(bytes.pointer(UInt8.self) + start), count: ends[row] - start)
      start = ends[row]
    }
    return Vector(flat: .varchar, count: count, values: views, owners: [bytes])
  }

  /// A flat vector of texts.
  static func texts(_ rows: [String?]) -> Vector {
    Vector(.varchar, rows.map { $0.map(Value.string) ?? .null })
  }
}

extension DataType {
  /// The type of sums of prices of this type.
  var ofSums: DataType {
    switch self {
    case .decimal(_, let scale): .decimal(precision: 18, scale: scale)
    case .double: .double
    default: .decimal(precision: 18, scale: 0)
    }
  }

  /// How many units of a stored number make 1: 100 for DECIMAL(9,2).
  var unitsPerOne: Double {
    guard case .decimal(_, let scale) = self else { return 1 }
    return (0..<scale).reduce(1) { value, _ in value * 10 }
  }

  /// A sum of prices of this type as a number: of DOUBLE prices `sum` is a bit pattern.
  func money(_ sum: Int64) -> Double {
    self == .double ? Double(bitPattern: UInt64(bitPattern: sum)) : Double(sum) / unitsPerOne
  }
}

/// One of few names. All of them together are a dictionary, in which a label's number is its code.
protocol Label: RawRepresentable, CaseIterable where RawValue == UInt32 {
  var name: String { get }
}

extension Vector {
  /// The names of labels, coded.
  @inline(__always)
  static func labels<Name: Label>(count: Int, _ label: (Int) -> Name) -> Vector {
    let buffer = Buffer(UInt32.self, count: count)
    let codes = buffer.pointer(UInt32.self)
    for row in 0..<count { codes[row] = label(row).rawValue }
    return Vector(
      codes: UnsafePointer(codes), count: count, dictionary: .texts(Name.allCases.map(\.name)),
      owners: [buffer])
  }
}
