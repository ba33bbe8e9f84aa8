/// Seconds along a logarithmic axis, at what clocks and calendars call round.
enum DurationTicks {
  /// From the ones that are needed most to those that fill the gaps.
  private static let ranks: [[Double]] = [
    [1, 60, 3600, 86_400], [10, 600, 864_000], [1e7],
    [5, 30, 300, 1800, 21_600, 432_000, 2_592_000],
    [2, 120, 7200, 43_200, 172_800],
  ]

  static func values(in domain: ClosedRange<Double>, atMost count: Int) -> [Double] {
    var values: [Double] = []
    for rank in ranks {
      let more = rank.filter { domain.contains($0) }
      guard values.isEmpty || values.count + more.count <= count else { break }
      values += more
    }
    return values.sorted()
  }
}
