import Glibc

/// The table that several CSV files make together: the columns that are known, and the union of
/// theirs by name.
struct InputTable {
  let names: [String]
  let layouts: [FileLayout]
  let planner: IngestPlanner

  /// - Parameters:
  ///   - known: the columns of the store that is appended to. Without a header line, a file's
  ///     fields are these columns, in order.
  ///   - schema: columns whose type is given; they name the fields of files without a header.
  init(
    files: [String], dialect: CSVDialect, known: [String] = [], schema: [ColumnDescription]? = nil,
    threads: Int
  ) throws(StoreError) {
    guard let first = files.first else { throw StoreError("there are no files to ingest") }
    var names = known
    var positions: [String: Int] = [:]
    for (number, name) in known.enumerated() { positions[name.lowercased()] = number }
    let unnamed = known.isEmpty ? schema?.map(\.name) ?? [] : known
    var headers: [[String]] = []
    var samples: [CSVChunk] = []
    for file in files {
      let source = CSVSource(files: [file], dialect: dialect)
      guard let chunk = try source.next() else { continue }
      let header = try Self.columnNames(
        of: chunk, dialect: dialect, file: file, unnamed: unnamed)
      for name in header where positions[name.lowercased()] == nil {
        positions[name.lowercased()] = names.count
        names.append(name)
      }
      headers.append(header)
      if samples.isEmpty {
        samples = [chunk]
        while samples.count < StructurePlanner.sampleChunksMax, let next = try source.next() {
          samples.append(next)
        }
      }
    }
    guard !samples.isEmpty else { throw StoreError("the file is empty", at: first) }
    layouts = headers.map { header in
      var fields = [Int?](repeating: nil, count: names.count)
      for (field, name) in header.enumerated() {
        if let column = positions[name.lowercased()] { fields[column] = field }
      }
      return FileLayout(fieldCount: header.count, fields: fields)
    }
    for column in schema ?? [] where positions[column.name.lowercased()] == nil {
      let nearest = nearestName(to: column.name, among: names)
      throw StoreError(
        "the schema names a column \"\(column.name)\" that the files do not have"
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: first)
    }
    self.names = names
    let layout = layouts[0]
    planner = IngestPlanner(
      names: names, path: first,
      chunks: samples.map {
        CSVRowChunk(chunk: $0, layout: layout, delimiter: dialect.delimiter)
      }, threads: threads)
  }

  /// The header's names, made unique; where there is none `unnamed`, or `column0`, `column1`, …
  private static func columnNames(
    of chunk: CSVChunk, dialect: CSVDialect, file: String, unnamed: [String]
  ) throws(StoreError) -> [String] {
    guard let header = chunk.header else {
      var scanner = RowScanner(text: chunk.text, count: chunk.count, delimiter: dialect.delimiter)
      guard let row = scanner.nextRow({ _, _, _ in }) else {
        throw StoreError("the file is empty", at: file)
      }
      if unnamed.isEmpty { return (0..<row.fieldCount).map { "column\($0)" } }
      guard row.fieldCount <= unnamed.count else {
        throw StoreError(
          "there are \(unnamed.count) columns, but a row has \(row.fieldCount) fields",
          at: "\(file):1")
      }
      return Array(unnamed.prefix(row.fieldCount))
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
