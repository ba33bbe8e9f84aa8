/// What one thread needs to encode: working memory and compressors, reused from block to block.
final class EncodingScratch: ScratchMemory {
  private let numbers: ZstdCompressor
  private let texts: ZstdCompressor

  private init(numbers: ZstdCompressor, texts: ZstdCompressor) {
    self.numbers = numbers
    self.texts = texts
  }

  static func make() throws(StoreError) -> EncodingScratch {
    EncodingScratch(
      numbers: try ZstdCompressor(.numbers), texts: try ZstdCompressor(.texts))
  }

  func compressor(of content: ZstdCompressor.Content) -> ZstdCompressor {
    content == .texts ? texts : numbers
  }
}

/// What one thread needs to decode.
final class DecodingScratch: ScratchMemory {
  let decompressor: ZstdDecompressor

  init(_ decompressor: ZstdDecompressor) { self.decompressor = decompressor }
}
