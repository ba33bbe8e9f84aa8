/// The start of every store: two slots, of which the valid one with the higher generation counts.
///
///     offset  0  8 bytes  "ecqstore"
///             8  u32      format version
///            12  u32      0
///            16  u64      generation: one more with each commit
///            24  u64      offset of the footer
///            32  u64      length of the footer
///            40  u64      XXH64 of the footer
///            48  u64      0
///            56  u64      XXH64 of bytes 0 ..< 56
///
/// The slots are at file offsets 0 and 512. A commit writes the footer, then the older slot: a
/// torn write leaves the other slot, and with it the state before.
struct StoreHeader: Equatable {
  static let magic: [UInt8] = Array("ecqstore".utf8)
  static let version: UInt32 = 1
  static let slotBytes = 64
  static let slotOffsets = [0, 512]
  /// Where blocks start.
  static let byteCount = 1024

  var generation: UInt64
  var footer: BlobReference

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.slotBytes)
    writer.append(contentsOf: Self.magic)
    writer.append(littleEndian: Self.version)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: generation)
    writer.append(littleEndian: UInt64(footer.offset))
    writer.append(littleEndian: UInt64(footer.byteCount))
    writer.append(littleEndian: footer.checksum)
    writer.append(littleEndian: UInt64(0))
    writer.append(littleEndian: writer.bytes.withUnsafeBytes { XXH64.hash($0) })
    return writer.bytes
  }

  /// The newest valid slot of a store that has `fileBytes` bytes and starts with `head`.
  static func newest(in head: UnsafeRawBufferPointer, fileBytes: Int) throws(StoreError) -> StoreHeader {
    guard head.count >= byteCount, head.prefix(8).elementsEqual(magic)
      || head[slotOffsets[1]...].prefix(8).elementsEqual(magic)
    else { throw StoreError("is not an ecq store") }
    var best: StoreHeader?
    for offset in slotOffsets {
      let slot = UnsafeRawBufferPointer(rebasing: head[offset..<offset + slotBytes])
      if let header = try read(slot, fileBytes: fileBytes),
        header.generation > best?.generation ?? 0
      {
        best = header
      }
    }
    guard let best else { throw StoreError("both header slots are damaged") }
    return best
  }

  /// The header in `slot`, nil where it is empty or damaged.
  private static func read(
    _ slot: UnsafeRawBufferPointer, fileBytes: Int
  ) throws(StoreError) -> StoreHeader? {
    var reader = ByteReader(slot)
    guard try reader.take(8).elementsEqual(magic) else { return nil }
    let version: UInt32 = try reader.littleEndian()
    _ = try reader.take(4)
    let generation: UInt64 = try reader.littleEndian()
    let offset: UInt64 = try reader.littleEndian()
    let length: UInt64 = try reader.littleEndian()
    let footerChecksum: UInt64 = try reader.littleEndian()
    _ = try reader.take(8)
    let checksum: UInt64 = try reader.littleEndian()
    guard checksum == XXH64.hash(UnsafeRawBufferPointer(rebasing: slot[0..<56])) else { return nil }
    guard version == Self.version else {
      throw StoreError(
        "is a store of format version \(version); this ecq reads version \(Self.version)")
    }
    guard offset <= UInt64(fileBytes), length <= UInt64(fileBytes) - offset else {
      throw StoreError("is cut off: its footer should lie at byte \(offset)")
    }
    return StoreHeader(
      generation: generation,
      footer: BlobReference(
        offset: Int(offset), byteCount: Int(length), checksum: footerChecksum))
  }
}

/// A run of bytes of the file, and what they must hash to.
struct BlobReference: Equatable, Sendable {
  var offset: Int
  var byteCount: Int
  /// XXH64 of the bytes.
  var checksum: UInt64

  func write(to writer: inout ByteWriter) {
    writer.append(varint: offset)
    writer.append(varint: byteCount)
    writer.append(littleEndian: checksum)
  }

  init(offset: Int, byteCount: Int, checksum: UInt64) {
    self.offset = offset
    self.byteCount = byteCount
    self.checksum = checksum
  }

  init(from reader: inout ByteReader, fileBytes: Int) throws(StoreError) {
    offset = try reader.count(atMost: fileBytes)
    byteCount = try reader.count(atMost: fileBytes - offset)
    checksum = try reader.littleEndian()
  }
}
