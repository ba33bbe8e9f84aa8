import ColStore

/// Groups of one coded key of which few codes are expected to occur: each code that does gets the
/// next number, so that states are as many as there are groups, and not as there are codes.
final class TicketGrouping: Grouping {
  private let domain: KeyDomain
  private let evaluator: Evaluator
  /// By code: its number plus one, or 0.
  private let tickets = StateArray<UInt32>()
  /// By number: its code.
  private let codes = StateArray<UInt32>()
  private(set) var groupCount = 0

  init(_ domain: KeyDomain, _ evaluator: Evaluator) {
    self.domain = domain
    self.evaluator = evaluator
    tickets.resize(to: domain.size)
  }

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    try domain.assign(batch, into: scratch, isFirst: true, evaluator)
    number(UnsafePointer(scratch), batch.rowCount, into: scratch)
    return UnsafePointer(scratch)
  }

  /// The number of each code; the two may be one memory.
  private func number(
    _ source: UnsafePointer<UInt32>, _ count: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    codes.resize(to: groupCount + count)
    let tickets = tickets.states
    let known = codes.states
    var groups = groupCount
    var row = 0
    while row < count {
      let code = source[row]
      var ticket = tickets[Int(code)]
      if ticket == 0 {
        known[groups] = code
        groups += 1
        ticket = UInt32(truncatingIfNeeded: groups)
        tickets[Int(code)] = ticket
      }
      numbers[row] = ticket &- 1
      row += 1
    }
    groupCount = groups
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: other.groupCount)
    if let other = other as? TicketGrouping {
      number(
        UnsafePointer(other.codes.states), other.groupCount, into: mapping.pointer(UInt32.self))
    }
    return mapping
  }

  /// In the order of codes, as where each code has its group.
  func occupied() -> Selection? {
    let buffer = Buffer(UInt32.self, count: groupCount)
    let output = buffer.pointer(UInt32.self)
    let tickets = tickets.states
    var found = 0
    var code = 0
    while code < domain.size && found < groupCount {
      output[found] = tickets[code] &- 1
      found += tickets[code] != 0 ? 1 : 0
      code += 1
    }
    return Selection(buffer, count: groupCount)
  }

  func keys() -> [Vector] {
    let copy = Buffer(UInt32.self, count: groupCount)
    copy.pointer(UInt32.self).update(from: codes.states, count: groupCount)
    return [domain.keys(copy, count: groupCount)]
  }
}
