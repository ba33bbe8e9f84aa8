/// What one thread needs to encode: working memory and a compressor, reused from block to block.
final class EncodingScratch: ScratchMemory {
  let compressor: ZstdCompressor

  init(_ compressor: ZstdCompressor) { self.compressor = compressor }
}

/// What one thread needs to decode.
final class DecodingScratch: ScratchMemory {
  let decompressor: ZstdDecompressor

  init(_ decompressor: ZstdDecompressor) { self.decompressor = decompressor }
}
