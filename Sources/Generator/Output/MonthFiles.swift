/// The two files, each beginning with the header line.
struct MonthFiles: ~Copyable {
  private var october: OutputFile
  private var november: OutputFile
  private var byteCount = 0

  init(october: consuming OutputFile, november: consuming OutputFile) {
    self.october = october
    self.november = november
  }

  mutating func writeHeaders() throws {
    let header = RowFormatter.header
    let bytes = UnsafeRawBufferPointer(start: header.utf8Start, count: header.utf8CodeUnitCount)
    try write(bytes, inOctober: true)
    try write(bytes, inOctober: false)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer, inOctober: Bool) throws {
    if inOctober { try october.write(bytes) } else { try november.write(bytes) }
    byteCount += bytes.count
  }

  /// Gives both files their names; returns the bytes written.
  mutating func complete() throws -> Int {
    try october.complete()
    try november.complete()
    return byteCount
  }
}
