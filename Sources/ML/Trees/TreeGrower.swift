import ColStore
import Synchronization

/// Grows one tree from binned rows and their derivatives.
///
///     1  every worker lists the rows of its share of the data; the root's histogram is summed up
///     2  nodes are split in batches: level by level, or always the one leaf that gains most;
///        each worker parts its own rows of them and sums up the histogram of the lighter child,
///        and the other child's is what is left of the parent's
///     3  a node of few rows is no longer worth a share of everybody: one worker grows all that is
///        below it (level-wise growth only)
///
/// Sums are exact, so the tree does not depend on the number of workers.
final class TreeGrower {
  let rows: BinnedRows
  let finder: SplitFinder
  private let team: WorkerTeam
  private let pool: HistogramPool
  private let list: Buffer
  private let scratch: Buffer
  private var small: [SmallTreeGrower] = []
  /// Nodes of fewer rows are grown by one worker.
  static let smallRows = 1024

  private var rule: SplitRule { finder.rule }
  private var isBestFirst: Bool { rule.leavesMax != nil }

  /// A node that may be split further.
  struct Open {
    var node: Int
    var depth: Int
    var seed: UInt64
    var facts: SplitFinder.NodeFacts
    /// Each worker's rows of the node: places in the list.
    var segments: [Range<Int>]
    var histogram = -1
    var split = SplitCandidate()

    var listed: Int { segments.reduce(0) { $0 + $1.count } }
  }

  /// What a tree is grown from.
  struct Input {
    let gradients: UnsafePointer<GradientPair>
    /// How many rows of the data each row stands for; nil: 1.
    var rowCounts: UnsafePointer<UInt32>?
    /// Whether rows without derivatives are not in the sample, and are left out.
    var isSampled = false
    var features: [Int]
    var seed: UInt64
  }

  /// Takes rows, their number, and the value of the leaf in which they are; called by many threads.
  typealias LeafVisitor = (UnsafePointer<UInt32>, Int, Double) -> Void

  init(rows: BinnedRows, finder: SplitFinder, team: WorkerTeam) {
    self.rows = rows
    self.finder = finder
    self.team = team
    pool = HistogramPool(featureCount: rows.featureCount)
    list = Buffer(UInt32.self, count: rows.count)
    scratch = Buffer(UInt32.self, count: rows.count)
    small = (0..<team.workers).map { _ in SmallTreeGrower(rows: rows, finder: finder) }
  }

  func grow(_ input: Input, onLeaf: LeafVisitor) -> GrownTree {
    var tree = GrownTree()
    var open = [root(input, &tree)]
    var smallTasks: [Open] = []
    var leaves: [Open] = []
    while !open.isEmpty {
      let batch = nextBatch(&open, tree, &leaves)
      if batch.isEmpty { break }
      for child in split(batch, input, &tree) {
        if child.histogram < 0 && mayBeSplit(child) {
          smallTasks.append(child)
        } else {
          open.append(child)
        }
      }
    }
    leaves += open
    for leaf in leaves { pool.give(leaf.histogram) }
    finishSmall(smallTasks, input, &tree, onLeaf)
    let nodes = tree.nodes
    team.run { worker in
      for leaf in leaves {
        let segment = leaf.segments[worker]
        if segment.isEmpty { continue }
        let rows = UnsafePointer(list.pointer(UInt32.self) + segment.lowerBound)
        onLeaf(rows, segment.count, nodes[leaf.node].value)
      }
    }
    return tree
  }

  /// Takes the nodes that are split next from `open`, and the leaves out of it.
  private func nextBatch(
    _ open: inout [Open], _ tree: GrownTree, _ leaves: inout [Open]
  ) -> [Open] {
    var worthwhile: [Open] = []
    for node in open {
      if finder.isWorthwhile(node.split) {
        worthwhile.append(node)
      } else {
        leaves.append(node)
      }
    }
    open = []
    guard let leavesMax = rule.leavesMax else { return worthwhile }
    guard leaves.count + worthwhile.count < leavesMax,
      var best = worthwhile.indices.first
    else {
      leaves += worthwhile
      return []
    }
    for place in worthwhile.indices where worthwhile[place].split.gain > worthwhile[best].split.gain
    {
      best = place
    }
    let chosen = worthwhile.remove(at: best)
    open = worthwhile
    return [chosen]
  }

  // MARK: The root

  private func root(_ input: Input, _ tree: inout GrownTree) -> Open {
    let workers = team.workers
    let all = list.pointer(UInt32.self)
    let slots = (0..<workers).map { _ in pool.take() }
    let found = Mutex(
      [(segment: Range<Int>, sums: GradientPair, rows: Int)](
        repeating: (0..<0, .zero, 0), count: workers))
    team.run { worker in
      let first = rows.count * worker / workers
      let end = rows.count * (worker + 1) / workers
      var count = 0
      if input.isSampled {
        for row in first..<end where input.gradients[row] != .zero {
          all[first + count] = UInt32(truncatingIfNeeded: row)
          count += 1
        }
      } else {
        count = end - first
        for row in first..<end { all[row] = UInt32(truncatingIfNeeded: row) }
      }
      let mine = all + first
      let histogram = pool.pointer(slots[worker])
      histogram.initialize(repeating: .zero, count: pool.length)
      accumulate(mine, count, input, histogram)
      let sums = HistogramKernels.sum(mine, count, input.gradients)
      let rowCount = countRows(mine, count, input)
      found.withLock { $0[worker] = (first..<first + count, sums, rowCount) }
    }
    let parts = found.withLock { $0 }
    let facts = SplitFinder.NodeFacts(
      sums: parts.reduce(.zero) { $0 &+ $1.sums }, rowCount: parts.reduce(0) { $0 + $1.rows })
    tree.nodes.append(
      GrownTree.Node(
        sums: facts.sums, rowCount: facts.rowCount, value: finder.bounded(facts.sums, facts)))
    var open = Open(
      node: 0, depth: 0, seed: input.seed, facts: facts, segments: parts.map(\.segment),
      histogram: slots[0])
    for slot in slots.dropFirst() {
      HistogramKernels.add(pool.pointer(slot), pool.length, to: pool.pointer(slots[0]))
      pool.give(slot)
    }
    if mayBeSplit(open) { findSplit(&open, input) }
    return open
  }

  private func countRows(
    _ list: UnsafePointer<UInt32>, _ count: Int, _ input: Input
  ) -> Int {
    // Only LightGBM's rule and file need counts.
    rule.flavour == .lightgbm ? HistogramKernels.count(list, count, input.rowCounts) : count
  }

  private func accumulate(
    _ list: UnsafePointer<UInt32>, _ count: Int, _ input: Input,
    _ histogram: UnsafeMutablePointer<GradientPair>
  ) {
    HistogramKernels.add(
      list, count, of: rows, gradients: input.gradients, to: histogram)
  }

  /// Whether depth and weight leave room for a split.
  private func mayBeSplit(_ node: Open) -> Bool {
    if let depthMax = rule.depthMax, node.depth >= depthMax { return false }
    return finder.mayBeSplit(node.facts)
  }

  private func findSplit(_ node: inout Open, _ input: Input) {
    let histogram = UnsafePointer(pool.pointer(node.histogram))
    let facts = node.facts
    let seed = node.seed
    node.split = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: BinBorders.codesMax + 1) {
      bins in
      finder.best(facts, features: input.features, seed: seed, borders: rows.borders) { feature in
        let sums = histogram + feature * BinBorders.codesMax
        guard let start = bins.baseAddress else { preconditionFailure("there is room for bins") }
        let count = HistogramKernels.occupied(sums, rows.borders[feature].binCount, into: start)
        return (sums, UnsafeBufferPointer(start: start, count: count))
      }
    }
  }

  // MARK: Splitting

  /// The two children of a node that is being split.
  private struct Pair {
    var left: Open
    var right: Open
    var buildsLeft: Bool
    /// A histogram for each worker; empty where the children need none.
    var slots: [Int] = []
  }

  private func split(_ batch: [Open], _ input: Input, _ tree: inout GrownTree) -> [Open] {
    let workers = team.workers
    let all = list.pointer(UInt32.self)
    let spare = scratch.pointer(UInt32.self)
    let lefts = Buffer(Int.self, count: batch.count * workers)
    let rowCounts = Buffer(Int.self, count: batch.count * workers)
    team.run { worker in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: BinBorders.codesMax) { table in
        guard let table = table.baseAddress else { return }
        for (place, node) in batch.enumerated() {
          node.split.route(rows.borders[node.split.feature], into: table)
          let segment = node.segments[worker]
          let mine = all + segment.lowerBound
          let left = HistogramKernels.part(
            mine, segment.count, codes: rows.codes + node.split.feature, stride: rows.stride,
            table: table, scratch: spare + segment.lowerBound)
          lefts.pointer(Int.self)[place * workers + worker] = left
          rowCounts.pointer(Int.self)[place * workers + worker] = countRows(mine, left, input)
        }
      }
    }
    var pairs = batch.enumerated().map { place, node in
      let left = (0..<workers).map { lefts.pointer(Int.self)[place * workers + $0] }
      let rows = (0..<workers).reduce(0) {
        $0 + rowCounts.pointer(Int.self)[place * workers + $1]
      }
      return pair(node, left, rows, &tree)
    }
    buildHistograms(&pairs, input)
    return pairs.flatMap { [$0.left, $0.right] }
  }

  private func pair(
    _ parent: Open, _ left: [Int], _ leftRows: Int, _ tree: inout GrownTree
  ) -> Pair {
    let facts = finder.childFacts(parent.facts, parent.split, leftRows: leftRows)
    let leftNode = tree.nodes.count
    let split = parent.split
    tree.nodes.append(
      GrownTree.Node(
        sums: facts.left.sums, rowCount: facts.left.rowCount, value: split.leftValue))
    tree.nodes.append(
      GrownTree.Node(
        sums: facts.right.sums, rowCount: facts.right.rowCount, value: split.rightValue))
    tree.nodes[parent.node].split = split
    tree.nodes[parent.node].left = leftNode
    tree.nodes[parent.node].right = leftNode + 1
    var pair = Pair(
      left: Open(
        node: leftNode, depth: parent.depth + 1, seed: SplitMix64.mix(parent.seed ^ 1),
        facts: facts.left,
        segments: zip(parent.segments, left).map { $0.lowerBound..<$0.lowerBound + $1 }),
      right: Open(
        node: leftNode + 1, depth: parent.depth + 1, seed: SplitMix64.mix(parent.seed ^ 2),
        facts: facts.right,
        segments: zip(parent.segments, left).map { $0.lowerBound + $1..<$0.upperBound }),
      buildsLeft: true)
    // The sizes of the lists decide, which do not change the sums.
    pair.buildsLeft = pair.left.listed <= pair.right.listed
    let needs = [pair.left, pair.right].contains { needsHistogram($0) }
    if needs {
      pair.slots = team.workers == 1 ? [pool.take()] : (0..<team.workers).map { _ in pool.take() }
      // The sibling's is made in the parent's place.
      if pair.buildsLeft {
        (pair.left.histogram, pair.right.histogram) = (pair.slots[0], parent.histogram)
      } else {
        (pair.left.histogram, pair.right.histogram) = (parent.histogram, pair.slots[0])
      }
    } else {
      pool.give(parent.histogram)
    }
    return pair
  }

  private func needsHistogram(_ node: Open) -> Bool {
    mayBeSplit(node) && (isBestFirst || node.listed >= Self.smallRows)
  }

  private func buildHistograms(_ pairs: inout [Pair], _ input: Input) {
    let building = pairs.indices.filter { !pairs[$0].slots.isEmpty }
    guard !building.isEmpty else { return }
    let all = list.pointer(UInt32.self)
    let codes = pool.length
    let known = pairs
    team.run { worker in
      for place in building {
        let pair = known[place]
        let node = pair.buildsLeft ? pair.left : pair.right
        let histogram = pool.pointer(pair.slots[worker])
        histogram.initialize(repeating: .zero, count: codes)
        let segment = node.segments[worker]
        accumulate(all + segment.lowerBound, segment.count, input, histogram)
      }
    }
    let work = WorkCounter(count: building.count)
    let found = Mutex([Int: Pair]())
    team.run { _ in
      while let ticket = work.next() {
        var pair = known[building[ticket]]
        let built = pool.pointer(pair.slots[0])
        for slot in pair.slots.dropFirst() {
          HistogramKernels.add(pool.pointer(slot), codes, to: built)
        }
        let sibling = pair.buildsLeft ? pair.right : pair.left
        HistogramKernels.subtract(built, codes, from: pool.pointer(sibling.histogram))
        if needsHistogram(pair.left) { findSplit(&pair.left, input) }
        if needsHistogram(pair.right) { findSplit(&pair.right, input) }
        found.withLock { $0[building[ticket]] = pair }
      }
    }
    let results = found.withLock { $0 }
    for place in building {
      guard var pair = results[place] else { continue }
      for slot in pair.slots.dropFirst() { pool.give(slot) }
      if !needsHistogram(pair.left) {
        pool.give(pair.left.histogram)
        pair.left.histogram = -1
      }
      if !needsHistogram(pair.right) {
        pool.give(pair.right.histogram)
        pair.right.histogram = -1
      }
      pairs[place] = pair
    }
  }

  // MARK: Nodes of few rows

  private func finishSmall(
    _ tasks: [Open], _ input: Input, _ tree: inout GrownTree, _ onLeaf: LeafVisitor
  ) {
    guard !tasks.isEmpty else { return }
    let work = WorkCounter(count: tasks.count)
    let grown = Mutex([Int: [GrownTree.Node]]())
    let all = list.pointer(UInt32.self)
    let facts = tree.nodes
    team.run { worker in
      while let ticket = work.next() {
        let task = tasks[ticket]
        let nodes = small[worker].grow(
          task, value: facts[task.node].value, list: all, input: input, onLeaf: onLeaf)
        grown.withLock { $0[ticket] = nodes }
      }
    }
    let results = grown.withLock { $0 }
    for (ticket, task) in tasks.enumerated() {
      guard let nodes = results[ticket], nodes.count > 1 else { continue }
      // Node 0 of the small tree is the task's; the others follow behind all so far.
      let offset = tree.nodes.count - 1
      for (place, var node) in nodes.enumerated() {
        if !node.isLeaf {
          node.left += offset
          node.right += offset
        }
        if place == 0 { tree.nodes[task.node] = node } else { tree.nodes.append(node) }
      }
    }
  }
}
