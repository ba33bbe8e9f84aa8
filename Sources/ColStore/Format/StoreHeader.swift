/// The version of the file format that stores are written in.
public let storeFormatVersion: UInt32 = 1

/// The start of every store: two slots, of which the valid one with the higher generation counts.
///
///     offset  0  8 bytes  "ecqstore"
///             8  u32      format version
///            12  u32      0
///            16  u64      generation: one more with each commit
///            24  u64      offset of the footer
///            32  u64      length of the footer
///            40  u64      XXH64 of the footer
///            48  u64      offset of the footer's copy
///            56  u64      XXH64 of bytes 0 ..< 56
///
/// The slots are at file offsets 0 and 512. A commit writes the footer twice, then one slot, then
/// the other: a torn write leaves a slot with the state before or one with the state after, and a
/// damaged byte leaves the other slot.
struct StoreHeader: Equatable {
  static let magic: [UInt8] = Array("ecqstore".utf8)
  static let version = storeFormatVersion
  static let slotBytes = 64
  static let slotOffsets = [0, 512]
  /// Where blocks start.
  static let byteCount = 1024

  var generation: UInt64
  var footer: BlobReference
  var copyOffset: Int

  /// Where the footer and its copy lie, the one to try first first.
  var footers: [BlobReference] {
    [footer, footer.moved(by: copyOffset - footer.offset)]
  }

  /// Where the commit ends.
  var end: Int { max(footer.offset, copyOffset) + footer.byteCount }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.slotBytes)
    writer.append(contentsOf: Self.magic)
    writer.append(littleEndian: Self.version)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: generation)
    writer.append(littleEndian: UInt64(footer.offset))
    writer.append(littleEndian: UInt64(footer.byteCount))
    writer.append(littleEndian: footer.checksum)
    writer.append(littleEndian: UInt64(copyOffset))
    writer.append(littleEndian: writer.bytes.withUnsafeBytes { XXH64.hash($0) })
    return writer.bytes
  }

  /// What the header of a file is like.
  enum Slot {
    case valid(StoreHeader)
    case damaged
    /// Of another version of the format.
    case foreign(version: UInt32)
  }

  /// The slots of a store that starts with `head`.
  static func slots(in head: UnsafeRawBufferPointer) throws(StoreError) -> [Slot] {
    guard head.count >= byteCount,
      slotOffsets.contains(where: { head[$0...].prefix(8).elementsEqual(magic) })
    else { throw StoreError("is not an ecq store") }
    var slots: [Slot] = []
    for offset in slotOffsets {
      slots.append(
        try read(UnsafeRawBufferPointer(rebasing: head[offset..<offset + slotBytes])))
    }
    return slots
  }

  /// The newest valid slot of a store that has `fileBytes` bytes and starts with `head`.
  static func newest(
    in head: UnsafeRawBufferPointer, fileBytes: Int
  ) throws(StoreError) -> StoreHeader {
    let slots = try slots(in: head)
    var best: StoreHeader?
    for case .valid(let header) in slots where header.generation > best?.generation ?? 0 {
      best = header
    }
    if let best {
      guard best.end <= fileBytes else {
        throw StoreError("is cut off: its footer should lie at byte \(best.footer.offset)")
      }
      return best
    }
    for case .foreign(let version) in slots {
      throw StoreError(
        "is a store of format version \(version); this ecq reads version \(Self.version)")
    }
    throw StoreError("both header slots are damaged")
  }

  private static func read(_ slot: UnsafeRawBufferPointer) throws(StoreError) -> Slot {
    var reader = ByteReader(slot)
    let hasMagic = try reader.take(8).elementsEqual(magic)
    let version: UInt32 = try reader.littleEndian()
    _ = try reader.take(4)
    let generation: UInt64 = try reader.littleEndian()
    let offset: UInt64 = try reader.littleEndian()
    let length: UInt64 = try reader.littleEndian()
    let footerChecksum: UInt64 = try reader.littleEndian()
    let copyOffset: UInt64 = try reader.littleEndian()
    let checksum: UInt64 = try reader.littleEndian()
    guard hasMagic,
      checksum == XXH64.hash(UnsafeRawBufferPointer(rebasing: slot[0..<slotBytes - 8]))
    else { return .damaged }
    guard version == Self.version else { return .foreign(version: version) }
    let limit = UInt64(1) << 62
    guard offset < limit, length < limit, copyOffset < limit else { return .damaged }
    return .valid(
      StoreHeader(
        generation: generation,
        footer: BlobReference(
          offset: Int(offset), byteCount: Int(length), checksum: footerChecksum),
        copyOffset: Int(copyOffset)))
  }
}
