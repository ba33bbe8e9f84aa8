/// How many rows of a row group's blocks have which value of a dictionary column: a query that
/// counts, or looks for a rare value, need not read the rows.
///
///     varint codes that are counted, from 0 (NULL)
///     u8     1 if each block has its counts, 0 if the row group has as a whole
///     integer stream (32 bit) of the counts: of the first block by code, of the second …
public struct ValueCounts: Sendable {
  /// Codes that are counted, from 0, which is NULL's; no row has a higher one.
  public let codeCount: Int
  public let isPerBlock: Bool
  /// `counts[part * codeCount + code]`; a part is a block, or the whole row group.
  public let counts: [UInt32]
  /// By code, of the whole row group.
  public let rowGroupCounts: [UInt32]

  var byteCount: Int { (counts.count + codeCount) * 4 }

  /// Codes of a column whose blocks are counted, and whose row groups are.
  private static let codesPerBlockMax = 256
  private static let codesPerRowGroupMax = 8192

  /// The counts of the rows of `blocks`; nil where there are too many codes for it.
  init?(of codes: UnsafePointer<UInt32>, blocks: [Range<Int>]) {
    let rowCount = blocks.last?.upperBound ?? 0
    var greatest: UInt32 = 0
    for row in 0..<rowCount { greatest = max(greatest, codes[row]) }
    let codeCount = Int(greatest) + 1
    guard codeCount <= Self.codesPerRowGroupMax, codeCount * 16 <= rowCount else { return nil }
    self.codeCount = codeCount
    isPerBlock = codeCount <= Self.codesPerBlockMax
    let parts = isPerBlock ? blocks : [0..<rowCount]
    counts = [UInt32](unsafeUninitializedCapacity: parts.count * codeCount) { counts, initialized in
      counts.initialize(repeating: 0)
      initialized = parts.count * codeCount
      for (number, part) in parts.enumerated() {
        Self.count(codes + part.lowerBound, part.count, codeCount, into: counts, number * codeCount)
      }
    }
    rowGroupCounts = Self.sums(counts, codeCount)
  }

  /// Adds up the rows of each code. Neighbouring rows often have the same code, and adding to one
  /// number again and again waits for the addition before: so four numbers take turns.
  private static func count(
    _ codes: UnsafePointer<UInt32>, _ rowCount: Int, _ codeCount: Int,
    into counts: UnsafeMutableBufferPointer<UInt32>, _ first: Int
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: codeCount * 4) { lanes in
      lanes.initialize(repeating: 0)
      guard let lane = lanes.baseAddress else { return }
      var row = 0
      while row + 4 <= rowCount {
        lane[Int(codes[row]) &* 4] &+= 1
        lane[Int(codes[row &+ 1]) &* 4 &+ 1] &+= 1
        lane[Int(codes[row &+ 2]) &* 4 &+ 2] &+= 1
        lane[Int(codes[row &+ 3]) &* 4 &+ 3] &+= 1
        row &+= 4
      }
      while row < rowCount {
        lane[Int(codes[row]) &* 4] &+= 1
        row &+= 1
      }
      for code in 0..<codeCount {
        let own = lane + code * 4
        counts[first + code] = own[0] &+ own[1] &+ own[2] &+ own[3]
      }
    }
  }

  func encode(into writer: inout ByteWriter, scratch: EncodingScratch) throws(StoreError) {
    writer.append(varint: codeCount)
    writer.append(UInt8(isPerBlock ? 1 : 0))
    try counts.withUnsafeBufferPointer { counts throws(StoreError) in
      guard let start = counts.baseAddress else { return }
      try IntegerStream.encode(start, count: counts.count, into: &writer, scratch: scratch)
    }
  }

  /// Reads the counts of a row group with `blockRows` rows in each block but the last; they add up
  /// to its rows.
  init(
    from reader: inout ByteReader, rowCount: Int, blockRows: Int, scratch: DecodingScratch
  ) throws(StoreError) {
    codeCount = try reader.count(atMost: Self.codesPerRowGroupMax)
    isPerBlock = try reader.byte() != 0
    let partRows = isPerBlock ? blockRows : rowCount
    let partCount = (rowCount + partRows - 1) / partRows
    let count = partCount * codeCount
    // A damaged count of codes must not ask for more than a counted block can have.
    guard count <= max(partCount * Self.codesPerBlockMax, Self.codesPerRowGroupMax) else {
      throw StoreError("more values are counted than can be")
    }
    let decoded = Buffer(UInt32.self, count: count)
    let start = decoded.pointer(UInt32.self)
    try IntegerStream.decode(&reader, into: start, count: count, scratch: scratch)
    counts = Array(UnsafeBufferPointer(start: start, count: count))
    for part in 0..<partCount {
      let rows = counts[part * codeCount..<(part + 1) * codeCount].reduce(0) { $0 + Int($1) }
      guard rows == min(partRows, rowCount - part * partRows) else {
        throw StoreError("the counts of values do not add up to the rows")
      }
    }
    rowGroupCounts = Self.sums(counts, codeCount)
  }

  /// The counts of all parts by code.
  private static func sums(_ counts: [UInt32], _ codeCount: Int) -> [UInt32] {
    if counts.count == codeCount { return counts }
    var sums = [UInt32](repeating: 0, count: codeCount)
    for first in stride(from: 0, to: counts.count, by: codeCount) {
      for code in 0..<codeCount { sums[code] += counts[first + code] }
    }
    return sums
  }
}
