/// Blobs that lie one after the other, with offsets from the first one's start.
struct BlobBatch {
  private(set) var bytes = ByteWriter()

  /// Appends a blob that `write` makes and returns where it lies.
  mutating func append(
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

/// A column chunk as bytes, and what the footer is to say of it.
struct EncodedChunk {
  var blobs = BlobBatch()
  var directory: StoreFooter.Chunk
}

/// A row group's chunks, one a column.
struct EncodedRowGroup {
  let rowCount: Int
  let chunks: [EncodedChunk]
  let files: EncodedFileNumbers

  var byteCount: Int { chunks.reduce(0) { $0 + $1.blobs.bytes.count } }
}

/// Which loaded file each row of a row group is from: one for all, or a blob a block.
struct EncodedFileNumbers {
  var file: Int?
  var blobs = BlobBatch()
  var blocks: [BlobReference] = []
}

extension StoreFooter.Chunk {
  /// The same directory for bytes that start at `offset` of the file.
  func moved(by offset: Int) -> StoreFooter.Chunk {
    var moved = self
    moved.overrides = overrides?.moved(by: offset)
    moved.valueCounts = valueCounts?.moved(by: offset)
    for block in moved.blocks.indices {
      moved.blocks[block].blob = blocks[block].blob.moved(by: offset)
    }
    return moved
  }
}
