/// Thrown where a thread stops because another one failed.
struct Stopped: Error {}

/// One thread's part of the work: makes a slice, merges what was booked to it, formats it.
struct SliceWorker: ~Copyable {
  private let shop: Shop
  private let plan: SlicePlan
  private let seed: UInt64
  private var generator: SliceGenerator
  private var merged: EventBuffer
  private var order = EventOrder()
  private var formatter: RowFormatter
  private(set) var rowCount = 0

  init(shop: Shop, plan: SlicePlan, seed: UInt64) {
    self.shop = shop
    self.plan = plan
    self.seed = seed
    generator = SliceGenerator(shop: shop, seed: seed)
    let rows = min(plan.rows, SlicePlan.rowsInSlice * 5 / 4)
    merged = EventBuffer(capacity: rows)
    formatter = RowFormatter(rows: rows)
  }

  /// Makes the rows of `slice` as text, when all slices before it are booked.
  mutating func make(_ slice: Slice, _ ledger: borrowing TurnTaking<SliceLedger>) throws {
    var quota = slice.quota ?? 0
    if slice.quota == nil {
      quota = try ledger.change(
        when: { $0.booked == slice.index || $0.hasFailed },
        { state in
          if state.hasFailed { throw Stopped() }
          return state.quota(of: slice)
        })
    }
    generator.generate(slice, quota: quota)
    let later = Array(generator.writer.later.events)
    ledger.change { $0.enter(later, of: slice.index) }
    let booked = try ledger.change(
      when: { $0.booked > slice.index || $0.hasFailed },
      { state in
        if state.booked <= slice.index { throw Stopped() }
        return state.takeEvents(for: slice.index)
      })
    merged.removeAll()
    for event in booked { merged.append(event) }
    for event in generator.writer.own.events { merged.append(event) }
    rowCount = merged.count
    var keys = order.order(merged.events, from: slice.start)
    disturb(&keys, slice)
    formatter.removeAll()
    formatter.append(merged.events, in: keys[...], shop.catalogue)
    try ledger.change(
      when: { $0.written == slice.index || $0.hasFailed },
      { state in
        if state.hasFailed { throw Stopped() }
      })
  }

  /// Writes the text of the slice that was made last.
  func write(_ slice: Slice, to files: inout MonthFiles) throws {
    try files.write(formatter.bytes, inOctober: slice.index < plan.octoberSlices)
  }

  /// Swaps a row with the next one of a later second, about twice in a million rows: the real files
  /// are not perfectly in order either.
  private func disturb(_ keys: inout [UInt64], _ slice: Slice) {
    var random = RandomStream(seed: seed ^ 0x0D15_0BDE, index: UInt64(slice.index))
    guard keys.count > 2, random.chance(Double(keys.count) * 1.98e-6) else { return }
    let place = random.below(keys.count - 1)
    var later = place + 1
    while later < keys.count && keys[later] >> 32 == keys[place] >> 32 { later += 1 }
    if later < keys.count { keys.swapAt(later - 1, later) }
  }
}
