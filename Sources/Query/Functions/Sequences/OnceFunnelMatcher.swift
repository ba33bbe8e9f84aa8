/// Finds how far the events of one unit go through a funnel in which a row stands for one step at most
/// (`strict_once`), though it may satisfy the conditions of several.
///
/// A row can only meet itself among rows of one time. So chains that end earlier are known by where the
/// best of each step started, as in ``FunnelMatcher``; and among the rows of one time it is a matching of
/// steps to rows that tells how far they carry such a chain. A matcher serves one thread.
final class OnceFunnelMatcher {
  private let rules: FunnelRules
  private let window: UInt64
  /// Where the best chain of each step starts: as of before the rows of this time, and with them.
  private var starts: [Int64]
  private var newStarts: [Int64]
  /// For each row of this time, the step that it stands for while a matching is looked for; 0 for none,
  /// -1 where it is not to be taken.
  private var stepOfRow: [Int] = []
  private var visited: [Int] = []
  private var visit = 0

  init(_ rules: FunnelRules) {
    self.rules = rules
    window = rules.window.map { UInt64($0) } ?? .max
    starts = Array(repeating: 0, count: rules.stepCount + 1)
    newStarts = starts
  }

  /// The level of rows sorted by time; bit k of an event's `step` says that it may stand for step k + 1.
  func level(of rows: UnsafeBufferPointer<FunnelEvent>) -> Int {
    var reached = 0
    var start = 0
    while start < rows.count {
      var end = start + 1
      var steps = UInt32(bitPattern: rows[start].step)
      var hasNoStep = steps == 0
      while end < rows.count && rows[end].time == rows[start].time {
        steps |= UInt32(bitPattern: rows[end].step)
        hasNoStep = hasNoStep || rows[end].step == 0
        end += 1
      }
      if hasNoStep && rules.order == .strict && reached > 0 { return reached }
      if !take(UnsafeBufferPointer(rebasing: rows[start..<end]), steps, &reached)
        || reached == rules.stepCount
      {
        return reached
      }
      start = end
    }
    return reached
  }

  /// Goes on with the rows of one time; false where the rules end it all.
  private func take(
    _ rows: UnsafeBufferPointer<FunnelEvent>, _ steps: UInt32, _ reached: inout Int
  ) -> Bool {
    let before = reached
    let time = rows[0].time
    while stepOfRow.count < rows.count {
      stepOfRow.append(0)
      visited.append(0)
    }
    for step in 1...rules.stepCount { newStarts[step] = starts[step] }
    for step in 1...rules.stepCount where steps >> UInt32(step - 1) & 1 == 1 {
      if step == 1 {
        newStarts[1] = time
        reached = max(reached, 1)
        continue
      }
      if step <= reached && rules.options.contains(.deduplication) { return false }
      if reached == 0 { continue }
      if step > reached + 1 {
        if rules.order == .strict && !rules.options.contains(.reentry) { return false }
        continue
      }
      if rules.options.contains(.deduplication) {
        // The first row that reaches the step is taken; one more is a repetition.
        for index in rows.indices where rows[index].step >> Int32(step - 1) & 1 == 1 {
          if step <= reached { return false }
          if let start = bestStart(rows, step, time, before, last: index) {
            newStarts[step] = start
            reached = max(reached, step)
          }
        }
      } else if let start = bestStart(rows, step, time, before, last: nil) {
        newStarts[step] = reached >= step && before >= step ? max(starts[step], start) : start
        reached = max(reached, step)
      }
      if reached == rules.stepCount { return true }
    }
    swap(&starts, &newStarts)
    return true
  }

  /// The latest start of a chain that comes to `step` with rows of this time: the shorter the chain
  /// before, the later it started.
  private func bestStart(
    _ rows: UnsafeBufferPointer<FunnelEvent>, _ step: Int, _ time: Int64, _ before: Int, last: Int?
  ) -> Int64? {
    let from = rules.options.contains(.increase) ? step - 1 : max(0, step - rows.count)
    for settled in from...max(from, step - 1) where settled <= before || settled == 0 {
      let start = settled == 0 ? time : starts[settled]
      if UInt64(bitPattern: time &- start) > window { continue }
      if matches(rows, settled + 1...step, last: last) { return start }
    }
    return nil
  }

  /// Whether the steps can stand for distinct rows, the last of them for row `last` where that is given
  /// (augmenting paths).
  private func matches(
    _ rows: UnsafeBufferPointer<FunnelEvent>, _ steps: ClosedRange<Int>, last: Int?
  ) -> Bool {
    for row in rows.indices { stepOfRow[row] = 0 }
    var open = steps
    if let last {
      stepOfRow[last] = -1
      if steps.count == 1 { return true }
      open = steps.lowerBound...steps.upperBound - 1
    }
    for step in open {
      visit += 1
      if !place(step, rows) { return false }
    }
    return true
  }

  private func place(_ step: Int, _ rows: UnsafeBufferPointer<FunnelEvent>) -> Bool {
    for row in rows.indices
    where rows[row].step >> Int32(step - 1) & 1 == 1 && stepOfRow[row] >= 0 && visited[row] != visit
    {
      visited[row] = visit
      if stepOfRow[row] == 0 || place(stepOfRow[row], rows) {
        stepOfRow[row] = step
        return true
      }
    }
    return false
  }
}
