/// A binary tree: inner nodes ask one feature, leaves have a value. Node 0 is the root, and children
/// come after their parent.
public struct DecisionTree: Sendable, Equatable {
  /// What a node does with values that are missing.
  public enum Missing: Sendable {
    /// NaN goes where ``Node/missingGoesLeft`` says.
    case followsDefault
    /// NaN is taken for 0 (LightGBM, where the training rows had no NaN).
    case isZero
    /// NaN and 0 both go where ``Node/missingGoesLeft`` says (LightGBM's `zero_as_missing`).
    case zeroFollowsDefault
  }

  public struct Node: Sendable, Equatable {
    /// The feature asked; −1 of a leaf.
    public var feature: Int
    /// Left is where a value is below this (XGBoost) or at most this (LightGBM).
    public var threshold: Double
    public var left: Int
    public var right: Int
    public var missingGoesLeft: Bool
    public var missing: Missing
    /// A leaf's part of the prediction; of an inner node, what it would be were it a leaf.
    public var value: Double
    /// The sum of second derivatives of the training rows in the node; of a forest, their weight.
    public var cover: Double
    /// How much the split lowers the loss; 0 of a leaf.
    public var gain: Double
    /// How many training rows are in the node, as far as known.
    public var rowCount: Int
    /// The categories that go left, in place of a threshold; nil of a numeric split.
    public var categories: [Int]?

    public var isLeaf: Bool { feature < 0 }

    public static func leaf(value: Double, cover: Double, rowCount: Int) -> Node {
      Node(
        feature: -1, threshold: 0, left: -1, right: -1, missingGoesLeft: false,
        missing: .followsDefault, value: value, cover: cover, gain: 0, rowCount: rowCount,
        categories: nil)
    }
  }

  public var nodes: [Node]

  public init(nodes: [Node]) { self.nodes = nodes }

  public var leafCount: Int { nodes.count { $0.isLeaf } }

  /// Edges on the longest way from the root to a leaf.
  public var depth: Int {
    var depths = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() where !node.isLeaf {
      depths[node.left] = depths[index] + 1
      depths[node.right] = depths[index] + 1
    }
    return depths.max() ?? 0
  }

  /// Whether a value goes left at a node. `isBelow`: left is below the threshold, not at most it.
  @inline(__always)
  static func goesLeft(
    _ nodes: UnsafeBufferPointer<Node>, _ index: Int, _ given: Double, _ isBelow: Bool
  ) -> Bool {
    var value = given
    if let categories = nodes[index].categories {
      // XGBoost learns where a missing category goes; LightGBM's goes right.
      if value.isNaN { return isBelow && nodes[index].missingGoesLeft }
      guard value >= 0 && value < 0x1p31 else { return false }
      return categories.contains(Int(value))
    }
    switch nodes[index].missing {
    case .followsDefault: break
    case .isZero: value = value.isNaN ? 0 : value
    case .zeroFollowsDefault: value = value.magnitude <= 1e-35 ? .nan : value
    }
    if value.isNaN { return nodes[index].missingGoesLeft }
    return isBelow ? value < nodes[index].threshold : value <= nodes[index].threshold
  }
}
