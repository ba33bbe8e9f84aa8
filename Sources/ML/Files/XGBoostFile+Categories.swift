/// Categorical splits in XGBoost's files: of a node that has one, the categories that go right.
///
/// A node of ours says which categories go left, so its children are the file's the other way round.
extension XGBoostFile {
  /// The categories of a tree's categorical splits, by node.
  static func categories(_ tree: JSONValue) -> [Int: [Int]]? {
    guard let nodes = tree["categories_nodes"]?.numbers, !nodes.isEmpty else { return [:] }
    guard let all = tree["categories"]?.numbers, nodes.count <= all.count,
      let starts = tree["categories_segments"]?.numbers, starts.count == nodes.count,
      let sizes = tree["categories_sizes"]?.numbers, sizes.count == nodes.count
    else { return nil }
    var sets: [Int: [Int]] = [:]
    for (place, node) in nodes.enumerated() {
      guard let node = Int(exactly: node), let start = Int(exactly: starts[place]),
        let size = Int(exactly: sizes[place]), start >= 0, size >= 0, start <= all.count,
        size <= all.count - start
      else { return nil }
      var set: [Int] = []
      for category in all[start..<start + size] {
        guard category >= 0, category < 0x1p24, let category = Int(exactly: category) else {
          return nil
        }
        set.append(category)
      }
      sets[node] = set
    }
    return sets
  }

  /// The texts behind the codes of categorical features, which XGBoost keeps since 3.1.
  ///
  /// - Throws: ``ModelError`` where categories are numbers, which would have to be recoded.
  static func texts(_ model: JSONValue, featureCount: Int) throws(ModelError) -> [Int: [String]] {
    guard let encodings = model["cats"]?["enc"]?.array else { return [:] }
    var texts: [Int: [String]] = [:]
    for (feature, encoding) in encodings.enumerated() where feature < featureCount {
      guard let values = encoding["values"]?.numbers, !values.isEmpty else { continue }
      guard let offsets = encoding["offsets"]?.numbers, offsets.count > 1 else {
        throw ModelError(
          "feature \(feature) of the XGBoost model has categories that are numbers; "
            + "only texts are supported")
      }
      let places = offsets.compactMap { Int(exactly: $0) }
      guard places.count == offsets.count, places[0] == 0, places.last == values.count,
        zip(places, places.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw ModelError("the XGBoost model's categories are damaged") }
      let bytes = values.map { UInt8(truncatingIfNeeded: Int($0.isFinite ? $0 : 0)) }
      texts[feature] = zip(places, places.dropFirst()).map {
        String(decoding: bytes[$0..<$1], as: UTF8.self)
      }
    }
    return texts
  }

  /// Writes the four lists of a tree's categories.
  static func writeCategories(_ nodes: [DecisionTree.Node], to writer: inout JSONWriter) {
    let sets = nodes.enumerated().compactMap { index, node in
      node.categories.map { (node: index, set: $0.sorted()) }
    }
    var start = 0
    let starts = sets.map { entry in
      defer { start += entry.set.count }
      return start
    }
    for (key, list) in [
      ("categories", sets.flatMap(\.set)), ("categories_nodes", sets.map(\.node)),
      ("categories_segments", starts), ("categories_sizes", sets.map(\.set.count)),
    ] {
      writer.key(key)
      writer.array(list) { $0.integer($1) }
    }
  }
}
