import ColStore

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
      return try writeStore(prepared, path: path, at: position, into: sink)
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
    try emit(
      [Field(name: "Count", type: .bigint)], [[.int64(Int64(counted.rowCount))]], into: sink)
  }

  /// `CREATE TABLE name AS query`: a new store `name.ecq` in the current folder.
  func createTable(
    _ name: NameSyntax, orReplace: Bool, ifNotExists: Bool, _ query: QuerySyntax,
    into sink: ResultSink
  ) throws(QueryError) {
    try writeStore(
      try prepare(query), path: name.text + ".ecq", at: name.position, into: sink)
  }

  /// The one place where results become stores.
  private func writeStore(
    _ prepared: PreparedPlan, path: String, at position: Int, into sink: ResultSink
  ) throws(QueryError) {
    throw QueryError(
      .unsupported, "results cannot be written as stores yet", at: position,
      hint: "COPY (…) TO 'x.csv' and ecq ingest x.csv --into x.ecq make one")
  }

  private static func format(
    of path: String, _ options: [CopyOptionSyntax], at position: Int
  ) throws(QueryError) -> CopyFormat {
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    var format = CopyFormat(kind: CopyFormat.Kind(rawValue: suffix) ?? .csv)
    if suffix == "ndjson" { format.kind = .jsonl }
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
          scalar.isASCII
        else {
          throw QueryError(
            .unsupported, "the delimiter is one ASCII character", at: option.name.position)
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
