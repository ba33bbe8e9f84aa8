import ColStore
import Glibc
import Synchronization

/// A file without a name for what does not fit in memory: in `$TMPDIR`, and gone with the process,
/// however that ends. Any thread may append and read.
final class SpillFile: Sendable {
  private let descriptor: Int32
  private let end = Atomic<Int>(0)

  init() throws(QueryError) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // Some file systems have no unnamed files: there a name lives for a moment.
    var opened = open(folder, SpillFile.unnamed | O_RDWR | O_CLOEXEC, 0o600)
    if opened < 0 {
      let path = "\(folder)/ecq-spill-\(getpid())-\(UInt64.random(in: 0 ... .max))"
      opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      unlink(path)
    }
    guard opened >= 0 else {
      throw SpillFile.error("cannot make a temporary file in \(folder)")
    }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Appends the bytes and returns where they lie.
  func append(_ bytes: UnsafeRawBufferPointer) throws(QueryError) -> Int {
    let offset = end.wrappingAdd(bytes.count, ordering: .relaxed).oldValue
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SpillFile.error("cannot write to a temporary file") }
      done += count
    }
    return offset
  }

  /// The `count` bytes at `offset`.
  func read(_ count: Int, at offset: Int) throws(QueryError) -> Buffer {
    let buffer = Buffer(byteCount: count)
    var done = 0
    while done < count {
      let got = pread(descriptor, buffer.base + done, count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw SpillFile.error("cannot read a temporary file") }
      done += got
    }
    return buffer
  }

  /// `O_TMPFILE`, which is a macro too complex to be imported.
  private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

  private static func error(_ what: String) -> QueryError {
    QueryError(
      .storage, "\(what): \(String(cString: strerror(errno)))",
      hint: "TMPDIR is the folder for temporary files")
  }
}
