import CKernels
import ColStore

/// Follows a grown tree by codes, for rows that did not take part in growing it.
struct CodeRouter {
  private let nodes: Buffer
  private let values: [Double]
  /// The most splits between the root and a leaf.
  private let depth: Int

  init(_ tree: GrownTree, borders: [BinBorders]) {
    nodes = Buffer(ecq_route_node.self, count: tree.nodes.count)
    values = tree.nodes.map(\.value)
    let table = Buffer(UInt8.self, count: BinBorders.codesMax)
    let goesLeft = table.pointer(UInt8.self)
    var depths = [Int](repeating: 0, count: tree.nodes.count)
    for (index, node) in tree.nodes.enumerated() {
      var made = ecq_route_node()
      made.left = Int32(node.isLeaf ? index : node.left)
      made.right = Int32(node.isLeaf ? index : node.right)
      if !node.isLeaf {
        depths[node.left] = depths[index] + 1
        depths[node.right] = depths[index] + 1
        made.feature = UInt32(node.split.feature)
        node.split.route(borders[node.split.feature], into: goesLeft)
        withUnsafeMutableBytes(of: &made.left_codes) { bits in
          for code in 0..<BinBorders.codesMax where goesLeft[code] != 0 {
            bits[code / 8] |= 1 << UInt8(code % 8)
          }
        }
      }
      nodes.pointer(ecq_route_node.self)[index] = made
    }
    depth = depths.max() ?? 0
  }

  /// Adds to each row's margin its leaf's value times `rate`.
  func add(
    _ rows: BinnedRows, _ range: Range<Int>, rate: (Double) -> Double,
    to margins: UnsafeMutablePointer<Double>
  ) {
    values.map(rate).withUnsafeBufferPointer { leaves in
      ecq_route_codes(
        nodes.pointer(ecq_route_node.self), depth, rows.codes + range.lowerBound * rows.stride,
        rows.stride, range.count, leaves.baseAddress, margins + range.lowerBound)
    }
  }
}
