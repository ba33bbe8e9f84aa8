import ColStore
import Synchronization

/// Rows, time and memory of a running plan by its nodes: what EXPLAIN ANALYZE shows, and what an
/// error at the memory limit names.
///
/// Nodes open and close as the executor builds them, one inside the other. What runs meanwhile is
/// the work of the innermost: the heap is looked at then, and its growth is that node's memory.
final class PlanProfile: Sendable {
  /// The whole statement; its inputs are the plan's nodes.
  let root = OperatorProfile("RESULT")
  let clock = OperatorClock()
  /// Whether rows and time are taken too; memory alone costs nothing a batch.
  let isTimed: Bool
  private let open: Mutex<[Open]>
  private let watch = Stopwatch()
  private let nextSample = Atomic(0)
  private static let nanosecondsBetweenSamples = 5_000_000

  private struct Open {
    let node: OperatorProfile
    let heapAtBegin: Int
  }

  init(isTimed: Bool) {
    self.isTimed = isTimed
    let heap = heapBytesInUse()
    root.begin(heap: heap)
    open = Mutex([Open(node: root, heapAtBegin: heap)])
  }

  /// Runs `build` as the work of the node `headline`.
  func measure<Result>(
    _ headline: String, _ build: (OperatorProfile) throws(QueryError) -> Result
  ) throws(QueryError) -> Result {
    let node = OperatorProfile(headline)
    let heap = heapBytesInUse()
    node.begin(heap: heap)
    open.withLock { open in
      open[open.count - 1].node.add(node)
      open.append(Open(node: node, heapAtBegin: heap))
    }
    let before = isTimed ? clock.hand(to: node) : nil
    let result = try build(node)
    if isTimed { clock.hand(to: before) }
    let heapNow = heapBytesInUse()
    open.withLock { open in
      let closed = open.removeLast()
      closed.node.sample(heap: heapNow)
      open[open.count - 1].node.setAside(inputBytes: max(0, heapNow - closed.heapAtBegin))
    }
    return result
  }

  /// Looks at the heap behind a batch, unless that was done a moment ago: the look may take as long
  /// as the batch.
  func sampleNowAndThen() {
    let now = watch.nanoseconds
    let due = nextSample.load(ordering: .relaxed)
    guard now >= due,
      nextSample.compareExchange(
        expected: due, desired: now + Self.nanosecondsBetweenSamples, ordering: .relaxed
      ).exchanged
    else { return }
    sample()
  }

  /// Looks at the heap, for the innermost open node.
  func sample() {
    let heap = heapBytesInUse()
    open.withLock { $0[$0.count - 1].node.sample(heap: heap) }
  }

  /// The nodes that hold the most memory, for example `SORT price ASC (412 MB)`.
  var holders: String {
    sample()
    var found: [OperatorProfile] = []
    func visit(_ node: OperatorProfile) {
      found.append(node)
      for input in node.inputs { visit(input) }
    }
    visit(root)
    return found.filter { $0.heldBytes >= 1 << 20 }.sorted { $0.heldBytes > $1.heldBytes }
      .prefix(3).map { "\(Self.shortened($0.headline)) (\($0.heldBytes >> 20) MiB)" }
      .joined(separator: ", ")
  }

  private static func shortened(_ headline: String) -> String {
    headline.count <= 60 ? headline : headline.prefix(57) + "…"
  }
}
