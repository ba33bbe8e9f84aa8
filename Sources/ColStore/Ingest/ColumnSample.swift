/// The values of one column in the sample, by kind: what type they have in common, and which few
/// of them stand in the way of a narrower one.
struct ColumnSample {
  /// The profile of all values.
  private(set) var profile = TypeProfile()
  private var families: [Family: FamilyTally] = [:]

  /// Kinds of values among which a common type other than VARCHAR exists.
  private enum Family: Hashable {
    case boolean
    case number
    case time
    case uuid
    case text
  }

  private struct FamilyTally {
    var profile = TypeProfile()
    var rowCount = 0
    var firstEntry = 0
  }

  init(_ column: DictionaryParser) {
    var rows = [Int](repeating: 0, count: column.dictionary.count)
    for row in 0..<column.codes.count { rows[Int(column.codes[row])] += 1 }
    for entry in 1..<max(column.dictionary.count, 1) {
      let value = TypeProfile(of: column.dictionary.view(entry))
      profile.formUnion(value)
      var tally = families[Self.family(of: value)] ?? FamilyTally(firstEntry: entry)
      tally.profile.formUnion(value)
      tally.rowCount += rows[entry]
      families[Self.family(of: value)] = tally
    }
  }

  private static func family(of value: TypeProfile) -> Family {
    switch value.kinds {
    case .boolean: .boolean
    case .date, .timestamp: .time
    case .uuid: .uuid
    case .text: .text
    default: .number
    }
  }

  /// Where nearly all values have a narrower type than VARCHAR: that type, how many values do not
  /// fit it, and the dictionary entry of the first of them.
  var misfits: (type: DataType, count: Int, firstEntry: Int)? {
    guard families.count > 1, profile.type == .varchar else { return nil }
    guard let most = families.max(by: { $0.value.rowCount < $1.value.rowCount }),
      most.key != .text
    else { return nil }
    let others = families.filter { $0.key != most.key }.values
    let count = others.reduce(0) { $0 + $1.rowCount }
    guard count * 20 <= most.value.rowCount, let first = others.map(\.firstEntry).min() else {
      return nil
    }
    return (most.value.profile.type, count, first)
  }
}
