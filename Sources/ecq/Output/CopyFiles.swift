import ColStore
import Glibc
import Query

/// The files that COPY writes: under another name first, so that a file is whole or not there.
struct CopyFiles: CopyTargets {
  func sink(path: String, format: CopyFormat) throws -> any ResultSink {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StoreError("cannot be written: \(String(cString: strerror(errno)))", at: path)
    }
    Interruption.removeWhenInterrupted(temporary)
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
    return CopySink(rows, stream, descriptor: descriptor, temporary: temporary, path: path)
  }
}

/// Writes one file and puts it in its place at the end; an error leaves nothing.
private final class CopySink: ResultSink {
  private let rows: any ResultSink
  private let stream: OutputStream
  private let temporary: String
  private let path: String
  private var descriptor: Int32

  init(
    _ rows: any ResultSink, _ stream: OutputStream, descriptor: Int32, temporary: String,
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
      unlink(temporary)
    }
  }

  func begin(schema: [Field]) throws { try rows.begin(schema: schema) }
  func consume(_ batch: Batch) throws { try rows.consume(batch) }

  func end() throws {
    try rows.end()
    try stream.flush()
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw StoreError("cannot be written: \(reason)", at: path)
    }
  }
}
