import ColStore
import Query

/// Hands a result on, and keeps its rows where they are not too many.
final class ResultKeeper: ResultSink {
  /// The last result that came to its end.
  enum Kept {
    case nothing
    case rows(LastResult, schema: [Field])
    case tooLarge(schema: [Field])
  }

  /// What the kept rows may take, about.
  static let bytesMax = 64_000_000

  private var target: any ResultSink
  private var schema: [Field] = []
  private var batches: [Batch] = []
  private var bytes = 0
  /// Dictionaries that have been counted.
  private var counted: Set<ObjectIdentifier> = []
  private(set) var kept = Kept.nothing
  /// Whether the last result that began has come to its end.
  private(set) var hasEnded = true

  init(_ target: any ResultSink) { self.target = target }

  /// Hands the next results on to another sink.
  func hand(to target: any ResultSink) { self.target = target }

  func begin(schema: [Field]) throws {
    self.schema = schema
    (batches, bytes, counted) = ([], 0, [])
    hasEnded = false
    try target.begin(schema: schema)
  }

  func consume(_ batch: Batch) throws {
    if bytes <= Self.bytesMax {
      bytes += batch.columns.reduce(0) { $0 + size(of: $1) }
      if bytes <= Self.bytesMax { batches.append(batch) } else { batches = [] }
    }
    try target.consume(batch)
  }

  func end() throws {
    kept =
      bytes <= Self.bytesMax
      ? .rows(LastResult(schema: schema, batches: batches), schema: schema)
      : .tooLarge(schema: schema)
    (batches, counted) = ([], [])
    hasEnded = true
    try target.end()
  }

  /// About how many bytes a vector holds in memory.
  private func size(of vector: Vector) -> Int {
    switch vector.layout {
    case .constant: return 64
    case .dictionary:
      guard let entries = vector.dictionary else { return 4 * vector.count }
      let isNew = counted.insert(ObjectIdentifier(entries)).inserted
      return 4 * vector.count + (isNew ? size(of: entries) : 0)
    case .flat:
      guard vector.type == .varchar else {
        return 16 * vector.count + (vector.child.map(size) ?? 0) + (vector.mapValues.map(size) ?? 0)
      }
      let texts = vector.pointer(StringView.self)
      var bytes = 16 * vector.count
      for row in 0..<vector.count where !vector.isNull(row) { bytes += texts[row].count }
      return bytes
    }
  }
}
