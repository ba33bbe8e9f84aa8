/// A tree as it grows: nodes with splits by code, from which a ``DecisionTree`` is made.
struct GrownTree {
  struct Node {
    var split = SplitCandidate()
    var left = -1
    var right = -1
    var sums: GradientPair
    var rowCount: Int
    /// The node's own value, before the learning rate.
    var value: Double

    var isLeaf: Bool { left < 0 }
  }

  var nodes: [Node] = []

  /// The tree by values, its nodes renumbered level by level.
  func decisionTree(
    _ borders: [BinBorders], scale: GradientScale, flavour: SplitRule.Flavour,
    leafValue: (Double) -> Double
  ) -> DecisionTree {
    var order = [0]
    var place = 0
    while place < order.count {
      let node = nodes[order[place]]
      if !node.isLeaf { order += [node.left, node.right] }
      place += 1
    }
    var numbers = [Int](repeating: 0, count: nodes.count)
    for (number, node) in order.enumerated() { numbers[node] = number }
    return DecisionTree(
      nodes: order.map { index in
        let node = nodes[index]
        let cover = scale.second(node.sums)
        // Only LightGBM's trees count rows.
        let rowCount = flavour == .lightgbm ? node.rowCount : 0
        guard !node.isLeaf else {
          return .leaf(value: leafValue(node.value), cover: cover, rowCount: rowCount)
        }
        let split = node.split
        let border = borders[split.feature]
        return DecisionTree.Node(
          feature: split.feature, threshold: border.threshold(after: split.bin),
          left: numbers[node.left], right: numbers[node.right],
          missingGoesLeft: split.missingGoesLeft,
          missing: flavour == .lightgbm && !border.hasMissing ? .isZero : .followsDefault,
          value: leafValue(node.value), cover: cover, gain: split.gain, rowCount: rowCount,
          categories: split.leftBins.map { bins in
            bins.compactMap { border.categories?[Int($0)] }.sorted()
          })
      })
  }
}
