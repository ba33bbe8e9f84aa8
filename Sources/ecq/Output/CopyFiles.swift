import ColStore
import Glibc
import Query

/// The files that COPY writes: under another name first, so that a file is whole or not there.
struct CopyFiles: CopyTargets {
  func sink(path: String, format: CopyFormat) throws -> any ResultSink {
    // A link stays one, and a device or a pipe is written to as it is.
    let target = Self.target(of: path)
    let temporary = Self.isReplaced(target) ? "\(target).\(getpid()).tmp" : nil
    let descriptor =
      temporary.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
      ?? open(target, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
    if let temporary { Interruption.removeWhenInterrupted(temporary) }
    let stream = OutputStream(descriptor: descriptor)
    let rows: any ResultSink
    switch format.kind {
    case .csv:
      rows = RowTemplateSink(
        CSVFormat(delimiter: format.delimiter ?? ",", hasHeader: format.hasHeader), to: stream)
    case .tsv:
      rows = RowTemplateSink(
        CSVFormat(delimiter: format.delimiter ?? "\t", hasHeader: format.hasHeader), to: stream)
    case .json: rows = RowTemplateSink(JSONFormat(), to: stream)
    case .jsonl: rows = RowTemplateSink(JSONLinesFormat(), to: stream)
    }
    return CopySink(rows, stream, descriptor: descriptor, temporary: temporary, path: target)
  }

  /// The file that a path names, behind links; `/dev/stdout` stands for itself, whatever it is.
  private static func target(of path: String) -> String {
    guard !path.hasPrefix("/dev/"), let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether a new file takes the place of what is there: so it is with files alone.
  private static func isReplaced(_ path: String) -> Bool {
    if path.hasPrefix("/dev/") { return false }
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }
}

/// Writes one file and puts it in its place at the end; an error leaves nothing.
private final class CopySink: ResultSink {
  private let rows: any ResultSink
  private let stream: OutputStream
  /// What is put in the place of `path`; nil where that itself is written.
  private let temporary: String?
  private let path: String
  private var descriptor: Int32

  init(
    _ rows: any ResultSink, _ stream: OutputStream, descriptor: Int32, temporary: String?,
    path: String
  ) {
    self.rows = rows
    self.stream = stream
    self.descriptor = descriptor
    self.temporary = temporary
    self.path = path
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      if let temporary { unlink(temporary) }
    }
  }

  func begin(schema: [Field]) throws { try rows.begin(schema: schema) }
  func consume(_ batch: Batch) throws { try rows.consume(batch) }

  func end() throws {
    try rows.end()
    try stream.flush()
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, temporary.map({ rename($0, path) == 0 }) ?? true else {
      let reason = String(cString: strerror(errno))
      if let temporary { unlink(temporary) }
      throw StoreError("cannot be written: \(reason)", at: path)
    }
  }
}
