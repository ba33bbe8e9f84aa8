import ColStore

/// A model made ready to be called with vectors of values.
struct SQLModel: Sendable {
  private let features: [String]
  private let categories: [Int: [String]]
  private let rows: RowModel
  /// What a caller gives: each feature, or the text that features like `brand=a` are made from.
  let argumentNames: [String]

  init(_ model: Model) {
    features = model.featureNames
    categories = model.categories
    rows = RowModel(model)
    var names: [String] = []
    for feature in features {
      var name = feature
      if let equals = feature.firstIndex(of: "="), equals > feature.startIndex {
        name = String(feature[..<equals])
      }
      if !names.contains(name) { names.append(name) }
    }
    argumentNames = names
  }

  var resultType: DataType { rows.isClustering ? .integer : .double }

  /// - Throws: ``ModelError`` where an argument's type does not fit its feature.
  func bindings(of types: [DataType]) throws(ModelError) -> [FeatureBinding] {
    guard types.count == argumentNames.count else {
      throw ModelError("the model takes \(argumentNames.count) values")
    }
    return try FeatureBinding.bind(
      features, categories: categories,
      columns: zip(argumentNames, types).map { ColumnDescription(name: $0, type: $1) })
  }

  /// One result a row; `values` are the arguments in their order.
  func results(_ values: [Vector], _ bindings: [FeatureBinding], _ count: Int) -> Vector {
    let width = bindings.count
    let cells = Buffer(Double.self, count: max(count * width, 1))
    for (feature, binding) in bindings.enumerated() {
      _ = binding.write(
        values[binding.column], into: cells.pointer(Double.self) + feature * count)
    }
    let results = Buffer(Double.self, count: max(count, 1))
    rows.score(0..<count, width: width, into: results.pointer(Double.self)) { place, row in
      rows.gather(cells.pointer(Double.self), place, count, width, into: row)
    }
    guard rows.isClustering else {
      return Vector(flat: .double, count: count, values: results)
    }
    let numbers = Buffer(Int64.self, count: max(count, 1))
    for row in 0..<count {
      numbers.pointer(Int64.self)[row] = Int64(results.pointer(Double.self)[row])
    }
    return Vector(flat: .integer, count: count, values: numbers)
  }
}
