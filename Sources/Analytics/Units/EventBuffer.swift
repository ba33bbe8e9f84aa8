import ColStore

/// Events that are kept for a while: lanes that grow.
final class EventBuffer {
  private let laneCount: Int
  private let hasPrices: Bool
  private var capacity = 0
  private(set) var count = 0
  private var times = Buffer(byteCount: 0)
  private var prices = Buffer(byteCount: 0)
  private var codes: [Buffer]
  private let lanePointers: UnsafeMutablePointer<UnsafePointer<UInt32>>

  init(_ layout: EventLayout) {
    laneCount = layout.laneCount
    hasPrices = layout.hasPrice
    codes = (0..<layout.laneCount).map { _ in Buffer(byteCount: 0) }
    lanePointers = .allocate(capacity: max(1, layout.laneCount))
  }

  deinit { lanePointers.deallocate() }

  /// The events; valid until more are added.
  var lanes: EventLanes {
    let times = UnsafePointer(times.pointer(Int64.self))
    for lane in 0..<laneCount {
      (lanePointers + lane).initialize(to: UnsafePointer(codes[lane].pointer(UInt32.self)))
    }
    return EventLanes(
      count: count, times: times,
      prices: hasPrices ? UnsafePointer(prices.pointer(Int64.self)) : times,
      codes: UnsafePointer(lanePointers))
  }

  func removeAll() { count = 0 }

  /// Room for `wanted` events in all.
  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let room = max(wanted, capacity * 2, 64)
    func grown<Element: BitwiseCopyable>(_ old: Buffer, _ type: Element.Type) -> Buffer {
      let fresh = Buffer(Element.self, count: room)
      fresh.pointer(Element.self).update(from: old.pointer(Element.self), count: count)
      return fresh
    }
    times = grown(times, Int64.self)
    if hasPrices { prices = grown(prices, Int64.self) }
    for lane in 0..<laneCount { codes[lane] = grown(codes[lane], UInt32.self) }
    capacity = room
  }

  /// Appends the events of `rows` that `kept` has a 1 for; nil: all.
  func append(_ other: EventLanes, _ rows: Range<Int>, kept: UnsafePointer<UInt8>?) {
    reserve(count + rows.count)
    guard let kept else {
      (times.pointer(Int64.self) + count).update(
        from: other.times + rows.lowerBound, count: rows.count)
      if hasPrices {
        (prices.pointer(Int64.self) + count)
          .update(from: other.prices + rows.lowerBound, count: rows.count)
      }
      for lane in 0..<laneCount {
        (codes[lane].pointer(UInt32.self) + count)
          .update(from: other.codes[lane] + rows.lowerBound, count: rows.count)
      }
      count += rows.count
      return
    }
    for row in rows where kept[row] != 0 { appendRow(other, row) }
  }

  @inline(__always)
  private func appendRow(_ other: EventLanes, _ row: Int) {
    times.pointer(Int64.self)[count] = other.times[row]
    if hasPrices { prices.pointer(Int64.self)[count] = other.prices[row] }
    for lane in 0..<laneCount {
      codes[lane].pointer(UInt32.self)[count] = other.codes[lane][row]
    }
    count += 1
  }

  /// Appends rows `order[0]`, `order[1]`, … of `other`.
  func append(_ other: EventLanes, ordered order: UnsafeBufferPointer<UInt32>) {
    reserve(count + order.count)
    for row in order { appendRow(other, Int(row)) }
  }
}

extension EventLanes {
  /// Whether the events of `rows` are in the order of their times.
  func isSorted(_ rows: Range<Int>) -> Bool {
    var row = rows.lowerBound + 1
    while row < rows.upperBound {
      if times[row] < times[row - 1] { return false }
      row += 1
    }
    return true
  }

  /// Writes the rows of `rows` in the order of their times to `order`; equal times keep their order.
  ///
  /// - Parameter places: Of each row, what its order among those of equal times is, where that is not
  ///   the order that they have.
  func sort(
    _ rows: Range<Int>, by places: UnsafePointer<UInt64>? = nil,
    into order: UnsafeMutablePointer<UInt32>
  ) {
    let count = rows.count
    for index in 0..<count { order[index] = UInt32(truncatingIfNeeded: rows.lowerBound + index) }
    if count <= 64 && places == nil {
      var index = 1
      while index < count {
        let row = order[index]
        let time = times[Int(row)]
        var place = index
        while place > 0 && times[Int(order[place - 1])] > time {
          order[place] = order[place - 1]
          place -= 1
        }
        order[place] = row
        index += 1
      }
      return
    }
    let times = times
    var rowNumbers = UnsafeMutableBufferPointer(start: order, count: count)
    rowNumbers.sort { left, right in
      let (first, second) = (times[Int(left)], times[Int(right)])
      if first != second { return first < second }
      if let places, places[Int(left)] != places[Int(right)] {
        return places[Int(left)] < places[Int(right)]
      }
      return left < right
    }
  }
}
