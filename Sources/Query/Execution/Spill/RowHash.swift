import ColStore

/// A hash of each row's values: equal for rows that are equal as keys, in whatever layout they come.
enum RowHash {
  static func hashes(_ columns: [Vector], count: Int) -> Buffer {
    let buffer = Buffer(UInt64.self, count: count)
    let hashes = buffer.pointer(UInt64.self)
    hashes.update(repeating: 0x9e37_79b9_7f4a_7c15, count: count)
    for column in columns { add(column, to: hashes, count: count) }
    return buffer
  }

  private static func add(
    _ vector: Vector, to hashes: UnsafeMutablePointer<UInt64>, count: Int
  ) {
    if let dictionary = vector.dictionary, let codes = vector.codes, dictionary.count <= count {
      // Each entry once.
      let entries = Buffer(UInt64.self, count: dictionary.count)
      let entry = entries.pointer(UInt64.self)
      for code in 0..<dictionary.count { entry[code] = hash(dictionary, code) }
      for row in 0..<count { hashes[row] = mix(hashes[row] ^ entry[Int(codes[row])]) }
      return withExtendedLifetime((entries, vector)) {}
    }
    if vector.type.physical == .int64 {
      let rows = Rows<Int64>(vector)
      for row in 0..<count {
        let own = rows.isNull(row) ? hashOfNull : mix(UInt64(bitPattern: rows[row]))
        hashes[row] = mix(hashes[row] ^ own)
      }
      return withExtendedLifetime(vector) {}
    }
    for row in 0..<count { hashes[row] = mix(hashes[row] ^ hash(vector, row)) }
  }

  private static let hashOfNull: UInt64 = 0x2545_f491_4f6c_dd1d

  private static func hash(_ vector: Vector, _ row: Int) -> UInt64 {
    if vector.isNull(row) { return hashOfNull }
    let place = vector.position(of: row)
    switch vector.type.physical {
    case .bool: return mix(UInt64(vector.pointer(UInt8.self)[place] & 1) + 1)
    case .int64: return mix(UInt64(bitPattern: vector.pointer(Int64.self)[place]))
    case .double:
      return mix(DoubleKey.canonical(vector.pointer(Double.self)[place]).bitPattern)
    case .int128: return hash(vector.pointer(Int128.self)[place])
    case .interval: return hash(vector.pointer(Interval.self)[place].totalMicroseconds)
    case .string: return ByteHash.hash(vector.pointer(StringView.self)[place].bytes)
    case .list:
      let list = vector.pointer(ListView.self)[place]
      var state = mix(UInt64(truncatingIfNeeded: list.count))
      guard let child = vector.child else { return state }
      for element in list.offset..<list.offset + list.count {
        state = mix(state ^ hash(child, element))
      }
      return state
    }
  }

  private static func hash(_ value: Int128) -> UInt64 {
    mix(UInt64(truncatingIfNeeded: value) ^ mix(UInt64(truncatingIfNeeded: value >> 64)))
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0x2d35_8dcc_aa6c_78a5).multipliedFullWidth(by: 0x8bb8_4b93_962e_acc9)
    return product.low ^ product.high
  }
}
