/// What one thread needs to encode: working memory and a compressor, reused from block to block.
final class EncodingScratch: ScratchMemory {
  let compressor: ZstdCompressor

  init(_ compressor: ZstdCompressor) { self.compressor = compressor }
}

/// What one thread needs to decode.
final class DecodingScratch: ScratchMemory {
  let decompressor: ZstdDecompressor
  /// Where decompressed streams are kept; nil for what is decoded only once.
  let cache: StreamCache?

  init(_ decompressor: ZstdDecompressor, cache: StreamCache? = nil) {
    self.decompressor = decompressor
    self.cache = cache
  }
}
