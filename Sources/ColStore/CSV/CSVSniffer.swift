/// Tells from a CSV file's first rows what stands between its fields, and whether the first is a header.
public struct CSVSniffer {
  private static let bytesMax = 1 << 16
  private static let rowsMax = 256
  private static let delimiters = Array(",|;\t".utf8)

  private let text: [UInt8]
  /// Whether the file ends with `text`.
  private let isWhole: Bool

  /// - Parameter path: Of a file that may be compressed, and read from its start again.
  public init(path: String) throws(StoreError) {
    let memory = Buffer(byteCount: CSVSniffer.bytesMax)
    let room = UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
    let count = try openInput(path).read(into: room)
    isWhole = count < memory.byteCount
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count])
    text = Array(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...])
  }

  /// The dialect, of which some may be known.
  public func dialect(delimiter: UInt8?, hasHeader: Bool?) -> CSVDialect {
    var dialect = CSVDialect()
    dialect.delimiter = delimiter ?? self.delimiter
    dialect.hasHeader = hasHeader ?? self.hasHeader(rows(dialect.delimiter))
    return dialect
  }

  /// The first that parts all rows into as many fields; the comma where none does.
  private var delimiter: UInt8 {
    CSVSniffer.delimiters.first { delimiter in
      let rows = rows(delimiter)
      guard let first = rows.first else { return true }
      return first.count > 1 && rows.allSatisfy { $0.count == first.count }
    } ?? UInt8(ascii: ",")
  }

  /// The first row is none where it has values of the types that the rows below have, which are not texts
  /// alone.
  private func hasHeader(_ rows: [[TypeProfile]]) -> Bool {
    guard let first = rows.first else { return true }
    var isTyped = false
    for (column, value) in first.enumerated() {
      var below = rows.count == 1 ? value : TypeProfile()
      for row in rows.dropFirst() where column < row.count { below.formUnion(row[column]) }
      if below.isEmpty || below.type == .varchar { continue }
      below.formUnion(value)
      if below.type == .varchar { return true }
      isTyped = true
    }
    return !isTyped
  }

  /// What kinds of values the fields of the first rows are; those of empty fields are empty.
  private func rows(_ delimiter: UInt8) -> [[TypeProfile]] {
    var rows: [[TypeProfile]] = []
    text.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return }
      var scanner = RowScanner(text: start, count: text.count, delimiter: delimiter)
      while rows.count < CSVSniffer.rowsMax {
        var fields: [TypeProfile] = []
        var field: [UInt8] = []
        let row = scanner.nextRow { run, _, isLast in
          field += run
          guard isLast else { return }
          fields.append(
            field.isEmpty ? TypeProfile() : field.withUnsafeBufferPointer { TypeProfile(of: $0) })
          field = []
        }
        guard let row, row.isTerminated || isWhole else { return }
        if !row.isBlank { rows.append(fields) }
      }
    }
    return rows
  }
}
