import CZlib
import CZstd
import Glibc

/// Bytes that come from somewhere in order.
protocol ByteInput: AnyObject {
  /// Fills `buffer` from its start and returns how many bytes came: fewer than it holds only at
  /// the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int
  /// Bytes of the underlying file read so far, for progress.
  var position: Int { get }
}

/// Opens `path` for reading; a gzip or zstd file, told by its first bytes, is decompressed.
func openInput(_ path: String) throws(StoreError) -> any ByteInput {
  let file = try FileInput(path: path)
  let head = try file.peek(4)
  if head.starts(with: [0x1f, 0x8b]) { return try GzipInput(file) }
  if head == [0x28, 0xb5, 0x2f, 0xfd] { return try ZstdInput(file) }
  return file
}

/// A file or pipe as it is.
final class FileInput: ByteInput {
  private let descriptor: Int32
  let path: String
  /// Bytes of the file, 0 where that is unknown.
  let byteCount: Int
  private(set) var position = 0
  private var peeked: [UInt8] = []

  init(path: String) throws(StoreError) {
    self.path = path
    let source = path == "-" ? try StandardInput.path() : path
    let descriptor = open(source, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open", path) }
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw .system("cannot read", path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw StoreError("is a directory, not a file", at: path)
    }
    byteCount = Int(status.st_size)
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { close(descriptor) }

  /// The next bytes, which the next read sees again.
  func peek(_ count: Int) throws(StoreError) -> [UInt8] {
    let head = Buffer(byteCount: count)
    let got = try read(into: UnsafeMutableRawBufferPointer(start: head.base, count: count))
    position -= got
    peeked = Array(UnsafeRawBufferPointer(start: head.base, count: got))
    return peeked
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    var got = min(peeked.count, buffer.count)
    buffer.copyBytes(from: peeked[..<got])
    peeked.removeFirst(got)
    while got < buffer.count {
      let step = Glibc.read(descriptor, start + got, buffer.count - got)
      if step < 0 && errno == EINTR { continue }
      guard step >= 0 else { throw .system("cannot read", path) }
      if step == 0 { break }
      got += step
    }
    position += got
    return got
  }
}

/// A gzip file, of one member or several.
final class GzipInput: ByteInput {
  private let file: FileInput
  private var stream = z_stream()
  private let input = Buffer(byteCount: 1 << 18)
  private var isAtEnd = false
  private var isInsideMember = false

  init(_ file: FileInput) throws(StoreError) {
    self.file = file
    // 16 asks for gzip's header and checksum.
    let status = inflateInit2_(
      &stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw StoreError("no memory for zlib", at: file.path) }
  }

  deinit { inflateEnd(&stream) }

  var position: Int { file.position }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    var got = 0
    while got < buffer.count && !isAtEnd {
      if stream.avail_in == 0 {
        let count = try file.read(
          into: UnsafeMutableRawBufferPointer(start: input.base, count: input.byteCount))
        if count == 0 {
          guard !isInsideMember else {
            throw StoreError("the gzip data ends too early", at: file.path)
          }
          isAtEnd = true
          break
        }
        stream.next_in = input.pointer(UInt8.self)
        stream.avail_in = UInt32(count)
      }
      let room = min(buffer.count - got, 1 << 30)
      stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self).advanced(by: got)
      stream.avail_out = UInt32(room)
      isInsideMember = true
      let status = inflate(&stream, Z_NO_FLUSH)
      got += room - Int(stream.avail_out)
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END:
        isInsideMember = false
        inflateReset(&stream)
      default: throw StoreError("the gzip data is damaged", at: file.path)
      }
    }
    return got
  }
}

/// A zstd file, of one frame or several.
final class ZstdInput: ByteInput {
  private let file: FileInput
  private let context: OpaquePointer
  private let input = Buffer(byteCount: 1 << 18)
  private var pending = ZSTD_inBuffer()
  /// What zstd said it still needs; 0 at a frame's end.
  private var hint = 0

  init(_ file: FileInput) throws(StoreError) {
    self.file = file
    guard let context = ZSTD_createDCtx() else {
      throw StoreError("no memory for zstd", at: file.path)
    }
    self.context = context
    pending = ZSTD_inBuffer(src: input.base, size: 0, pos: 0)
  }

  deinit { ZSTD_freeDCtx(context) }

  var position: Int { file.position }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while output.pos < output.size {
      if pending.pos == pending.size {
        let count = try file.read(
          into: UnsafeMutableRawBufferPointer(start: input.base, count: input.byteCount))
        if count == 0 {
          // zstd may still hold decoded bytes.
          let before = output.pos
          if hint != 0 {
            hint = ZSTD_decompressStream(context, &output, &pending)
            guard ZSTD_isError(hint) == 0 && (output.pos > before || hint == 0) else {
              throw StoreError("the zstd data ends too early", at: file.path)
            }
            continue
          }
          break
        }
        pending.size = count
        pending.pos = 0
      }
      hint = ZSTD_decompressStream(context, &output, &pending)
      guard ZSTD_isError(hint) == 0 else {
        throw StoreError("the zstd data is damaged", at: file.path)
      }
    }
    return output.pos
  }
}
