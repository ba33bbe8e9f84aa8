import Glibc

/// The table that several CSV files make together: the union of their columns by name.
struct InputTable {
  let names: [String]
  let layouts: [FileLayout]
  let planner: IngestPlanner
  /// Bytes of the files on disk.
  let byteCount: Int

  init(files: [String], dialect: CSVDialect) throws(StoreError) {
    guard let first = files.first else { throw StoreError("there are no files to ingest") }
    var names: [String] = []
    var positions: [String: Int] = [:]
    var headers: [[String]] = []
    var samples: [CSVChunk] = []
    var byteCount = 0
    for file in files {
      let source = CSVSource(files: [file], dialect: dialect)
      guard let chunk = try source.next() else { continue }
      let header = try Self.columnNames(of: chunk, dialect: dialect, file: file)
      for name in header where positions[name.lowercased()] == nil {
        positions[name.lowercased()] = names.count
        names.append(name)
      }
      headers.append(header)
      if samples.isEmpty {
        samples = [chunk]
        while samples.count < IngestPlanner.sampleChunksMax, let next = try source.next() {
          samples.append(next)
        }
      }
      var status = stat()
      if stat(file, &status) == 0 { byteCount += Int(status.st_size) }
    }
    guard !samples.isEmpty else { throw StoreError("the file is empty", at: first) }
    layouts = headers.map { header in
      var fields = [Int?](repeating: nil, count: names.count)
      for (field, name) in header.enumerated() {
        if let column = positions[name.lowercased()] { fields[column] = field }
      }
      return FileLayout(fieldCount: header.count, fields: fields)
    }
    self.names = names
    self.byteCount = byteCount
    planner = IngestPlanner(
      names: names, path: first, samples: samples, layout: layouts[0], dialect: dialect)
  }

  /// The header's names, made unique; `column0`, `column1`, … where there is none.
  private static func columnNames(
    of chunk: CSVChunk, dialect: CSVDialect, file: String
  ) throws(StoreError) -> [String] {
    guard let header = chunk.header else {
      var scanner = RowScanner(text: chunk.text, count: chunk.count, delimiter: dialect.delimiter)
      guard let row = scanner.nextRow({ _, _, _ in }) else {
        throw StoreError("the file is empty", at: file)
      }
      return (0..<row.fieldCount).map { "column\($0)" }
    }
    var used: Set<String> = []
    return header.enumerated().map { index, name in
      let base = name.isEmpty ? "column\(index)" : name
      var unique = base
      var suffix = 1
      while !used.insert(unique.lowercased()).inserted {
        unique = "\(base)_\(suffix)"
        suffix += 1
      }
      return unique
    }
  }
}
