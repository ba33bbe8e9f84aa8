import ColStore
import Glibc

/// Files that stand in FROM: stores are opened, CSV files are ingested into a store without a name.
enum FileTable {
  /// What is said of a CSV file; the rest is found out.
  struct Shape: Hashable {
    var delimiter: UInt8?
    var hasHeader: Bool?
  }

  /// The table in the file, or in all files that a pattern with `*`, `?` or `[…]` means.
  static func open(
    _ path: String, _ shape: Shape, _ options: QueryOptions
  ) throws(QueryError) -> TableReference {
    let name = stem(of: path)
    do throws(StoreError) {
      if path.hasSuffix(".ecq") {
        return TableReference(name: name, source: try Store(path: path))
      }
      return TableReference(name: name, source: try ingested(files(path), shape, options))
    } catch {
      throw QueryError(error.isCancellation ? .cancelled : .storage, error.description)
    }
  }

  /// Whether a text in FROM, or an argument of read_csv, can be a file of a known kind.
  static func isKnown(_ path: String) -> Bool {
    if [".csv", ".csv.gz", ".csv.zst", ".ecq"].contains(where: { path.hasSuffix($0) }) {
      return true
    }
    // A pattern may leave the end open.
    return path.hasSuffix("*") && path.contains(".csv")
  }

  static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.split(separator: ".").first.map(String.init) ?? file
  }

  private static func files(_ path: String) throws(StoreError) -> [String] {
    guard path.contains(where: { "*?[".contains($0) }), access(path, F_OK) != 0 else {
      return [path]
    }
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(path, 0, nil, &matches) == 0 else {
      throw StoreError("no file matches the pattern", at: path)
    }
    return (0..<Int(matches.gl_pathc)).compactMap { index in
      matches.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// Whether it can be read from its start again.
  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The rows of the files in a store that is gone when the process is.
  private static func ingested(
    _ files: [String], _ shape: Shape, _ query: QueryOptions
  ) throws(StoreError) -> Store {
    for file in files where access(file, R_OK) != 0 {
      throw StoreError("cannot read: \(String(cString: strerror(errno)))", at: file)
    }
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(folder)/ecq-\(getpid())-\(UInt64.random(in: 0 ... .max)).ecq"
    defer { unlink(path) }
    var options = IngestOptions()
    if let first = files.first, isRegular(first) {
      options.dialect = try CSVSniffer(path: first)
        .dialect(delimiter: shape.delimiter, hasHeader: shape.hasHeader)
    }
    options.threads = query.threads
    options.isCancelled = query.isCancelled
    _ = try Ingest.run(files: files, into: path, options: options)
    return try Store(path: path)
  }
}
