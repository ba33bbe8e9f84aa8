/// A column chunk as bytes, and what the footer is to say of it, with offsets from its first byte.
struct EncodedChunk {
  var bytes = ByteWriter()
  var directory: StoreFooter.Chunk

  /// Appends a blob that `write` makes and returns where it lies.
  mutating func appendBlob(
    _ write: (inout ByteWriter) throws(StoreError) -> Void
  ) throws(StoreError) -> BlobReference {
    let start = bytes.count
    try write(&bytes)
    let checksum = bytes.bytes.withUnsafeBytes { all in
      XXH64.hash(UnsafeRawBufferPointer(rebasing: all[start...]))
    }
    return BlobReference(offset: start, byteCount: bytes.count - start, checksum: checksum)
  }
}

/// A row group's chunks, one a column.
struct EncodedRowGroup {
  let rowCount: Int
  let chunks: [EncodedChunk]

  var byteCount: Int { chunks.reduce(0) { $0 + $1.bytes.count } }
}

extension StoreFooter.Chunk {
  /// The same directory for bytes that start at `offset` of the file.
  func moved(by offset: Int) -> StoreFooter.Chunk {
    var moved = self
    moved.overrides?.offset += offset
    for block in moved.blocks.indices { moved.blocks[block].blob.offset += offset }
    return moved
  }
}
