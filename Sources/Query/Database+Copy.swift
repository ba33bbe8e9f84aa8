import ColStore
import Glibc

/// How a file is written by COPY.
public struct CopyFormat: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case csv
    case tsv
    case json
    case jsonl
  }

  public var kind: Kind
  public var hasHeader = true
  /// CSV alone; nil: a comma.
  public var delimiter: Unicode.Scalar?

  public init(_ kind: Kind) { self.kind = kind }
}

/// Makes the files that COPY writes.
public protocol CopyTargets: Sendable {
  /// A sink that writes the file; it appears, or is replaced, once the result has ended.
  func sink(path: String, format: CopyFormat) throws -> any ResultSink
}

extension Database {
  /// `COPY (query) TO 'file'`: writes the result, and answers with the number of its rows.
  func copy(
    _ query: QuerySyntax, to path: String, _ options: [CopyOptionSyntax], at position: Int,
    into sink: ResultSink
  ) throws(QueryError) {
    let prepared = try prepare(query)
    if path.hasSuffix(".ecq") || options.contains(where: { $0.isFormat("ecq") }) {
      let rowCount = try writeStore(prepared, path: path, replaces: true, at: position)
      return try emitCount(rowCount, into: sink)
    }
    let format = try Self.format(of: path, options, at: position)
    guard let targets = self.options.targets else {
      throw QueryError(.unsupported, "COPY is not supported here", at: position)
    }
    let plan = try prepared.resolved(self.options)
    let counted: CountingSink
    do {
      counted = CountingSink(try targets.sink(path: path, format: format))
    } catch {
      throw (error as? QueryError) ?? QueryError(.storage, "\(error)", at: position)
    }
    try Executor(options: self.options).run(plan, into: counted)
    try emitCount(counted.rowCount, into: sink)
  }

  private func emitCount(_ rowCount: Int, into sink: ResultSink) throws(QueryError) {
    try emit([Field(name: "Count", type: .bigint)], [[.int64(Int64(rowCount))]], into: sink)
  }

  /// `CREATE TABLE name AS query`: a new store `name.ecq` in the current folder, and a table for the
  /// statements that follow. An old store is replaced only where the statement says so.
  func createTable(
    _ name: NameSyntax, orReplace: Bool, ifNotExists: Bool, _ query: QuerySyntax
  ) throws(QueryError) {
    guard !name.text.contains("/") else {
      throw QueryError(
        .name, "the name of a table is no path", at: name.position,
        hint: "COPY (…) TO 'folder/name.ecq' writes a store anywhere")
    }
    let path = name.text + ".ecq"
    let exists = access(path, F_OK) == 0
    if exists && ifNotExists { return }
    guard !exists || orReplace else {
      throw QueryError(
        .name, "\(path) exists already", at: name.position,
        hint: "CREATE OR REPLACE TABLE replaces it")
    }
    _ = try writeStore(try prepare(query), path: path, replaces: orReplace, at: name.position)
    do {
      replaceTable(name.text, with: try Store(path: path))
    } catch {
      throw QueryError(.storage, error.description, at: name.position)
    }
  }

  /// The one place where results become stores.
  private func writeStore(
    _ prepared: PreparedPlan, path: String, replaces: Bool, at position: Int
  ) throws(QueryError) -> Int {
    guard options.targets != nil else {
      throw QueryError(.unsupported, "stores cannot be written here", at: position)
    }
    let sink = StoreSink(path: path, replaces: replaces, threads: options.threads)
    do {
      try Executor(options: options).run(try prepared.resolved(options), into: sink)
    } catch {
      throw error.located(at: position)
    }
    return sink.rowCount
  }

  private static func format(
    of path: String, _ options: [CopyOptionSyntax], at position: Int
  ) throws(QueryError) -> CopyFormat {
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    var format = CopyFormat(CopyFormat.Kind(rawValue: suffix) ?? .csv)
    if suffix == "ndjson" { format.kind = .jsonl }
    let isNamed = options.contains { $0.name.text.lowercased() == "format" }
    if !isNamed, ["parquet", "gz", "zst", "xlsx", "arrow"].contains(suffix) {
      throw QueryError(
        .unsupported, "COPY cannot write files that end in .\(suffix)", at: position,
        hint: "it writes \(CopyFormat.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    for option in options {
      let value = option.value ?? "true"
      switch option.name.text.lowercased() {
      case "format":
        guard let kind = CopyFormat.Kind(rawValue: value.lowercased()) else {
          throw QueryError(
            .unsupported, "COPY cannot write the format \"\(value)\"", at: option.name.position,
            hint: "it writes \(CopyFormat.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        format.kind = kind
      case "header":
        guard let isOn = ["true": true, "1": true, "false": false, "0": false][value.lowercased()]
        else {
          throw QueryError(
            .syntax, "HEADER is true or false", at: option.name.position)
        }
        format.hasHeader = isOn
      case "delimiter", "delim", "sep":
        guard value.unicodeScalars.count == 1, let scalar = value.unicodeScalars.first,
          scalar.isASCII, !"\"\r\n".unicodeScalars.contains(scalar)
        else {
          throw QueryError(
            .unsupported, "the delimiter is one ASCII character, no quote and no line end",
            at: option.name.position)
        }
        format.delimiter = scalar
      case let name:
        throw QueryError(
          .unsupported, "COPY has no option \"\(name)\"", at: option.name.position,
          hint: "it has FORMAT, HEADER and DELIMITER")
      }
    }
    return format
  }
}

extension CopyOptionSyntax {
  fileprivate func isFormat(_ wanted: String) -> Bool {
    name.text.lowercased() == "format" && value?.lowercased() == wanted
  }
}

/// Hands rows on and counts them.
private final class CountingSink: ResultSink {
  private let target: any ResultSink
  var rowCount = 0

  init(_ target: any ResultSink) { self.target = target }

  func begin(schema: [Field]) throws { try target.begin(schema: schema) }

  func consume(_ batch: Batch) throws {
    rowCount += batch.rowCount
    try target.consume(batch)
  }

  func end() throws { try target.end() }
}
