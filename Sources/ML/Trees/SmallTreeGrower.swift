import ColStore
import Glibc

/// Grows all that is below a node of few rows, depth first, on one thread.
///
/// The histogram is zero between nodes; of the few codes that a small node has, a bit map is kept,
/// so that its cost is that of its rows, not of all bins.
final class SmallTreeGrower {
  private let rows: BinnedRows
  private let finder: SplitFinder
  private let histogram: Buffer
  /// 256 bits a feature.
  private let occupied: Buffer
  private let list: Buffer
  private let scratch: Buffer
  private let bins = Buffer(UInt8.self, count: BinBorders.codesMax + 1)
  private let table = Buffer(UInt8.self, count: BinBorders.codesMax)

  private struct Task {
    var node: Int
    var depth: Int
    var seed: UInt64
    var facts: SplitFinder.NodeFacts
    var first: Int
    var count: Int
  }

  init(rows: BinnedRows, finder: SplitFinder) {
    self.rows = rows
    self.finder = finder
    histogram = Buffer(GradientPair.self, count: rows.featureCount * BinBorders.codesMax)
    histogram.zero()
    occupied = Buffer(UInt64.self, count: rows.featureCount * 4)
    occupied.zero()
    list = Buffer(UInt32.self, count: TreeGrower.smallRows)
    scratch = Buffer(UInt32.self, count: TreeGrower.smallRows)
  }

  /// The nodes of the subtree, its root first.
  func grow(
    _ open: TreeGrower.Open, value: Double, list all: UnsafePointer<UInt32>,
    input: TreeGrower.Input, onLeaf: TreeGrower.LeafVisitor
  ) -> [GrownTree.Node] {
    let list = list.pointer(UInt32.self)
    var count = 0
    for segment in open.segments {
      memcpy(list + count, all + segment.lowerBound, segment.count * 4)
      count += segment.count
    }
    var nodes = [
      GrownTree.Node(sums: open.facts.sums, rowCount: open.facts.rowCount, value: value)
    ]
    var tasks = [
      Task(
        node: 0, depth: open.depth, seed: open.seed, facts: open.facts, first: 0, count: count)
    ]
    while let task = tasks.popLast() {
      let split = split(task, input)
      guard finder.isWorthwhile(split) else {
        onLeaf(list + task.first, task.count, nodes[task.node].value)
        continue
      }
      split.route(rows.borders[split.feature], into: table.pointer(UInt8.self))
      let left = HistogramKernels.part(
        list + task.first, task.count, codes: rows.codes + split.feature, stride: rows.stride,
        table: table.pointer(UInt8.self), scratch: scratch.pointer(UInt32.self))
      let facts = finder.childFacts(task.facts, split, leftRows: left)
      let at = nodes.count
      nodes.append(
        GrownTree.Node(sums: facts.left.sums, rowCount: left, value: split.leftValue))
      nodes.append(
        GrownTree.Node(
          sums: facts.right.sums, rowCount: task.count - left, value: split.rightValue))
      nodes[task.node].split = split
      nodes[task.node].left = at
      nodes[task.node].right = at + 1
      tasks.append(
        Task(
          node: at + 1, depth: task.depth + 1, seed: SplitMix64.mix(task.seed ^ 2),
          facts: facts.right, first: task.first + left, count: task.count - left))
      tasks.append(
        Task(
          node: at, depth: task.depth + 1, seed: SplitMix64.mix(task.seed ^ 1),
          facts: facts.left, first: task.first, count: left))
    }
    return nodes
  }

  private func split(_ task: Task, _ input: TreeGrower.Input) -> SplitCandidate {
    if let depthMax = finder.rule.depthMax, task.depth >= depthMax { return SplitCandidate() }
    guard task.count > 1, finder.mayBeSplit(task.facts) else { return SplitCandidate() }
    let sums = histogram.pointer(GradientPair.self)
    let marks = occupied.pointer(UInt64.self)
    add(task, input, sums, marks)
    defer { clear(sums, marks) }
    let bins = bins.pointer(UInt8.self)
    return finder.best(
      task.facts, features: input.features, seed: task.seed, borders: rows.borders
    ) { feature in
      let count = list(marks + feature * 4, rows.borders[feature], into: bins)
      return (
        UnsafePointer(sums + feature * BinBorders.codesMax),
        UnsafeBufferPointer(start: bins, count: count)
      )
    }
  }

  private func add(
    _ task: Task, _ input: TreeGrower.Input, _ sums: UnsafeMutablePointer<GradientPair>,
    _ marks: UnsafeMutablePointer<UInt64>
  ) {
    let list = list.pointer(UInt32.self) + task.first
    let codes = rows.codes
    let stride = rows.stride
    let featureCount = rows.featureCount
    let gradients = input.gradients
    var place = 0
    while place < task.count {
      let row = Int(list[place])
      let pair = gradients[row]
      let start = codes + row &* stride
      var feature = 0
      while feature < featureCount {
        let code = Int(start[feature])
        sums[feature &* 256 &+ code] &+= pair
        marks[feature &* 4 &+ code >> 6] |= 1 &<< UInt64(truncatingIfNeeded: code & 63)
        feature &+= 1
      }
      place &+= 1
    }
  }

  /// The marked bins, ascending, the missing code left out.
  private func list(
    _ marks: UnsafePointer<UInt64>, _ borders: BinBorders, into bins: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var count = 0
    for word in 0..<4 {
      var bits = marks[word]
      while bits != 0 {
        let bin = word &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        if bin < borders.binCount {
          bins[count] = UInt8(truncatingIfNeeded: bin)
          count &+= 1
        }
      }
    }
    return count
  }

  private func clear(
    _ sums: UnsafeMutablePointer<GradientPair>, _ marks: UnsafeMutablePointer<UInt64>
  ) {
    for word in 0..<rows.featureCount * 4 {
      var bits = marks[word]
      while bits != 0 {
        sums[word &* 64 &+ bits.trailingZeroBitCount] = .zero
        bits &= bits &- 1
      }
      marks[word] = 0
    }
  }
}
