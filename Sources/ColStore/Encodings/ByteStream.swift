import Glibc

/// A run of bytes of known length, stored in the cheapest of three ways.
///
///     u8 packing
///     0 constant   u8 value
///     1 raw        n bytes
///     2 zstd       varint length, one zstd frame of n bytes
enum ByteStream {
  private enum Packing: UInt8 {
    case constant = 0
    case raw = 1
    case zstd = 2
  }

  /// Equal bytes of more than this number are compressed like others.
  private static let constantMax = 1 << 30
  /// zstd shrinks by no more than this factor.
  private static let zstdFactorMax = 32_768

  /// The most bytes that the stream at `reader` may have: a damaged length must not ask for more.
  static func countMax(at reader: ByteReader) throws(StoreError) -> Int {
    if reader.remaining == 0 { return 0 }
    var ahead = reader
    return try ahead.byte() == Packing.constant.rawValue
      ? constantMax : ahead.remaining * zstdFactorMax
  }

  /// Compression must save an eighth, or it costs scans more than it saves bytes.
  private static func pays(_ compressed: Int, of raw: Int) -> Bool { compressed <= raw - raw / 8 }

  static func encode(
    _ bytes: UnsafeRawBufferPointer, of content: ZstdCompressor.Content = .numbers,
    into writer: inout ByteWriter, scratch: EncodingScratch
  ) throws(StoreError) {
    guard let first = bytes.first else { return }
    if bytes.count <= constantMax, isConstant(bytes) {
      writer.append(Packing.constant.rawValue)
      writer.append(first)
      return
    }
    if bytes.count >= Noise.bytesMin, try Noise.isLikely(bytes, scratch) {
      writer.append(Packing.raw.rawValue)
      writer.append(contentsOf: bytes)
      return
    }
    let bound = ZstdCompressor.bound(bytes.count)
    let compressed = try scratch.lend(UInt8.self, bound) { output throws(StoreError) -> Int? in
      let target = UnsafeMutableRawBufferPointer(start: output, count: bound)
      let length = try scratch.compressor(of: content).compress(bytes, into: target)
      guard pays(length, of: bytes.count) else { return nil }
      writer.append(Packing.zstd.rawValue)
      writer.append(varint: length)
      writer.append(contentsOf: UnsafeRawBufferPointer(rebasing: target[0..<length]))
      return length
    }
    if compressed == nil {
      writer.append(Packing.raw.rawValue)
      writer.append(contentsOf: bytes)
    }
  }

  static func decode(
    _ reader: inout ByteReader, into output: UnsafeMutableRawBufferPointer,
    scratch: DecodingScratch
  ) throws(StoreError) {
    guard let target = output.baseAddress, output.count > 0 else { return }
    let tag = try reader.byte()
    switch Packing(rawValue: tag) {
    case .constant: memset(target, Int32(try reader.byte()), output.count)
    case .raw:
      let bytes = try reader.take(output.count)
      if let source = bytes.baseAddress { memcpy(target, source, output.count) }
    case .zstd:
      let length = try reader.count(atMost: reader.remaining)
      let compressed = try reader.take(length)
      try scratch.decompressor().decompress(compressed, into: output)
    case nil: throw StoreError("there is no byte packing \(tag)")
    }
  }

  /// A stream's bytes where they lie.
  enum View {
    case constant(UInt8)
    /// Valid as long as the store and `owner`.
    case bytes(UnsafePointer<UInt8>, owner: Buffer?)
  }

  /// The stream's bytes without copying them, for those who need few of them.
  static func view(
    _ reader: inout ByteReader, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> View {
    let tag = try reader.byte()
    switch Packing(rawValue: tag) {
    case .constant: return .constant(try reader.byte())
    case .raw:
      guard let start = try reader.take(count).baseAddress else { return .constant(0) }
      return .bytes(start.assumingMemoryBound(to: UInt8.self), owner: nil)
    case .zstd:
      let length = try reader.count(atMost: reader.remaining)
      let compressed = try reader.take(length)
      let bytes = Buffer(byteCount: count)
      try scratch.decompressor().decompress(
        compressed, into: UnsafeMutableRawBufferPointer(start: bytes.base, count: count))
      return .bytes(UnsafePointer(bytes.pointer(UInt8.self)), owner: bytes)
    case nil: throw StoreError("there is no byte packing \(tag)")
    }
  }

  private static func isConstant(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return true }
    // Every byte equals its successor.
    return memcmp(start, start + 1, bytes.count - 1) == 0
  }
}
