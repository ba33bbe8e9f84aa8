import ColStore

/// Follows a grown tree by codes, for rows that did not take part in growing it.
struct CodeRouter {
  private struct Node {
    /// Which codes go left, a bit each.
    var leftCodes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var feature: Int32 = 0
    /// The first child; a leaf is its own, whichever way.
    var left: Int32
    var right: Int32
    var unused: Int32 = 0
  }

  private let nodes: Buffer
  private let nodeCount: Int
  private let values: [Double]
  /// The most splits between the root and a leaf.
  private let depth: Int

  init(_ tree: GrownTree, borders: [BinBorders]) {
    nodeCount = tree.nodes.count
    nodes = Buffer(Node.self, count: max(nodeCount, 1))
    values = tree.nodes.map(\.value)
    let table = Buffer(UInt8.self, count: BinBorders.codesMax)
    let codes = table.pointer(UInt8.self)
    var depths = [Int](repeating: 0, count: max(nodeCount, 1))
    for (index, node) in tree.nodes.enumerated() {
      var made = Node(left: Int32(index), right: Int32(index))
      if !node.isLeaf {
        made.feature = Int32(node.split.feature)
        made.left = Int32(node.left)
        made.right = Int32(node.right)
        depths[node.left] = depths[index] + 1
        depths[node.right] = depths[index] + 1
        node.split.route(borders[node.split.feature], into: codes)
        withUnsafeMutableBytes(of: &made.leftCodes) { bits in
          for code in 0..<BinBorders.codesMax where codes[code] != 0 {
            bits[code / 8] |= 1 << UInt8(code % 8)
          }
        }
      }
      nodes.pointer(Node.self)[index] = made
    }
    depth = depths.max() ?? 0
  }

  /// Rows that are followed at once, so that they do not wait for each other's memory.
  private static let lanes = 8

  /// Adds to each row's margin its leaf's value times `rate`.
  func add(
    _ rows: BinnedRows, _ range: Range<Int>, rate: (Double) -> Double,
    to margins: UnsafeMutablePointer<Double>
  ) {
    let leaves = values.map(rate)
    let nodes = UnsafePointer(nodes.pointer(Node.self))
    let stride = rows.stride
    leaves.withUnsafeBufferPointer { leaves in
      var row = range.lowerBound
      while row &+ Self.lanes <= range.upperBound {
        let codes = rows.codes + row &* stride
        var places = SIMD8<Int32>.zero
        var level = 0
        while level < depth {
          var isMoving = false
          for lane in 0..<Self.lanes {
            let place = Int(places[lane])
            let next = Self.step(nodes + place, codes + lane &* stride)
            isMoving = isMoving || next != Int32(truncatingIfNeeded: place)
            places[lane] = next
          }
          if !isMoving { break }
          level &+= 1
        }
        for lane in 0..<Self.lanes { margins[row &+ lane] += leaves[Int(places[lane])] }
        row &+= Self.lanes
      }
      while row < range.upperBound {
        var place: Int32 = 0
        while true {
          let next = Self.step(nodes + Int(place), rows.codes + row &* stride)
          if next == place { break }
          place = next
        }
        margins[row] += leaves[Int(place)]
        row &+= 1
      }
    }
  }

  @inline(__always)
  private static func step(
    _ node: UnsafePointer<Node>, _ codes: UnsafePointer<UInt8>
  ) -> Int32 {
    let code = Int(codes[Int(node.pointee.feature)])
    let bits = UnsafeRawPointer(node).assumingMemoryBound(to: UInt8.self)
    let goesLeft = bits[code &>> 3] &>> UInt8(truncatingIfNeeded: code & 7) & 1
    return goesLeft == 1 ? node.pointee.left : node.pointee.right
  }
}
