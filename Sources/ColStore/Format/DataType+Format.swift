/// The numbers of types in the format: append only.
extension DataType {
  /// Whether a column's values are stored as 64-bit words, DOUBLE as its bits.
  var isStoredAsWords: Bool {
    switch physical {
    case .bool, .int64, .double: self != .null
    case .int128, .string, .interval, .list: false
    }
  }

  func write(to writer: inout ByteWriter) {
    switch self {
    case .boolean: writer.append(UInt8(0))
    case .integer: writer.append(UInt8(1))
    case .bigint: writer.append(UInt8(2))
    case .double: writer.append(UInt8(3))
    case .decimal(let precision, let scale):
      writer.append(UInt8(4))
      writer.append(UInt8(precision))
      writer.append(UInt8(scale))
    case .timestamp: writer.append(UInt8(5))
    case .date: writer.append(UInt8(6))
    case .uuid: writer.append(UInt8(7))
    case .varchar: writer.append(UInt8(8))
    case .null, .interval, .time, .list, .map:
      preconditionFailure("\(self) is not a type that stores hold")
    }
  }

  init(from reader: inout ByteReader) throws(StoreError) {
    let tag = try reader.byte()
    switch tag {
    case 0: self = .boolean
    case 1: self = .integer
    case 2: self = .bigint
    case 3: self = .double
    case 4:
      let precision = Int(try reader.byte())
      let scale = Int(try reader.byte())
      guard precision >= 1, precision <= 38, scale <= precision else {
        throw StoreError("there is no type DECIMAL(\(precision),\(scale))")
      }
      self = .decimal(precision: precision, scale: scale)
    case 5: self = .timestamp
    case 6: self = .date
    case 7: self = .uuid
    case 8: self = .varchar
    default: throw StoreError("there is no type number \(tag)")
    }
  }
}
