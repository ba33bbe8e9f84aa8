import Glibc

/// Reads one CSV file after the other and cuts them into chunks of whole rows.
///
/// Where chunks are cut depends on the bytes alone, so that every run makes the same chunks.
/// Methods are to be called by one thread at a time.
final class CSVSource: @unchecked Sendable {
  static let chunkBytes = 4 << 20
  /// Bytes after a text that may be read, and are not part of it.
  static let paddingBytes = 64
  /// A longer row is an error, mostly a quote that was never closed.
  static let rowBytesMax = 256 << 20

  let files: [String]
  private let dialect: CSVDialect
  private var fileIndex = -1
  private var input: (any ByteInput)?
  private var carried: [UInt8] = []
  private var isAtEndOfInput = false
  private var isAtStartOfFile = false
  private var nextIndex = 0
  private var bytesOfFinishedFiles = 0
  private var spare: [Buffer] = []

  init(files: [String], dialect: CSVDialect) {
    self.files = files
    self.dialect = dialect
  }

  /// Bytes read so far of the files as they lie on disk.
  var position: Int { bytesOfFinishedFiles + (input?.position ?? 0) }

  /// The next chunk, or nil after the last file. Each file, even an empty one, has at least one.
  func next() throws(StoreError) -> CSVChunk? {
    if input == nil {
      guard fileIndex + 1 < files.count else { return nil }
      fileIndex += 1
      input = try openInput(files[fileIndex])
      isAtEndOfInput = false
      isAtStartOfFile = true
    }
    guard let input else { return nil }
    var wanted = Self.chunkBytes
    while true {
      let buffer = try fill(wanted, from: input)
      let text = UnsafePointer(buffer.memory.pointer(UInt8.self))
      let hasQuotes = memchr(text, Int32(CSVDialect.quote), buffer.count) != nil
      var end = buffer.count
      if !isAtEndOfInput {
        end = lastRowEnd(text, count: buffer.count, hasQuotes: hasQuotes)
        if end == 0 {
          carried = Array(UnsafeBufferPointer(start: text, count: buffer.count))
          wanted = buffer.count * 2
          guard wanted <= Self.rowBytesMax else {
            throw StoreError(
              "a row has more than \(Self.rowBytesMax >> 20) MiB; is a quote not closed?",
              at: files[fileIndex])
          }
          continue
        }
        carried = Array(UnsafeBufferPointer(start: text + end, count: buffer.count - end))
      }
      let preamble = isAtStartOfFile ? try readPreamble(text, count: end) : Preamble()
      isAtStartOfFile = false
      let chunk = CSVChunk(
        index: nextIndex, file: fileIndex, text: text + preamble.byteCount,
        count: end - preamble.byteCount, hasQuotes: hasQuotes, skippedLines: preamble.lineCount,
        header: preamble.header, isLastOfFile: isAtEndOfInput, owner: buffer.memory)
      nextIndex += 1
      if isAtEndOfInput {
        bytesOfFinishedFiles += input.position
        self.input = nil
        carried = []
      }
      return chunk
    }
  }

  private struct Preamble {
    var byteCount = 0
    var lineCount = 0
    var header: [String]?
  }

  /// What precedes a file's rows: a byte order mark and the header.
  private func readPreamble(
    _ text: UnsafePointer<UInt8>, count: Int
  ) throws(StoreError) -> Preamble {
    var preamble = Preamble()
    if count >= 3 && text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf {
      preamble.byteCount = 3
    }
    guard dialect.hasHeader else { return preamble }
    var scanner = RowScanner(
      text: text + preamble.byteCount, count: count - preamble.byteCount,
      delimiter: dialect.delimiter)
    var names: [String] = []
    var name: [UInt8] = []
    var isValid = true
    let row = scanner.nextRow { run, _, isLast in
      name += run
      guard isLast else { return }
      isValid = isValid && String(validating: name, as: UTF8.self) != nil
      names.append(String(decoding: name, as: UTF8.self))
      name = []
    }
    let place = "\(files[fileIndex]):1"
    guard let row else { throw StoreError("the file is empty: it has no header line", at: place) }
    if let flaw = row.flaw { throw StoreError("the header has \(flaw.reason)", at: place) }
    guard isValid else { throw StoreError("the header is not valid UTF-8", at: place) }
    preamble.byteCount += scanner.offset
    preamble.lineCount = scanner.line
    preamble.header = names
    return preamble
  }

  /// Takes back the memory of a chunk that nobody reads any more.
  func recycle(_ chunk: CSVChunk) { spare.append(chunk.owner) }

  private func fill(
    _ wanted: Int, from input: any ByteInput
  ) throws(StoreError) -> (memory: Buffer, count: Int) {
    var memory = Buffer(byteCount: 0)
    if let used = spare.popLast(), used.byteCount >= wanted + Self.paddingBytes {
      memory = used
    } else {
      memory = Buffer(byteCount: wanted + Self.paddingBytes)
      memory.useHugePages()
    }
    let start = memory.base
    memory.base.copyMemory(from: carried, byteCount: carried.count)
    let space = UnsafeMutableRawBufferPointer(
      start: start + carried.count, count: wanted - carried.count)
    let got = try input.read(into: space)
    isAtEndOfInput = got < space.count
    let count = carried.count + got
    memset(start + count, 0, Self.paddingBytes)
    return (memory, count)
  }

  /// Where the last complete row ends, its newline included; 0 where none does.
  private func lastRowEnd(_ text: UnsafePointer<UInt8>, count: Int, hasQuotes: Bool) -> Int {
    guard hasQuotes else {
      var end = count
      while end > 0 && text[end - 1] != CSVDialect.newline { end -= 1 }
      return end
    }
    var scanner = RowScanner(text: text, count: count, delimiter: dialect.delimiter)
    var end = 0
    while let row = scanner.nextRow({ _, _, _ in }) {
      if row.isTerminated { end = scanner.offset }
    }
    return end
  }
}
