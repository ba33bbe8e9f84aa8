import ColStore

/// Where the values of a model's feature come from: a column of numbers, or texts of a column.
enum FeatureBinding: Sendable {
  case numbers(column: Int)
  /// 1 where the column has this text, else 0: feature `brand=apple` of column `brand`.
  case indicator(column: Int, text: String)
  /// The place of the column's text in a list; missing where it is not in there.
  case category(column: Int, codes: [String: Double])

  var column: Int {
    switch self {
    case .numbers(let column), .indicator(let column, _), .category(let column, _): column
    }
  }

  /// Finds the columns of a model's features by name.
  ///
  /// - Parameter categories: The texts of categorical features, by feature.
  /// - Throws: ``ModelError`` where a column is missing or of a type that does not fit.
  static func bind(
    _ names: [String], categories: [Int: [String]], columns: [ColumnDescription]
  ) throws(ModelError) -> [FeatureBinding] {
    let lookup = ColumnLookup(columns: columns)
    var bindings: [FeatureBinding] = []
    for (feature, name) in names.enumerated() {
      if !lookup.contains(name), let equals = name.firstIndex(of: "="),
        lookup.contains(String(name[..<equals]))
      {
        let column = try lookup.index(of: String(name[..<equals]), as: "feature")
        let text = String(name[name.index(after: equals)...])
        guard columns[column].type == .varchar else {
          throw ModelError("the feature \"\(name)\" needs \"\(columns[column].name)\" to be text")
        }
        bindings.append(.indicator(column: column, text: text))
        continue
      }
      let column = try lookup.index(of: name, as: "feature")
      if let texts = categories[feature], columns[column].type == .varchar {
        var codes: [String: Double] = [:]
        for (code, text) in texts.enumerated() { codes[text] = Double(code) }
        bindings.append(.category(column: column, codes: codes))
      } else if NumericKernels.accepts(columns[column].type) {
        bindings.append(.numbers(column: column))
      } else {
        throw ModelError(
          "the feature \"\(name)\" is \(columns[column].type); features are numeric or BOOLEAN")
      }
    }
    return bindings
  }

  /// Writes one double a row and returns how many are missing.
  func write(_ vector: Vector, into target: UnsafeMutablePointer<Double>) -> Int {
    switch self {
    case .numbers: return NumericKernels.write(vector, into: target)
    case .indicator(_, let text):
      return TextKernels.write(vector, into: target, ofNull: 0) { $0 == text ? 1 : 0 }
    case .category(_, let codes):
      return TextKernels.write(vector, into: target, ofNull: .nan) { codes[$0] ?? .nan }
    }
  }
}
