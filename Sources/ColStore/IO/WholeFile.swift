import Glibc

/// A file that is written at once: whoever is killed, wherever, leaves the file before or the file
/// after.
public enum WholeFile {
  /// Writes under a temporary name beside the file's own, which it takes when it is complete.
  public static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("cannot be written", path) }
    let isWritten = bytes.withUnsafeBytes { write($0, to: descriptor) } && fsync(descriptor) == 0
    let failure = isWritten ? nil : StoreError.system("cannot be written", path)
    let isClosed = close(descriptor) == 0
    guard failure == nil, isClosed, rename(temporary, path) == 0 else {
      let failure = failure ?? .system("cannot be written", path)
      unlink(temporary)
      throw failure
    }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let count = Glibc.write(descriptor, start, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }
}
