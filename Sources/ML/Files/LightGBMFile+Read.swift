extension LightGBMFile {
  /// Reads a model of one output without linear trees, as LightGBM 3 and 4 write it.
  ///
  /// - Throws: ``ModelError`` that says what is missing, damaged or not supported.
  static func read(_ text: String) throws(ModelError) -> TreeEnsemble {
    var header: [Substring: Substring] = [:]
    var trees: [[Substring: Substring]] = []
    var flags: Set<Substring> = []
    var categories: Substring = "null"
    var isInTrees = true
    for line in text.split(separator: "\n") {
      if line == "end of trees" { isInTrees = false }
      if line.hasPrefix("pandas_categorical:") { categories = line.dropFirst(19) }
      guard isInTrees else { continue }
      guard let equals = line.firstIndex(of: "=") else {
        flags.insert(line)
        continue
      }
      let key = line[..<equals]
      let value = line[line.index(after: equals)...]
      if key == "Tree" {
        trees.append([:])
      } else if trees.isEmpty {
        header[key] = value
      } else {
        trees[trees.count - 1][key] = value
      }
    }
    guard flags.contains("tree"), let names = header["feature_names"] else {
      throw ModelError("this is no LightGBM model")
    }
    guard !isInTrees else { throw ModelError("the LightGBM model has no end of trees") }
    guard header["num_class"] == "1", header["num_tree_per_iteration"] ?? "1" == "1" else {
      throw ModelError("models of more than two classes are not supported")
    }
    let objective = (header["objective"] ?? "regression").split(separator: " ")
    let link: TreeEnsemble.Link
    switch objective.first ?? "" {
    case "binary", "cross_entropy": link = .logistic
    case "regression", "regression_l1", "huber", "fair", "quantile": link = .identity
    case let other: throw ModelError("LightGBM's objective \(other) is not supported")
    }
    var ensemble = TreeEnsemble(
      dialect: .lightgbm, link: link, featureNames: names.split(separator: " ").map(String.init),
      trees: [], baseMargin: 0)
    if let slope = objective.first(where: { $0.hasPrefix("sigmoid:") }) {
      ensemble.sigmoid = Double(slope.dropFirst(8)) ?? 1
    }
    ensemble.isAveraged = flags.contains("average_output")
    ensemble.featureRanges = (header["feature_infos"] ?? "").split(separator: " ").map(String.init)
    for (number, fields) in trees.enumerated() {
      let reader = LightGBMTreeReader(
        fields: fields, number: number, featureCount: ensemble.featureNames.count)
      ensemble.trees.append(try reader.tree())
    }
    try readCategories(categories, &ensemble)
    return ensemble
  }

  /// The texts behind the codes of categorical features, which are listed in their order.
  private static func readCategories(
    _ text: Substring, _ ensemble: inout TreeEnsemble
  ) throws(ModelError) {
    guard text != "null", text != "[]",
      let lists = try JSONParser.parse(Array(text.utf8)).array
    else { return }
    let categorical = ensemble.featureRanges.indices.filter {
      !ensemble.featureRanges[$0].hasPrefix("[") && ensemble.featureRanges[$0] != "none"
    }
    for (feature, list) in zip(categorical, lists) {
      ensemble.categories[feature] = (list.array ?? []).map { value in
        value.text ?? value.number.map(shortest) ?? ""
      }
    }
  }
}

/// Reads one tree's lines.
private struct LightGBMTreeReader {
  let fields: [Substring: Substring]
  let number: Int
  let featureCount: Int

  private func failure(_ reason: String) -> ModelError {
    ModelError("tree \(number) of the LightGBM model \(reason)")
  }

  private func numbers(_ key: Substring, count: Int) throws(ModelError) -> [Double] {
    let texts = (fields[key] ?? "").split(separator: " ")
    let numbers = texts.compactMap { Double($0) }
    guard numbers.count == count, texts.count == count else {
      throw failure("has no \(count) numbers of \(key)")
    }
    return numbers
  }

  private func numbersIfAny(_ key: Substring, count: Int) -> [Double] {
    (try? numbers(key, count: count)) ?? [Double](repeating: 0, count: count)
  }

  private func integers(_ key: Substring, count: Int) throws(ModelError) -> [Int] {
    var integers: [Int] = []
    for number in try numbers(key, count: count) {
      guard let integer = Int(exactly: number) else { throw failure("has a fraction in \(key)") }
      integers.append(integer)
    }
    return integers
  }

  func tree() throws(ModelError) -> DecisionTree {
    guard let leafCount = fields["num_leaves"].flatMap({ Int($0) }), leafCount >= 1,
      leafCount <= 1 << 24
    else { throw failure("has no number of leaves") }
    guard fields["is_linear"] ?? "0" == "0" else {
      throw failure("has linear leaves, which are not supported")
    }
    let values = try numbers("leaf_value", count: leafCount)
    if leafCount == 1 {
      return DecisionTree(nodes: [.leaf(value: values[0], cover: 0, rowCount: 0)])
    }
    let innerCount = leafCount - 1
    let weights = numbersIfAny("leaf_weight", count: leafCount)
    let counts = numbersIfAny("leaf_count", count: leafCount)
    let left = try integers("left_child", count: innerCount)
    let right = try integers("right_child", count: innerCount)
    let features = try integers("split_feature", count: innerCount)
    let thresholds = try numbers("threshold", count: innerCount)
    let types = try integers("decision_type", count: innerCount)
    let gains = numbersIfAny("split_gain", count: innerCount)
    let innerValues = numbersIfAny("internal_value", count: innerCount)
    let innerWeights = numbersIfAny("internal_weight", count: innerCount)
    let innerCounts = numbersIfAny("internal_count", count: innerCount)
    let sets = try categorySets()
    // Nodes in the order of a walk from the root, so that children come after their parent.
    var nodes: [DecisionTree.Node] = []
    var waiting = [0]
    var at = 0
    while at < waiting.count {
      let child = waiting[at]
      at += 1
      guard waiting.count <= 2 * leafCount, child < innerCount, -1 - child < leafCount else {
        throw failure("has a child that is not there, or twice")
      }
      if child < 0 {
        let leaf = -1 - child
        nodes.append(
          .leaf(
            value: values[leaf], cover: weights[leaf],
            rowCount: Int(exactly: counts[leaf]) ?? 0))
        continue
      }
      guard features[child] >= 0, features[child] < featureCount else {
        throw failure("asks a feature that is not there")
      }
      let type = types[child]
      var categories: [Int]?
      if type & LightGBMFile.categoricalBit != 0 {
        guard let set = Int(exactly: thresholds[child]), sets.indices.contains(set) else {
          throw failure("asks for categories that are not there")
        }
        categories = sets[set]
      }
      let missing: DecisionTree.Missing
      switch type >> 2 & 3 {
      case 0: missing = .isZero
      case 1: missing = .zeroFollowsDefault
      default: missing = .followsDefault
      }
      nodes.append(
        DecisionTree.Node(
          feature: features[child], threshold: thresholds[child], left: waiting.count,
          right: waiting.count + 1, missingGoesLeft: type & LightGBMFile.defaultLeftBit != 0,
          missing: missing, value: innerValues[child], cover: innerWeights[child],
          gain: gains[child], rowCount: Int(exactly: innerCounts[child]) ?? 0,
          categories: categories))
      waiting += [left[child], right[child]]
    }
    return DecisionTree(nodes: nodes)
  }

  private func categorySets() throws(ModelError) -> [[Int]] {
    guard let count = fields["num_cat"].flatMap({ Int($0) }), count > 0, count <= 1 << 24 else {
      return []
    }
    let boundaries = try integers("cat_boundaries", count: count + 1)
    let words = try integers("cat_threshold", count: max(boundaries.last ?? 0, 0))
    var sets: [[Int]] = []
    for set in 0..<count {
      guard boundaries[set] >= 0, boundaries[set] <= boundaries[set + 1] else {
        throw failure("has damaged categories")
      }
      var categories: [Int] = []
      for (place, word) in words[boundaries[set]..<boundaries[set + 1]].enumerated() {
        for bit in 0..<32 where word >> bit & 1 == 1 { categories.append(place * 32 + bit) }
      }
      sets.append(categories)
    }
    return sets
  }
}
