import ColStore
import Glibc

/// Why output could not be written.
enum OutputError: Error {
  /// The reader has gone: not a failure worth a word.
  case brokenPipe
  case system(code: Int32)
}

/// Where output goes, a large piece at a time.
protocol OutputTarget: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws
  /// Lines that can be read at once, where longer output is shown by a pager.
  var pageHeight: Int? { get }
}

extension OutputTarget {
  var pageHeight: Int? { nil }
}

/// A file that is open, as a target.
final class DescriptorTarget: OutputTarget {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func write(_ bytes: UnsafeRawBufferPointer) throws { try writeFully(bytes, to: descriptor) }
}

/// A target with one large reusable buffer before it.
final class OutputStream {
  private let target: any OutputTarget
  /// Told before something is written.
  var onWrite: (() -> Void)?
  let buffer = TextBuffer(capacity: 2 * OutputStream.flushBytes)
  /// Bytes that gather before they are written.
  static let flushBytes = 1 << 20

  init(_ target: any OutputTarget) { self.target = target }

  convenience init(descriptor: Int32) { self.init(DescriptorTarget(descriptor)) }

  static func standardOutput() -> OutputStream { OutputStream(descriptor: STDOUT_FILENO) }

  /// Writes the buffer where it has become large.
  func flushIfFull() throws {
    if buffer.count >= OutputStream.flushBytes { try flush() }
  }

  func flush() throws {
    let bytes = UnsafeRawBufferPointer(buffer.bytes)
    defer { buffer.removeAll() }
    guard bytes.count > 0 else { return }
    onWrite?()
    try target.write(bytes)
  }

  /// See ``OutputTarget/pageHeight``.
  var pageHeight: Int? { target.pageHeight }

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
