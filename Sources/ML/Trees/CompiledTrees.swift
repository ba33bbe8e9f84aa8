import ColStore

/// An ensemble laid out for applying it to many rows: nodes of all trees in one run of memory, 32
/// bytes each, no reference counts.
final class CompiledTrees: @unchecked Sendable {
  private struct Node {
    var threshold: Double
    /// The first child; the second follows it. Of a leaf, its value is `threshold`.
    var left: Int32
    var right: Int32
    /// −1 of a leaf.
    var feature: Int32
    /// 1: missing goes left; 2: NaN is 0; 4: 0 is missing; 8: categorical.
    var flags: Int32
    /// Of a categorical split, its place in the table of categories.
    var categories: Int64
  }

  private let ensemble: TreeEnsemble
  private let nodes: Buffer
  private let roots: Buffer
  private let treeCount: Int
  /// For each categorical split, as many bits as its largest category needs.
  private let categorySets: [[UInt64]]
  private let isBelow: Bool

  init(_ ensemble: TreeEnsemble) {
    self.ensemble = ensemble
    isBelow = ensemble.dialect == .xgboost
    treeCount = ensemble.trees.count
    let count = ensemble.trees.reduce(0) { $0 + $1.nodes.count }
    nodes = Buffer(Node.self, count: count)
    roots = Buffer(Int32.self, count: treeCount)
    var sets: [[UInt64]] = []
    var base = 0
    for (number, tree) in ensemble.trees.enumerated() {
      roots.pointer(Int32.self)[number] = Int32(base)
      for (place, node) in tree.nodes.enumerated() {
        var flags: Int32 = node.missingGoesLeft ? 1 : 0
        switch node.missing {
        case .followsDefault: break
        case .isZero: flags |= 2
        case .zeroFollowsDefault: flags |= 4
        }
        if let categories = node.categories {
          flags |= 8
          var set = [UInt64](repeating: 0, count: (categories.max() ?? 0) / 64 + 1)
          for category in categories { set[category / 64] |= 1 << UInt64(category % 64) }
          sets.append(set)
        }
        nodes.pointer(Node.self)[base + place] = Node(
          threshold: node.isLeaf ? node.value : node.threshold,
          left: Int32(base + max(node.left, 0)), right: Int32(base + max(node.right, 0)),
          feature: Int32(node.feature), flags: flags, categories: Int64(sets.count - 1))
      }
      base += tree.nodes.count
    }
    categorySets = sets
  }

  /// Rows whose walks through one tree overlap.
  static let blockRows = 64

  /// Writes the sums of the trees' values of `count` rows, at most ``blockRows``; each row's features
  /// lie together. Tree by tree, so that a tree's nodes stay near.
  func margins(
    of rows: UnsafePointer<Double>, count: Int, width: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    precondition(count <= Self.blockRows, "rows come in blocks")
    let nodes = UnsafePointer(nodes.pointer(Node.self))
    let roots = UnsafePointer(roots.pointer(Int32.self))
    sums.initialize(
      repeating: isBelow ? Double(Float(ensemble.baseMargin)) : ensemble.baseMargin, count: count)
    var tree = 0
    while tree < treeCount {
      let root = Int(roots[tree])
      var row = 0
      while row < count {
        let value = nodes[leaf(nodes, root, rows + row &* width)].threshold
        // XGBoost adds up 32-bit numbers, tree by tree.
        sums[row] = isBelow ? Double(Float(sums[row]) + Float(value)) : sums[row] + value
        row &+= 1
      }
      tree &+= 1
    }
    guard ensemble.isAveraged else { return }
    for row in 0..<count { sums[row] /= Double(max(treeCount, 1)) }
  }

  @inline(__always)
  private func leaf(
    _ nodes: UnsafePointer<Node>, _ root: Int, _ row: UnsafePointer<Double>
  ) -> Int {
    var node = nodes + root
    var index = root
    while node.pointee.feature >= 0 {
      let value = row[Int(node.pointee.feature)]
      var goesLeft =
        isBelow ? value < node.pointee.threshold : value <= node.pointee.threshold
      if value.isNaN || node.pointee.flags & 12 != 0 { goesLeft = unusual(node.pointee, value) }
      index = Int(goesLeft ? node.pointee.left : node.pointee.right)
      node = nodes + index
    }
    return index
  }

  /// Missing values, zeros that count as missing, and categories.
  private func unusual(_ node: Node, _ given: Double) -> Bool {
    if node.flags & 8 != 0 {
      if given.isNaN { return isBelow && node.flags & 1 != 0 }
      guard given >= 0, given < 0x1p31 else { return false }
      let set = categorySets[Int(node.categories)]
      let category = Int(given)
      return category / 64 < set.count && set[category / 64] >> UInt64(category % 64) & 1 == 1
    }
    var value = given
    if node.flags & 2 != 0 && value.isNaN { value = 0 }
    if node.flags & 4 != 0 && value.magnitude <= 1e-35 { value = .nan }
    if value.isNaN { return node.flags & 1 != 0 }
    return isBelow ? value < node.threshold : value <= node.threshold
  }
}
