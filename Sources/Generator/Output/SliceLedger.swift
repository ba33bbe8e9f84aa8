/// What has been made so far: which slices, and the events that wait for the slice they fall into.
///
/// Slices are made in any order but booked in theirs, so that the events waiting for a slice, and
/// their order, do not depend on the threads.
struct SliceLedger {
  private let plan: SlicePlan
  /// Events that wait, by slice.
  private var waiting: [Int: [Event]] = [:]
  /// Later events of slices that are made but not booked yet.
  private var unbooked: [Int: [Event]] = [:]
  /// All slices before it are booked.
  private(set) var booked = 0
  /// All slices before it are written.
  var written = 0
  var rowsWritten = 0
  var hasFailed = false
  /// Events of November that may still come from sessions of October.
  private var crossingsLeft: Int
  private var crossings = 0

  init(_ plan: SlicePlan) {
    self.plan = plan
    crossingsLeft = plan.rows - plan.octoberRows - plan.fixedNovemberRows
  }

  /// How many events the sessions of `slice` make; of the last slice known when all are booked.
  func quota(of slice: Slice) -> Int {
    slice.quota ?? plan.rows - plan.octoberRows - plan.fixedNovemberRows - crossings
  }

  /// Books the `later` events of a slice that has been made.
  mutating func enter(_ later: [Event], of slice: Int) {
    unbooked[slice] = later
    while let events = unbooked.removeValue(forKey: booked) {
      for event in events {
        let isCrossing = booked < plan.octoberSlices && event.time >= Calendar.octoberEnd
        if isCrossing {
          guard crossingsLeft > 0 else { continue }
          crossingsLeft -= 1
          crossings += 1
        }
        waiting[plan.slice(of: Int(event.time), after: booked + 1), default: []].append(event)
      }
      booked += 1
    }
  }

  /// The events that wait for `slice`; all slices before it are booked.
  mutating func takeEvents(for slice: Int) -> [Event] { waiting.removeValue(forKey: slice) ?? [] }
}
