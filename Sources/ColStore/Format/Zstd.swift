import CZstd

/// A zstd compressor with its working memory, for one thread.
final class ZstdCompressor {
  private let context: OpaquePointer
  private let level: Int32

  init(level: Int32 = 1) throws(StoreError) {
    guard let context = ZSTD_createCCtx() else { throw StoreError("no memory for zstd") }
    self.context = context
    self.level = level
  }

  deinit { ZSTD_freeCCtx(context) }

  static func bound(_ byteCount: Int) -> Int { ZSTD_compressBound(byteCount) }

  /// Compresses into `output`, which has at least ``bound(_:)`` bytes; returns the bytes written.
  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(StoreError) -> Int {
    let written = ZSTD_compressCCtx(
      context, output.baseAddress, output.count, input.baseAddress, input.count, level)
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
