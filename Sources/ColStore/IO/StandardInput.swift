import Glibc
import Synchronization

/// Standard input as a file that can be read more than once, as an ingest does: `-`.
enum StandardInput {
  private static let spool = Mutex<Int32?>(nil)

  /// A path that opens the whole of standard input, which the first call copies to an unnamed
  /// temporary file.
  static func path() throws(StoreError) -> String {
    let descriptor = try spool.withLock { spool throws(StoreError) in
      if let spool { return spool }
      let made = try copyToTemporaryFile()
      spool = made
      return made
    }
    return "/proc/self/fd/\(descriptor)"
  }

  private static func copyToTemporaryFile() throws(StoreError) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    guard let file = tmpfile() else { throw .system("cannot make a temporary file", folder) }
    let descriptor = dup(fileno(file))
    fclose(file)
    guard descriptor >= 0 else { throw .system("cannot make a temporary file", folder) }
    let chunk = Buffer(byteCount: 1 << 20)
    while true {
      let count = read(STDIN_FILENO, chunk.base, chunk.byteCount)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system("cannot read", "standard input") }
      if count == 0 { return descriptor }
      var written = 0
      while written < count {
        let step = write(descriptor, chunk.base + written, count - written)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else { throw .system("cannot copy standard input to", folder) }
        written += step
      }
    }
  }
}
