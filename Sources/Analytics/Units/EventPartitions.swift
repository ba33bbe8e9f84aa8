import ColStore
import Query

/// Events that wait for the rest of their units: rows of words, in partitions by the unit's code.
///
///     unit  order (2 words, where it is wanted)  time (2)  price (2)  lanes
///
/// Each worker appends to its own; a partition's rows are those of all workers, in worker order.
final class EventPartitions {
  /// Which partition a unit is in.
  struct Division: Sendable {
    /// The units whose rows are kept.
    let units: Range<Int>
    /// Whether rows of other units are left for another pass.
    let isPart: Bool
    let shift: Int
    let count: Int

    /// - Parameter rows: About how many rows there will be.
    init(units: Range<Int>, isPart: Bool = false, rows: Int) {
      self.units = units
      self.isPart = isPart
      // Partitions that fit into a core's cache when they are sorted.
      let wanted = min(1024, max(1, rows / 32_768))
      var shift = 0
      while (max(1, units.count) - 1) >> shift >= wanted { shift += 1 }
      self.shift = shift
      count = ((max(1, units.count) - 1) >> shift) + 1
    }

    func first(_ partition: Int) -> Int { units.lowerBound + partition << shift }
  }

  private static let chunkWords = 1 << 12

  /// Where the next row of a partition goes, and where its last chunk ends.
  private struct Cursor {
    var next: UnsafeMutablePointer<UInt32>?
    var end: UnsafeMutablePointer<UInt32>?
  }

  let division: Division
  let width: Int
  private let hasOrder: Bool
  private let hasPrices: Bool
  private let laneCount: Int
  private let rowsPerChunk: Int
  private let cursors: UnsafeMutablePointer<Cursor>
  private var chunks: [[Buffer]]
  /// Bytes that the rows so far take.
  private(set) var byteCount = 0

  init(_ layout: EventLayout, _ division: Division, hasOrder: Bool) {
    self.division = division
    self.hasOrder = hasOrder
    hasPrices = layout.hasPrice
    laneCount = layout.laneCount
    width = EventPartitions.rowBytes(layout, hasOrder: hasOrder) / 4
    rowsPerChunk = EventPartitions.chunkWords / width
    cursors = .allocate(capacity: division.count)
    cursors.initialize(repeating: Cursor(), count: division.count)
    chunks = Array(repeating: [], count: division.count)
  }

  deinit { cursors.deallocate() }

  /// Bytes that a row takes.
  static func rowBytes(_ layout: EventLayout, hasOrder: Bool) -> Int {
    4 * (3 + (hasOrder ? 2 : 0) + (layout.hasPrice ? 2 : 0) + layout.laneCount)
  }

  /// Appends one row of `lanes`; `order` is where it comes in the store.
  @inline(__always)
  func append(_ unit: UInt32, order: UInt64, _ lanes: EventLanes, _ row: Int) {
    let partition = (Int(unit) &- division.units.lowerBound) >> division.shift
    if cursors[partition].next == cursors[partition].end { open(partition) }
    guard var word = cursors[partition].next else { return }
    cursors[partition].next = word + width
    word[0] = unit
    word += 1
    if hasOrder {
      UnsafeMutableRawPointer(word).storeBytes(of: order, as: UInt64.self)
      word += 2
    }
    UnsafeMutableRawPointer(word).storeBytes(of: lanes.times[row], as: Int64.self)
    word += 2
    if hasPrices {
      UnsafeMutableRawPointer(word).storeBytes(of: lanes.prices[row], as: Int64.self)
      word += 2
    }
    for lane in 0..<laneCount { word[lane] = lanes.codes[lane][row] }
  }

  /// Starts a new chunk.
  private func open(_ partition: Int) {
    let chunk = Buffer(UInt32.self, count: EventPartitions.chunkWords)
    chunks[partition].append(chunk)
    byteCount += chunk.byteCount
    let start = chunk.pointer(UInt32.self)
    cursors[partition] = Cursor(next: start, end: start + rowsPerChunk * width)
  }

  private func rowCount(_ partition: Int) -> Int {
    guard let next = cursors[partition].next, let end = cursors[partition].end else { return 0 }
    return chunks[partition].count * rowsPerChunk - (end - next) / width
  }

  /// Calls `body` with the words of each row of a partition, in order.
  @inline(__always)
  private func forEachRow(_ partition: Int, _ body: (UnsafePointer<UInt32>) -> Void) {
    var left = rowCount(partition)
    for chunk in chunks[partition] {
      var row = UnsafePointer(chunk.pointer(UInt32.self))
      for _ in 0..<min(left, rowsPerChunk) {
        body(row)
        row += width
      }
      left -= rowsPerChunk
    }
  }

  private func removeAll(_ partition: Int) {
    chunks[partition] = []
    cursors[partition] = Cursor()
  }

  /// The rows of one partition, put together by unit, each unit's in the order of their times.
  ///
  /// The rows of `workers` are given up.
  static func units(_ workers: [EventPartitions], partition: Int, _ sorter: UnitSorter) {
    guard let first = workers.first else { return sorter.clear() }
    let total = workers.reduce(0) { $0 + $1.rowCount(partition) }
    sorter.prepare(
      units: 1 << first.division.shift, firstUnit: first.division.first(partition), rows: total,
      hasOrder: first.hasOrder, hasPrices: first.hasPrices, laneCount: first.laneCount)
    for worker in workers {
      worker.forEachRow(partition) { sorter.count($0[0]) }
    }
    sorter.open()
    for worker in workers {
      worker.forEachRow(partition) { sorter.place($0) }
      worker.removeAll(partition)
    }
  }
}
