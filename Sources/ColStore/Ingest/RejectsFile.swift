import Glibc

/// The CSV file that malformed rows are written to: `file,line,column,reason,raw`.
final class RejectsFile {
  private let path: String
  private let descriptor: Int32
  private let buffer = TextBuffer(capacity: 1 << 16)

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("cannot create", path) }
    buffer.append("file,line,column,reason,raw\n")
  }

  deinit { Glibc.close(descriptor) }

  func write(_ row: MalformedRow, file: String, line: Int) throws(StoreError) {
    appendField(Array(file.utf8))
    buffer.append(",\(line),")
    appendField(Array((row.column ?? "").utf8))
    buffer.append(UInt8(ascii: ","))
    appendField(Array(row.reason.utf8))
    buffer.append(UInt8(ascii: ","))
    appendField(row.raw)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count > 1 << 15 { try flush() }
  }

  /// Writes what is left; the file is complete then.
  func close() throws(StoreError) { try flush() }

  private func appendField(_ bytes: [UInt8]) {
    let needsQuotes = bytes.contains { byte in
      byte == UInt8(ascii: ",") || byte == CSVDialect.quote || byte == CSVDialect.newline
        || byte == CSVDialect.carriageReturn
    }
    guard needsQuotes else { return bytes.withUnsafeBufferPointer { buffer.append($0) } }
    buffer.append(CSVDialect.quote)
    for byte in bytes {
      if byte == CSVDialect.quote { buffer.append(CSVDialect.quote) }
      buffer.append(byte)
    }
    buffer.append(CSVDialect.quote)
  }

  private func flush() throws(StoreError) {
    var done = 0
    while done < buffer.count {
      let step = Glibc.write(descriptor, buffer.start + done, buffer.count - done)
      if step < 0 && errno == EINTR { continue }
      guard step > 0 else { throw .system("cannot write", path) }
      done += step
    }
    buffer.removeAll()
  }
}
