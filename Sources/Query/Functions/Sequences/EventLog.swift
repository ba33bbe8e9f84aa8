import ColStore

/// The events of all groups of one worker, appended as they come: 16 bytes an event, no memory of a
/// group's own. `row` of an event is its group; what `step` says is the aggregate's business.
final class EventLog {
  private(set) var count = 0
  private var events: UnsafeMutablePointer<FunnelEvent>
  private var capacity: Int

  init() {
    capacity = 0
    events = .allocate(capacity: 1)
  }

  deinit { events.deallocate() }

  /// Where the next `extra` events go, which ``added(_:)`` then counts.
  func room(_ extra: Int) -> UnsafeMutablePointer<FunnelEvent> {
    if count + extra > capacity {
      // The first batch is rarely the last.
      capacity = capacity == 0 ? extra * 4 : max(capacity * 2, count + extra)
      let larger = UnsafeMutablePointer<FunnelEvent>.allocate(capacity: capacity)
      larger.update(from: events, count: count)
      events.deallocate()
      events = larger
    }
    return events + count
  }

  func added(_ extra: Int) { count += extra }

  /// Appends the events of another log, whose group g is this one's `mapping[g]`.
  func absorb(_ other: EventLog, mapping: UnsafePointer<UInt32>) {
    let place = room(other.count)
    for index in 0..<other.count {
      place[index] = other.events[index]
      place[index].row = mapping[Int(other.events[index].row)]
    }
    added(other.count)
  }

  /// Calls `body` with the events of each group that has any, in the order in which they came (or that
  /// an earlier call has left), and with the bits of all their steps together; `body` may sort them.
  ///
  /// Where it turns out that groups do not lie together, they are put together, and `body` is called for
  /// all of them from the beginning.
  func forEachGroup(
    groupCount: Int,
    _ body: (
      _ group: Int, _ events: UnsafeMutableBufferPointer<FunnelEvent>, _ steps: UInt32
    ) throws(QueryError) -> Void
  ) throws(QueryError) {
    var start = 0
    while start < count {
      let group = events[start].row
      var steps: Int32 = 0
      var end = start
      repeat {
        steps |= events[end].step
        end += 1
      } while end < count && events[end].row == group
      if end < count && events[end].row < group {
        self.group(groupCount)
        start = 0
        continue
      }
      try body(
        Int(group), UnsafeMutableBufferPointer(start: events + start, count: end - start),
        UInt32(bitPattern: steps))
      start = end
    }
  }

  /// Puts the events of a group together, in their order: a counting sort.
  private func group(_ groupCount: Int) {
    let places = StateArray<Int>()
    places.resize(to: groupCount + 1)
    let place = places.states
    for index in 0..<count { place[Int(events[index].row) + 1] += 1 }
    for group in 0..<groupCount { place[group + 1] += place[group] }
    let sorted = UnsafeMutablePointer<FunnelEvent>.allocate(capacity: capacity)
    for index in 0..<count {
      let event = events[index]
      sorted[place[Int(event.row)]] = event
      place[Int(event.row)] += 1
    }
    withExtendedLifetime(places) {}
    events.deallocate()
    events = sorted
  }
}
