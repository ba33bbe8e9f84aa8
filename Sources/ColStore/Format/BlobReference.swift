/// A run of bytes of the file, and what they must hash to.
struct BlobReference: Equatable, Sendable {
  var offset: Int
  var byteCount: Int
  /// XXH64 of the bytes.
  var checksum: UInt64

  func moved(by distance: Int) -> BlobReference {
    BlobReference(offset: offset + distance, byteCount: byteCount, checksum: checksum)
  }

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
