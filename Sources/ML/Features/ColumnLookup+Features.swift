import ColStore

extension ColumnLookup {
  /// The indices of the columns of those names, in their order.
  ///
  /// - Throws: ``ModelError`` where there is no such column, one is named twice, or one is neither
  ///   numeric nor boolean.
  func featureIndices(
    _ names: [String], takesTexts: Bool = false
  ) throws(ModelError) -> [Int] {
    var indices: [Int] = []
    var taken: Set<Int> = []
    for name in names {
      let index = try index(of: name, as: "features")
      let column = columns[index]
      guard taken.insert(index).inserted else {
        throw ModelError("the feature \"\(column.name)\" is named twice")
      }
      guard NumericKernels.accepts(column.type) || (takesTexts && column.type == .varchar) else {
        throw ModelError(
          "the feature \"\(column.name)\" is \(column.type); features are numeric or BOOLEAN")
      }
      indices.append(index)
    }
    return indices
  }
}
