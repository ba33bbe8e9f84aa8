import ColStore

/// A seeded 64-bit hash of a column's values: equal values have equal hashes, in every layout.
///
/// Two groups of one hash (of a million groups, one chance in 36 million) would only share a part.
struct GroupHash: Sendable {
  private let start: UInt64

  init(seed: UInt64) { start = SplitMix64.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  /// One hash a row, all rows in store order.
  func hashes(
    _ source: any RowSource, _ name: String, _ threads: Int
  ) throws(ModelError) -> [UInt64] {
    let index = try ColumnLookup(columns: source.columns).index(of: name, as: "group split")
    let column = source.columns[index]
    switch column.type.physical {
    case .bool, .int64, .int128, .double, .string: break
    case .interval, .list:
      throw ModelError("\"\(column.name)\" is \(column.type), by which rows cannot be grouped")
    }
    let scan = ColumnScan(source, columns: [index], threads: threads)
    let buffer = Buffer(UInt64.self, count: scan.rowCount)
    try scan.run { _, rows, firstRow in
      write(rows, into: buffer.pointer(UInt64.self) + firstRow)
    }
    return Array(
      UnsafeBufferPointer(start: buffer.pointer(UInt64.self), count: scan.rowCount))
  }

  private func write(_ rows: Vector, into target: UnsafeMutablePointer<UInt64>) {
    switch rows.type.physical {
    case .bool: write(rows, target) { (value: UInt8) in hash(UInt64(value)) }
    case .int64: write(rows, target) { (value: Int64) in hash(UInt64(bitPattern: value)) }
    case .double: write(rows, target) { (value: Double) in hash(bits(of: value)) }
    case .int128:
      write(rows, target) { (value: Int128) in
        let bits = UInt128(bitPattern: value)
        return hash(UInt64(truncatingIfNeeded: bits), UInt64(truncatingIfNeeded: bits >> 64))
      }
    case .string: write(rows, target) { (value: StringView) in hash(value) }
    case .interval, .list: preconditionFailure("the type was checked before")
    }
  }

  @inline(__always)
  private func write<Source: BitwiseCopyable>(
    _ rows: Vector, _ target: UnsafeMutablePointer<UInt64>, _ hash: (Source) -> UInt64
  ) {
    let values = rows.pointer(Source.self)
    let ofNull = ~start
    let validity = rows.validity
    let codes = rows.codes
    let isConstant = rows.layout == .constant
    var row = 0
    while row < rows.count {
      let position = isConstant ? 0 : codes.map { Int($0[row]) } ?? row
      let isNull = validity.map { $0[position] == 0 } ?? false
      target[row] = isNull ? ofNull : hash(values[position])
      row &+= 1
    }
  }

  private func hash(_ word: UInt64) -> UInt64 { SplitMix64.mix(start ^ word) }

  private func hash(_ low: UInt64, _ high: UInt64) -> UInt64 {
    SplitMix64.mix(hash(low) &+ 0x9E37_79B9_7F4A_7C15 ^ high)
  }

  private func hash(_ text: StringView) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(text.bytes)
    var state = hash(UInt64(bytes.count))
    var at = 0
    while at + 8 <= bytes.count {
      state = hash(state, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var tail: UInt64 = 0
    for byte in bytes[at...] { tail = tail << 8 | UInt64(byte) }
    return hash(state, tail)
  }

  /// 0 and −0 are one value, and so are all NaNs.
  private func bits(of value: Double) -> UInt64 {
    value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern
  }
}
