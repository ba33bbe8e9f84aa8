import ColStore
import Query

/// Puts the rows of one partition in order: a counting sort by unit, then each unit by time.
final class UnitSorter {
  private var starts: [UInt32] = []
  private var firstUnit = 0
  private var rowCount = 0
  private var hasOrder = false
  private let layout: EventLayout
  private var hasPrices = false
  private var laneCount = 0
  private var words: [Buffer] = []
  private var orders = Buffer(byteCount: 0)
  private var times = Buffer(byteCount: 0)
  private var prices = Buffer(byteCount: 0)
  private var codes: [Buffer] = []
  private var capacity = 0
  private let lanePointers: UnsafeMutablePointer<UnsafePointer<UInt32>>
  private let sorted: EventBuffer
  private let numbers = GrowingOrder()

  init(_ layout: EventLayout) {
    self.layout = layout
    lanePointers = .allocate(capacity: max(1, layout.laneCount))
    sorted = EventBuffer(layout)
  }

  deinit { lanePointers.deallocate() }

  func clear() {
    starts = []
    rowCount = 0
  }

  func prepare(
    units: Int, firstUnit: Int, rows: Int, hasOrder: Bool, hasPrices: Bool, laneCount: Int
  ) {
    self.firstUnit = firstUnit
    self.hasOrder = hasOrder
    self.hasPrices = hasPrices
    self.laneCount = laneCount
    rowCount = rows
    starts = Array(repeating: 0, count: units + 2)
    // Lanes have memory, even where there is no row.
    guard rows >= capacity else { return }
    capacity = rows + rows / 4 + 1
    times = Buffer(Int64.self, count: capacity)
    if hasOrder { orders = Buffer(UInt64.self, count: capacity) }
    if hasPrices { prices = Buffer(Int64.self, count: capacity) }
    codes = (0..<laneCount).map { _ in Buffer(UInt32.self, count: capacity) }
  }

  @inline(__always)
  func count(_ unit: UInt32) { starts[Int(unit) - firstUnit + 2] += 1 }

  func open() {
    for unit in 1..<starts.count { starts[unit] += starts[unit - 1] }
    for lane in 0..<laneCount {
      (lanePointers + lane).initialize(to: UnsafePointer(codes[lane].pointer(UInt32.self)))
    }
  }

  @inline(__always)
  func place(_ row: UnsafePointer<UInt32>) {
    let unit = Int(row[0]) - firstUnit + 1
    let place = Int(starts[unit])
    starts[unit] += 1
    var word = row + 1
    if hasOrder {
      orders.pointer(UInt64.self)[place] =
        UnsafeRawPointer(word).loadUnaligned(as: UInt64.self)
      word += 2
    }
    times.pointer(Int64.self)[place] = UnsafeRawPointer(word).loadUnaligned(as: Int64.self)
    word += 2
    if hasPrices {
      prices.pointer(Int64.self)[place] = UnsafeRawPointer(word).loadUnaligned(as: Int64.self)
      word += 2
    }
    for lane in 0..<laneCount {
      UnsafeMutablePointer(mutating: lanePointers[lane])[place] = word[lane]
    }
  }

  /// Calls `body` for each unit with its code, where its first row is in the store, and its events.
  func forEachUnit(
    _ body: (UInt32, UInt64, EventLanes, Range<Int>) throws(QueryError) -> Void
  ) throws(QueryError) {
    let timePointer = UnsafePointer(times.pointer(Int64.self))
    let lanes = EventLanes(
      count: rowCount, times: timePointer,
      prices: hasPrices ? UnsafePointer(prices.pointer(Int64.self)) : timePointer,
      codes: UnsafePointer(lanePointers))
    var start = 0
    for unit in 0..<max(0, starts.count - 2) {
      let end = Int(starts[unit + 1])
      defer { start = end }
      guard end > start else { continue }
      let code = UInt32(firstUnit + unit)
      let (place, isInOrder) = place(of: start..<end)
      if isInOrder && lanes.isSorted(start..<end) {
        try body(code, place, lanes, start..<end)
        continue
      }
      let count = end - start
      sorted.removeAll()
      let rowOrder = numbers.room(count)
      lanes.sort(
        start..<end, by: isInOrder ? nil : UnsafePointer(orders.pointer(UInt64.self)),
        into: rowOrder)
      sorted.append(lanes, ordered: UnsafeBufferPointer(start: rowOrder, count: count))
      try body(code, place, sorted.lanes, 0..<count)
    }
  }

  /// Where the first of some rows is in the store, and whether they have the store's order.
  private func place(of rows: Range<Int>) -> (UInt64, isInOrder: Bool) {
    guard hasOrder else { return (0, true) }
    let orders = orders.pointer(UInt64.self)
    var first = orders[rows.lowerBound]
    var isInOrder = true
    for row in rows.dropFirst() {
      first = min(first, orders[row])
      if orders[row] < orders[row - 1] { isInOrder = false }
    }
    return (first, isInOrder)
  }
}
