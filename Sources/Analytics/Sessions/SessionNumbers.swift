import ColStore
import Query

/// Each session's place among those of its user: by start, then as in the store.
final class SessionNumbers: @unchecked Sendable {
  private static let returning: UInt32 = 1 << 31
  static let noStart = Int64.min

  /// For session i of all parts: its number from 1, and in the top bit whether it starts later than
  /// the user's earliest session.
  private let numbers: Buffer
  /// When the user's previous session started; ``noStart`` for the first.
  private let previous: Buffer
  /// The first session of each part.
  private let firsts: [Int]

  init(
    _ table: SessionTable, userCount: Int, threads: Int, _ context: QueryContext
  ) throws(QueryError) {
    let total = table.count
    firsts = table.firsts
    let sessions = try SessionKeys(table, threads: threads)
    numbers = Buffer(UInt32.self, count: total)
    previous = Buffer(Int64.self, count: total)
    let (numbers, previous) = (numbers, previous)
    let ranges = max(1, threads)
    try inParallel(ranges, threads: threads) { range throws(QueryError) in
      try context.check()
      let users = userCount * range / ranges..<userCount * (range + 1) / ranges
      sessions.forEachUser(users) { own in
        let first = sessions.starts[Int(own[0])]
        for (place, session) in own.enumerated() {
          let start = sessions.starts[Int(session)]
          numbers.pointer(UInt32.self)[Int(session)] =
            UInt32(place + 1) | (start > first ? SessionNumbers.returning : 0)
          previous.pointer(Int64.self)[Int(session)] =
            place == 0 ? SessionNumbers.noStart : sessions.starts[Int(own[place - 1])]
        }
      }
    }
  }

  func number(part: Int, row: Int) -> Int64 {
    Int64(word(part, row) & ~SessionNumbers.returning)
  }

  func isReturning(part: Int, row: Int) -> Bool {
    word(part, row) & SessionNumbers.returning != 0
  }

  func previousStart(part: Int, row: Int) -> Int64 {
    previous.pointer(Int64.self)[firsts[part] + row]
  }

  private func word(_ part: Int, _ row: Int) -> UInt32 {
    numbers.pointer(UInt32.self)[firsts[part] + row]
  }
}

/// The user and the start of every session, in store order where parts have no other.
private final class SessionKeys: @unchecked Sendable {
  let count: Int
  private let users: Buffer
  private let startBuffer: Buffer
  private let orders: Buffer?

  var starts: UnsafePointer<Int64> { UnsafePointer(startBuffer.pointer(Int64.self)) }

  init(_ table: SessionTable, threads: Int) throws(QueryError) {
    count = table.count
    users = Buffer(UInt32.self, count: count)
    startBuffer = Buffer(Int64.self, count: count)
    orders = table.isOrdered ? nil : Buffer(Int64.self, count: count)
    let (users, starts, orders) = (users, startBuffer, orders)
    try inParallel(table.partCount, threads: threads) { part throws(QueryError) in
      let first = table.firsts[part]
      try table.copy(.start, ofPart: part, to: starts.pointer(Int64.self) + first)
      if let orders {
        try table.copyOrder(ofPart: part, to: orders.pointer(Int64.self) + first)
      }
      let wide = Buffer(Int64.self, count: table.count(ofPart: part))
      let codes = wide.pointer(Int64.self)
      try table.copy(.user, ofPart: part, to: codes)
      let output = users.pointer(UInt32.self) + first
      for row in 0..<table.count(ofPart: part) {
        output[row] = UInt32(truncatingIfNeeded: codes[row])
      }
      withExtendedLifetime(wide) {}
    }
  }

  /// Calls `body` with the sessions of each of the users, in order.
  func forEachUser(_ range: Range<Int>, _ body: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
    let users = users.pointer(UInt32.self)
    var ends = [UInt32](repeating: 0, count: range.count + 1)
    for session in 0..<count where range.contains(Int(users[session])) {
      ends[Int(users[session]) - range.lowerBound + 1] += 1
    }
    for user in 1..<ends.count { ends[user] += ends[user - 1] }
    let sessions = Buffer(UInt32.self, count: Int(ends[range.count]))
    let own = sessions.pointer(UInt32.self)
    for session in 0..<count where range.contains(Int(users[session])) {
      let user = Int(users[session]) - range.lowerBound
      own[Int(ends[user])] = UInt32(truncatingIfNeeded: session)
      ends[user] += 1
    }
    var start = 0
    for user in 0..<range.count {
      let end = Int(ends[user])
      if end > start {
        var mine = UnsafeMutableBufferPointer(start: own + start, count: end - start)
        sort(&mine)
        body(mine)
      }
      start = end
    }
  }

  private func sort(_ sessions: inout UnsafeMutableBufferPointer<UInt32>) {
    let starts = starts
    let orders = orders?.pointer(Int64.self)
    func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
      let (first, second) = (starts[Int(left)], starts[Int(right)])
      if first != second { return first < second }
      if let orders, orders[Int(left)] != orders[Int(right)] {
        return orders[Int(left)] < orders[Int(right)]
      }
      return left < right
    }
    if sessions.count > 32 { return sessions.sort(by: precedes) }
    for index in sessions.indices.dropFirst() {
      let session = sessions[index]
      var place = index
      while place > 0 && precedes(session, sessions[place - 1]) {
        sessions[place] = sessions[place - 1]
        place -= 1
      }
      sessions[place] = session
    }
  }
}
