import ColStore

extension Interval {
  /// The length with months of 30 days: what comparisons go by.
  var totalMicroseconds: Int128 {
    (Int128(months) * 30 + Int128(days)) * Int128(microsecondsPerDay) + Int128(microseconds)
  }
}
