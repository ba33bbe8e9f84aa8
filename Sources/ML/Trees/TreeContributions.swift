/// TreeSHAP (Lundberg et al. 2018, algorithm 2): how much each feature moves a row's margin from the
/// mean over the training rows; contributions and mean add up to the margin.
///
///     a walk of the whole tree keeps, for the features met on the way, the share of paths that
///     reach the node without (zero) and with (one) the feature known, and the weights of subsets
///     by size; at a leaf, each feature is unwound from the path to get its part of the value
struct TreeContributions {
  private struct Element {
    var feature = -1
    var zero = 0.0
    var one = 0.0
    var weight = 0.0
  }

  private let ensemble: TreeEnsemble
  /// The trees; in LightGBM's the cover of a node is, as there, the number of its rows.
  private let trees: [DecisionTree]
  private let means: [Double]
  private let depthMax: Int

  init(_ ensemble: TreeEnsemble) {
    self.ensemble = ensemble
    depthMax = (ensemble.trees.map(\.depth).max() ?? 0) + 2
    trees = ensemble.trees.map { tree in
      guard ensemble.dialect == .lightgbm, tree.nodes.allSatisfy({ $0.rowCount > 0 }) else {
        return tree
      }
      var tree = tree
      for node in tree.nodes.indices { tree.nodes[node].cover = Double(tree.nodes[node].rowCount) }
      return tree
    }
    means = trees.map { tree in
      var values = tree.nodes.map(\.value)
      for (index, node) in tree.nodes.enumerated().reversed() where !node.isLeaf {
        let (left, right) = (tree.nodes[node.left], tree.nodes[node.right])
        let cover = left.cover + right.cover
        values[index] =
          cover > 0
          ? (values[node.left] * left.cover + values[node.right] * right.cover) / cover
          : (values[node.left] + values[node.right]) / 2
      }
      return values[0]
    }
  }

  /// What all rows start from: the last of the libraries' contributions.
  var bias: Double {
    let sum = means.reduce(ensemble.baseMargin, +)
    return ensemble.isAveraged ? sum / Double(max(ensemble.trees.count, 1)) : sum
  }

  /// Adds the contributions of one row to `sums`, a value for each feature.
  func add(_ row: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>) {
    let size = depthMax * (depthMax + 1) / 2 + depthMax
    withUnsafeTemporaryAllocation(of: Element.self, capacity: size) { memory in
      guard let path = memory.baseAddress else { return }
      path.initialize(repeating: Element(), count: size)
      for tree in trees where tree.nodes.count > 1 {
        tree.nodes.withUnsafeBufferPointer { nodes in
          walk(nodes, 0, row, sums, path, 0, 1, 1, -1)
        }
      }
    }
    if ensemble.isAveraged {
      for feature in ensemble.featureNames.indices {
        sums[feature] /= Double(max(ensemble.trees.count, 1))
      }
    }
  }

  private func walk(
    _ nodes: UnsafeBufferPointer<DecisionTree.Node>, _ index: Int, _ row: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ parentPath: UnsafeMutablePointer<Element>,
    _ depth: Int, _ zero: Double, _ one: Double, _ feature: Int
  ) {
    // Each level works on its own copy of the path, behind its parent's.
    let path = depth == 0 ? parentPath : parentPath + depth
    if depth > 0 { path.update(from: parentPath, count: depth) }
    extend(path, depth, zero, one, feature)
    if nodes[index].isLeaf {
      for place in 0..<depth where path[place + 1].feature >= 0 {
        let element = path[place + 1]
        sums[element.feature] +=
          unwoundSum(path, depth, place + 1) * (element.one - element.zero) * nodes[index].value
      }
      return
    }
    let split = nodes[index].feature
    let goesLeft = DecisionTree.goesLeft(
      nodes, index, row[split], ensemble.dialect == .xgboost)
    let hot = goesLeft ? nodes[index].left : nodes[index].right
    let cold = goesLeft ? nodes[index].right : nodes[index].left
    let cover = max(nodes[hot].cover + nodes[cold].cover, 1e-300)
    var depth = depth
    var (incomingZero, incomingOne) = (1.0, 1.0)
    // A feature met before on this way is taken out, and its shares go on.
    if let place = (0...depth).first(where: { path[$0].feature == split }) {
      (incomingZero, incomingOne) = (path[place].zero, path[place].one)
      unwind(path, depth, place)
      depth -= 1
    }
    walk(
      nodes, hot, row, sums, path, depth + 1, nodes[hot].cover / cover * incomingZero,
      incomingOne, split)
    walk(
      nodes, cold, row, sums, path, depth + 1, nodes[cold].cover / cover * incomingZero, 0, split)
  }

  private func extend(
    _ path: UnsafeMutablePointer<Element>, _ depth: Int, _ zero: Double, _ one: Double,
    _ feature: Int
  ) {
    path[depth] = Element(
      feature: feature, zero: zero, one: one, weight: depth == 0 ? 1 : 0)
    for place in (0..<depth).reversed() {
      path[place + 1].weight += one * path[place].weight * Double(place + 1) / Double(depth + 1)
      path[place].weight = zero * path[place].weight * Double(depth - place) / Double(depth + 1)
    }
  }

  private func unwind(_ path: UnsafeMutablePointer<Element>, _ depth: Int, _ index: Int) {
    let (zero, one) = (path[index].zero, path[index].one)
    var next = path[depth].weight
    for place in (0..<depth).reversed() {
      if one != 0 {
        let kept = path[place].weight
        path[place].weight = next * Double(depth + 1) / (Double(place + 1) * one)
        next = kept - path[place].weight * zero * Double(depth - place) / Double(depth + 1)
      } else {
        path[place].weight =
          path[place].weight * Double(depth + 1) / (zero * Double(depth - place))
      }
    }
    for place in index..<depth {
      path[place].feature = path[place + 1].feature
      path[place].zero = path[place + 1].zero
      path[place].one = path[place + 1].one
    }
  }

  private func unwoundSum(
    _ path: UnsafePointer<Element>, _ depth: Int, _ index: Int
  ) -> Double {
    let (zero, one) = (path[index].zero, path[index].one)
    var next = path[depth].weight
    var total = 0.0
    for place in (0..<depth).reversed() {
      if one != 0 {
        let part = next * Double(depth + 1) / (Double(place + 1) * one)
        total += part
        next = path[place].weight - part * zero * (Double(depth - place) / Double(depth + 1))
      } else if zero != 0 {
        total += path[place].weight / zero / (Double(depth - place) / Double(depth + 1))
      }
    }
    return total
  }
}
