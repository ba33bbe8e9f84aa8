/// Follows a grown tree by codes, for rows that did not take part in growing it.
struct CodeRouter {
  private let features: [Int]
  private let children: [SIMD2<Int32>]
  private let values: [Double]
  /// 256 bytes an inner node: which codes go left.
  private let tables: [UInt8]

  init(_ tree: GrownTree, borders: [BinBorders]) {
    features = tree.nodes.map { $0.isLeaf ? -1 : $0.split.feature }
    children = tree.nodes.map { SIMD2(Int32($0.left), Int32($0.right)) }
    values = tree.nodes.map(\.value)
    var tables = [UInt8](repeating: 0, count: tree.nodes.count * BinBorders.codesMax)
    tables.withUnsafeMutableBufferPointer { tables in
      guard let start = tables.baseAddress else { return }
      for (index, node) in tree.nodes.enumerated() where !node.isLeaf {
        node.split.route(
          borders[node.split.feature], into: start + index * BinBorders.codesMax)
      }
    }
    self.tables = tables
  }

  /// Adds to each row's margin its leaf's value times `rate`.
  func add(
    _ rows: BinnedRows, _ range: Range<Int>, rate: (Double) -> Double,
    to margins: UnsafeMutablePointer<Double>
  ) {
    let leaves = values.map(rate)
    for row in range {
      let codes = rows.codes + row &* rows.stride
      var node = 0
      while features[node] >= 0 {
        let goesLeft = tables[node &* 256 &+ Int(codes[features[node]])] == 1
        node = Int(goesLeft ? children[node].x : children[node].y)
      }
      margins[row] += leaves[node]
    }
  }
}
