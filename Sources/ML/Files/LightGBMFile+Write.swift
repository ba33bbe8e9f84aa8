import ColStore

/// LightGBM's text format of models, version 4.
enum LightGBMFile {
  /// Decision types are bits: 1 categorical, 2 missing goes left, 4 and 8 the kind of missing.
  static let categoricalBit = 1
  static let defaultLeftBit = 2

  /// A model of LightGBM's dialect as the text that `lightgbm.Booster(model_file=…)` reads.
  static func write(_ ensemble: TreeEnsemble, parameters: [(String, String)] = []) -> TextBuffer {
    let names = ensemble.featureNames.map(featureName)
    let trees = ensemble.trees.enumerated().map { number, tree in
      "Tree=\(number)\n" + text(of: tree) + "\n\n"
    }
    let ranges =
      ensemble.featureRanges.isEmpty
      ? names.map { _ in "[-1e+308:1e+308]" } : ensemble.featureRanges
    let buffer = TextBuffer(capacity: 1 << 16)
    buffer.append(
      """
      tree
      version=v4
      num_class=1
      num_tree_per_iteration=1
      label_index=0
      max_feature_idx=\(names.count - 1)
      objective=binary sigmoid:\(shortest(ensemble.sigmoid))
      feature_names=\(names.joined(separator: " "))
      feature_infos=\(ranges.joined(separator: " "))
      tree_sizes=\(trees.map { String($0.utf8.count) }.joined(separator: " "))


      """)
    for tree in trees { buffer.append(tree) }
    buffer.append("end of trees\n\nfeature_importances:\n")
    let counts = TreeImportance(ensemble).splitCounts
    for feature in names.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) })
    where counts[feature] > 0 {
      buffer.append("\(names[feature])=\(counts[feature])\n")
    }
    buffer.append("\nparameters:\n[boosting: gbdt]\n[objective: binary]\n")
    for (name, value) in parameters { buffer.append("[\(name): \(value)]\n") }
    buffer.append("end of parameters\n\npandas_categorical:")
    buffer.append(pandasCategories(ensemble))
    buffer.append("\n")
    return buffer
  }

  /// LightGBM parts names at spaces and forbids what is special in JSON.
  static func featureName(_ name: String) -> String {
    String(name.map { $0.isWhitespace || "\"[]{},:".contains($0) ? "_" : $0 })
  }

  private static func pandasCategories(_ ensemble: TreeEnsemble) -> String {
    guard !ensemble.categories.isEmpty else { return "null" }
    var writer = JSONWriter()
    writer.array(ensemble.categories.keys.sorted()) { writer, feature in
      writer.array(ensemble.categories[feature] ?? []) { $0.string($1) }
    }
    return writer.buffer.string
  }

  /// `1` rather than `1.0`.
  static func shortest(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func text(of tree: DecisionTree) -> String {
    // Inner nodes and leaves are numbered apart; a leaf as a child is −1 − its number.
    var numbers: [Int] = []
    var inner: [DecisionTree.Node] = []
    var leaves: [DecisionTree.Node] = []
    for node in tree.nodes {
      if node.isLeaf {
        numbers.append(-1 - leaves.count)
        leaves.append(node)
      } else {
        numbers.append(inner.count)
        inner.append(node)
      }
    }
    var boundaries = [0]
    var words: [UInt32] = []
    var thresholds: [String] = []
    var types: [Int] = []
    for node in inner {
      if let categories = node.categories {
        var set = [UInt32](repeating: 0, count: (categories.max() ?? 0) / 32 + 1)
        for category in categories { set[category / 32] |= 1 << UInt32(category % 32) }
        thresholds.append(String(boundaries.count - 1))
        words += set
        boundaries.append(words.count)
        types.append(categoricalBit)
      } else {
        thresholds.append(shortest(node.threshold))
        let missing: Int
        switch node.missing {
        case .isZero: missing = 0
        case .zeroFollowsDefault: missing = 1
        case .followsDefault: missing = 2
        }
        types.append((node.missingGoesLeft ? defaultLeftBit : 0) | missing << 2)
      }
    }
    func line<Element>(_ key: String, _ values: [Element], _ text: (Element) -> String) -> String {
      "\(key)=\(values.map(text).joined(separator: " "))\n"
    }
    var lines = "num_leaves=\(leaves.count)\nnum_cat=\(boundaries.count - 1)\n"
    lines += line("split_feature", inner) { String($0.feature) }
    lines += line("split_gain", inner) { shortest($0.gain) }
    lines += line("threshold", thresholds) { $0 }
    lines += line("decision_type", types) { String($0) }
    lines += line("left_child", inner) { String(numbers[$0.left]) }
    lines += line("right_child", inner) { String(numbers[$0.right]) }
    lines += line("leaf_value", leaves) { shortest($0.value) }
    lines += line("leaf_weight", leaves) { shortest($0.cover) }
    lines += line("leaf_count", leaves) { String($0.rowCount) }
    lines += line("internal_value", inner) { shortest($0.value) }
    lines += line("internal_weight", inner) { shortest($0.cover) }
    lines += line("internal_count", inner) { String($0.rowCount) }
    if boundaries.count > 1 {
      lines += line("cat_boundaries", boundaries) { String($0) }
      lines += line("cat_threshold", words) { String($0) }
    }
    return lines + "is_linear=0\nshrinkage=1\n"
  }
}

extension LightGBMFile {
  /// A feature's `feature_infos`: its range, or its categories.
  static func range(_ borders: BinBorders) -> String {
    if let categories = borders.categories {
      return categories.isEmpty ? "none" : categories.map(String.init).joined(separator: ":")
    }
    guard borders.minimum.isFinite, borders.maximum.isFinite, borders.binCount > 1 else {
      return "none"
    }
    return "[\(shortest(borders.minimum)):\(shortest(borders.maximum))]"
  }
}
