/// A stretch of time that is generated in one piece: sessions that begin in it, and rows that fall
/// into it.
struct Slice: Sendable {
  var index: Int
  var start: Int
  var end: Int
  /// The end of the month that the slice lies in.
  var monthEnd: Int
  /// Events of the month that its sessions make; nil for the last slice, which makes what is left.
  var quota: Int?
}

/// The cut of the two months into slices of about ``rowsInSlice`` rows each.
///
/// Sessions that begin in October make exactly the rows of October, and those of their events that
/// fall into November are taken off what the last slice of November has to make. So both files
/// have their exact counts, whatever the sessions come to.
struct SlicePlan: Sendable {
  static let rowsInSlice = 65_536

  let rows: Int
  let octoberRows: Int
  let slices: [Slice]
  /// Slices of October come first.
  let octoberSlices: Int

  init(rows: Int, curve: TrafficCurve) {
    self.rows = rows
    octoberRows = Self.rowsOfOctober(of: rows)
    let november = rows - octoberRows
    let crossing = november > 8 * Self.rowsInSlice ? Int(Double(rows) * Self.crossingShare) : 0
    var slices: [Slice] = []
    Self.cut(octoberRows, from: 0, to: Calendar.octoberEnd, curve, into: &slices)
    octoberSlices = slices.count
    Self.cut(
      november - crossing, from: Calendar.octoberEnd, to: Calendar.novemberEnd, curve,
      into: &slices)
    slices[slices.count - 1].quota = nil
    self.slices = slices
  }

  /// The rows of November that all its slices but the last make.
  var fixedNovemberRows: Int { slices[octoberSlices...].reduce(0) { $0 + ($1.quota ?? 0) } }

  /// The slice that `time` falls into, at `after` or behind it.
  func slice(of time: Int, after: Int) -> Int {
    var low = after
    var high = slices.count - 1
    while low < high {
      let middle = (low + high) / 2
      if slices[middle].end <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Of 109,950,743 rows 42,448,764 are October's; other counts are split alike.
  static func rowsOfOctober(of rows: Int) -> Int {
    let wide = rows.multipliedFullWidth(by: 42_448_764)
    let full = ClickstreamGenerator.fullRows
    let (quotient, remainder) = full.dividingFullWidth(wide)
    return quotient + (remainder * 2 >= full ? 1 : 0)
  }

  private static func cut(
    _ rows: Int, from start: Int, to end: Int, _ curve: TrafficCurve, into slices: inout [Slice]
  ) {
    let count = max(1, rows / rowsInSlice)
    var from = start
    var made = 0
    for place in 1...count {
      let to =
        place == count
        ? end
        : max(
          from + 1, curve.time(atEventShare: Double(place) / Double(count), from: start, to: end))
      let (quotient, remainder) = rows.quotientAndRemainder(dividingBy: count)
      let upTo = quotient * place + min(remainder, place)
      slices.append(
        Slice(index: slices.count, start: from, end: to, monthEnd: end, quota: upTo - made))
      made = upTo
      from = to
    }
  }

  /// Rows of November that belong to sessions begun in October, as a share of all rows.
  private static let crossingShare = 0.00025
}
