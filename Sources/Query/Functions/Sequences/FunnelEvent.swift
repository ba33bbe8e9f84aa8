/// An event of one unit (a session, a user) as a funnel sees it. A row of several steps is an event of
/// each.
package struct FunnelEvent: Sendable {
  /// An event that must not happen between two steps.
  package static let exclusion: Int32 = -1
  /// An event of no step; only ``FunnelRules/Order/strict`` asks for these.
  package static let noStep: Int32 = 0

  /// Microseconds, or whatever ``FunnelRules/window`` is in.
  package var time: Int64
  /// 1, 2, … for a step, or ``exclusion`` or ``noStep``.
  package var step: Int32
  /// The caller's own number of the row that the event is of.
  package var row: UInt32

  package init(time: Int64, step: Int32, row: UInt32 = 0) {
    self.time = time
    self.step = step
    self.row = row
  }

  /// By time; at equal times exclusions and events of no step first, then step by step; then by row.
  @inline(__always)
  package static func precedes(_ left: FunnelEvent, _ right: FunnelEvent) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.step != right.step { return left.step < right.step }
    return left.row < right.row
  }

  /// Puts the events of a unit into the order that ``FunnelMatcher`` takes; cheap where they are in it
  /// already, or nearly.
  package static func sort(_ events: UnsafeMutableBufferPointer<FunnelEvent>) {
    sort(events) { precedes($0, $1) }
  }

  /// Orders by time alone; events of one time stay as they are.
  static func sortByTime(_ events: UnsafeMutableBufferPointer<FunnelEvent>) {
    sort(events) { $0.time < $1.time }
  }

  /// Insertion sort, unless that moves too much.
  @inline(__always)
  private static func sort(
    _ events: UnsafeMutableBufferPointer<FunnelEvent>,
    by precedes: (FunnelEvent, FunnelEvent) -> Bool
  ) {
    guard let base = events.baseAddress else { return }
    var moves = 0
    let movesMax = 16 * events.count
    var index = 1
    while index < events.count {
      if precedes(base[index], base[index - 1]) {
        let event = base[index]
        var place = index
        repeat {
          base[place] = base[place - 1]
          place -= 1
        } while place > 0 && precedes(event, base[place - 1])
        base[place] = event
        moves += index - place
        if moves > movesMax {
          var all = events
          return all.sort(by: precedes)
        }
      }
      index += 1
    }
  }
}
