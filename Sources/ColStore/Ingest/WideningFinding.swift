/// Which columns hold values that the types inferred from the sample do not fit, and what they are.
struct WideningFinding {
  private let columns: [ColumnPlan]
  private var profiles: [Int: TypeProfile] = [:]
  private var examples: [Int: Example] = [:]

  private struct Example {
    let place: String
    var count: Int
  }

  /// The most digits before the point among the values that fitted: they bound the wider type.
  private var digits: [Int]

  init(columns: [ColumnPlan]) {
    self.columns = columns
    digits = [Int](repeating: 0, count: columns.count)
  }

  var isEmpty: Bool { profiles.isEmpty }

  /// Takes in the misfits of a chunk; `tally` says how many lines came before it.
  mutating func note(_ parsed: ParsedChunk, _ chunk: any RowChunk, _ tally: FileTally) {
    for (number, column) in parsed.columns.enumerated() where !columns[number].isTypeSettled {
      if column.type.isNumeric { digits[number] = max(digits[number], column.integerDigits) }
      guard let first = column.misfitRows.first else { continue }
      profiles[number, default: TypeProfile()].formUnion(column.misfits)
      if examples[number] != nil {
        examples[number]?.count += column.misfitRows.count
      } else {
        examples[number] = Example(
          place: "\(tally.path):\(tally.lineCount + chunk.line(ofRow: first) + 1)",
          count: column.misfitRows.count)
      }
    }
  }

  /// The types that hold all values that were seen.
  var widenedTypes: [DataType] {
    columns.enumerated().map { number, column in
      guard var profile = profiles[number] else { return column.type }
      profile.formUnion(TypeProfile(readAs: column.type, integerDigits: digits[number]))
      return profile.type
    }
  }

  /// A sentence for each column that became VARCHAR though most of its values are of another type.
  var notes: [String] {
    columns.indices.compactMap { number in
      guard let profile = profiles[number], let example = examples[number],
        columns[number].type != .null, columns[number].type != .varchar
      else { return nil }
      var joined = profile
      joined.formUnion(TypeProfile(readAs: columns[number].type, integerDigits: 0))
      guard joined.type == .varchar else { return nil }
      return Self.note(
        column: columns[number].name, type: columns[number].type, count: example.count,
        place: example.place)
    }
  }

  static func note(column: String, type: DataType, count: Int, place: String) -> String {
    "column \(column) is VARCHAR, because \(count) \(count == 1 ? "value is" : "values are") no "
      + "\(type); the first is at \(place)"
  }
}
