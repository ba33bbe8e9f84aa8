import CZstd

/// A zstd compressor with its working memory, for one thread.
final class ZstdCompressor {
  enum Content {
    case texts
    /// Bytes of numbers, in which little repeats but single bytes. Matches found by chance cost more
    /// than they save: those looked for are long, and few places are remembered.
    case numbers
  }

  private let context: OpaquePointer

  init(_ content: Content) throws(StoreError) {
    guard let context = ZSTD_createCCtx() else { throw StoreError("no memory for zstd") }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
    if content == .numbers {
      ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 7)
      ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, 8)
    }
  }

  deinit { ZSTD_freeCCtx(context) }

  static func bound(_ byteCount: Int) -> Int { ZSTD_compressBound(byteCount) }

  /// Compresses into `output`, which has at least ``bound(_:)`` bytes; returns the bytes written.
  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(StoreError) -> Int {
    let written = ZSTD_compress2(
      context, output.baseAddress, output.count, input.baseAddress, input.count)
    guard ZSTD_isError(written) == 0 else {
      throw StoreError("zstd cannot compress: \(String(cString: ZSTD_getErrorName(written)))")
    }
    return written
  }
}

/// A zstd decompressor with its working memory, for one thread.
final class ZstdDecompressor {
  private let context: OpaquePointer

  init() throws(StoreError) {
    guard let context = ZSTD_createDCtx() else { throw StoreError("no memory for zstd") }
    self.context = context
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Decompresses one frame that must fill `output` exactly.
  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(StoreError) {
    let written = ZSTD_decompressDCtx(
      context, output.baseAddress, output.count, input.baseAddress, input.count)
    guard ZSTD_isError(written) == 0 else {
      throw StoreError("a zstd frame is damaged: \(String(cString: ZSTD_getErrorName(written)))")
    }
    guard written == output.count else {
      throw StoreError("a zstd frame holds \(written) bytes where \(output.count) belong")
    }
  }
}
