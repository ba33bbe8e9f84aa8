import ColStore
import Glibc

/// Why output could not be written.
enum OutputError: Error {
  /// The reader has gone: not a failure worth a word.
  case brokenPipe
  case system(code: Int32)
}

/// A file descriptor with one large reusable buffer before it.
final class OutputStream {
  private let descriptor: Int32
  let buffer = TextBuffer(capacity: 2 * OutputStream.flushBytes)
  /// Bytes that gather before they are written.
  static let flushBytes = 1 << 20

  init(descriptor: Int32) { self.descriptor = descriptor }

  static func standardOutput() -> OutputStream { OutputStream(descriptor: STDOUT_FILENO) }

  /// Writes the buffer where it has become large.
  func flushIfFull() throws {
    if buffer.count >= OutputStream.flushBytes { try flush() }
  }

  func flush() throws {
    let bytes = UnsafeRawBufferPointer(buffer.bytes)
    defer { buffer.removeAll() }
    try writeFully(bytes, to: descriptor)
  }

  /// Forgets what has not been written: a statement that fails early leaves no half result.
  func discard() { buffer.removeAll() }
}

/// Writes all of `bytes`, however many calls that takes.
func writeFully(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
  var rest = bytes
  while let start = rest.baseAddress, rest.count > 0 {
    let written = write(descriptor, start, rest.count)
    if written >= 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      continue
    }
    switch errno {
    case EINTR: continue
    case EAGAIN:
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&waiting, 1, -1)
    case EPIPE: throw OutputError.brokenPipe
    case let code: throw OutputError.system(code: code)
    }
  }
}

/// Writes a message to standard error; one that cannot be written is lost.
func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { try? writeFully(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
}
