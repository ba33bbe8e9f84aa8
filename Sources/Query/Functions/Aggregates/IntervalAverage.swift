import ColStore

/// avg(INTERVAL): each part by itself. What is left of months goes to days, 30 a month, and of days to
/// time; microseconds that cannot be shared out are added as they are, as in DuckDB.
final class IntervalAverage: Accumulator {
  private struct State: BitwiseCopyable {
    var months: Int64
    var days: Int64
    var microseconds: Int128
    var count: Int64
  }

  private let states = StateArray<State>()

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.states
    forEachValue(arguments[0], Interval.self, count: count) { row, interval in
      let group = Int(groups[row])
      states[group].months &+= Int64(interval.months)
      states[group].days &+= Int64(interval.days)
      states[group].microseconds &+= Int128(interval.microseconds)
      states[group].count &+= 1
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? IntervalAverage else { return }
    for group in 0..<count {
      let (theirs, place) = (other.states[group], Int(mapping[group]))
      states.states[place].months &+= theirs.months
      states.states[place].days &+= theirs.days
      states.states[place].microseconds &+= theirs.microseconds
      states.states[place].count &+= theirs.count
    }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Interval>(count: count)
    for group in 0..<count {
      if let average = average(states[group]) {
        output[group] = average
      } else {
        output.setNull(group, filler: Interval())
      }
    }
    return output.finish(.interval)
  }

  private func average(_ state: State) -> Interval? {
    if state.count == 0 { return nil }
    let (months, restOfMonths) = state.months.quotientAndRemainder(dividingBy: state.count)
    let (monthDays, restOfMonthDays) = (restOfMonths * 30).quotientAndRemainder(
      dividingBy: state.count)
    let (days, restOfDays) = state.days.quotientAndRemainder(dividingBy: state.count)
    let restDays = Int128(restOfMonthDays + restOfDays)
    let (micros, rest) = state.microseconds.quotientAndRemainder(dividingBy: Int128(state.count))
    return Interval(
      months: Int32(truncatingIfNeeded: months),
      days: Int32(truncatingIfNeeded: monthDays + days),
      microseconds: Int64(
        truncatingIfNeeded: restDays * Int128(microsecondsPerDay) / Int128(state.count) + micros
          + rest))
  }
}
