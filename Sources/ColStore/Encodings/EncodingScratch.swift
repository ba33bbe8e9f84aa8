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
  private var knownDecompressor: ZstdDecompressor?

  /// Made when it is first asked for: small streams are not compressed.
  func decompressor() throws(StoreError) -> ZstdDecompressor {
    if let knownDecompressor { return knownDecompressor }
    let fresh = try ZstdDecompressor()
    knownDecompressor = fresh
    return fresh
  }
}
