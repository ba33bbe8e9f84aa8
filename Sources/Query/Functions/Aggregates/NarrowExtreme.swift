import ColStore

/// min and max of 64-bit values, in eight bytes a group.
///
/// A state holds an unsigned key that only ever grows: for max the value with its top bit flipped,
/// for min the complement of that. Zero is an empty group, and also the key of the one value that
/// every other replaces; groups that have that value are remembered aside.
final class NarrowExtreme: RepetitionBlindAccumulator, SummedUpAccumulator {
  private let states = StateColumn<UInt64>()
  private let type: DataType
  /// What turns a value into its key, and back.
  private let flip: UInt64
  private let wantsLess: Bool
  private var groupsOfTheWorst: Set<Int> = []

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
    self.wantsLess = wantsLess
    flip = wantsLess ? ~(1 << 63) : 1 << 63
  }

  var sharedStates: [any SharedState] { [states] }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.cursor
    let flip = flip
    var sawWorst = false
    forEachValue(arguments[0], Int64.self, count: count) { row, value in
      let key = UInt64(bitPattern: value) ^ flip
      let state = states.pointer(Int(groups[row]))
      let own = state.pointee
      state.pointee = key > own ? key : own
      sawWorst = sawWorst || key == 0
    }
    if sawWorst { rememberWorst(groups, arguments[0], count) }
  }

  private func rememberWorst(
    _ groups: UnsafePointer<UInt32>, _ vector: Vector, _ count: Int
  ) {
    forEachValue(vector, Int64.self, count: count) { row, value in
      if UInt64(bitPattern: value) ^ flip == 0 { groupsOfTheWorst.insert(Int(groups[row])) }
    }
  }

  /// The best so far of each run is written down row by row, and only a run's last is offered to its
  /// group.
  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    let vector = arguments[0]
    if vector.layout == .constant {
      return update(groups: runs.groups, arguments: arguments, count: count)
    }
    if runs.areClusters && vector.ascendsInClusters { return updateAscending(runs, vector, count) }
    let buffer = Buffer(UInt64.self, count: count)
    let bests = buffer.pointer(UInt64.self)
    let groups = runs.groups
    let flip = flip
    let rows = Rows<Int64>(vector)
    let sawWorst: Bool
    switch (vector.layout, vector.validity) {
    case (.flat, nil):
      let values = vector.pointer(UInt64.self)
      sawWorst = NarrowExtreme.fold(groups, count, into: bests) { (values[$0] ^ flip, 1) }
    case (.flat, let valid?):
      let values = vector.pointer(UInt64.self)
      sawWorst = NarrowExtreme.fold(groups, count, into: bests) {
        (values[$0] ^ flip, UInt64(valid[$0]))
      }
    case (_, let valid):
      sawWorst = NarrowExtreme.fold(groups, count, into: bests) { row in
        let position = rows.position(row)
        return (
          UInt64(bitPattern: rows.values[position]) ^ flip, valid.map { UInt64($0[position]) } ?? 1
        )
      }
    }
    let states = states.cursor
    for run in 0..<runs.runCount {
      let end = Int(runs.ends[run]) &- 1
      let state = states.pointer(Int(groups[end]))
      let own = state.pointee
      state.pointee = bests[end] > own ? bests[end] : own
    }
    withExtendedLifetime((buffer, vector)) {}
    if sawWorst { rememberWorst(groups, vector, count) }
  }

  /// Writes down for each row the best key so far of the rows of its group that lie together; `key`
  /// gives a row's key, and 1, or 0 where it is NULL. Returns whether some key was 0.
  @inline(__always)
  private static func fold(
    _ groups: UnsafePointer<UInt32>, _ count: Int, into bests: UnsafeMutablePointer<UInt64>,
    _ key: (Int) -> (key: UInt64, isPresent: UInt64)
  ) -> Bool {
    var last = ~groups[0]
    var best: UInt64 = 0
    var worst: UInt64 = 0
    var row = 0
    while row < count {
      let (own, isPresent) = key(row)
      worst |= (own == 0 ? 1 : 0) & isPresent
      let present = own & (0 &- isPresent)
      let group = groups[row]
      best = group == last ? best : 0
      best = present > best ? present : best
      last = group
      bests[row] = best
      row += 1
    }
    return worst != 0
  }

  /// Of ascending values, the first is the least and the last the greatest.
  private func updateAscending(_ runs: GroupRuns, _ vector: Vector, _ count: Int) {
    let rows = Buffer(UInt32.self, count: runs.runCount)
    let row = rows.pointer(UInt32.self)
    var start: UInt32 = 0
    for run in 0..<runs.runCount {
      let end = runs.ends[run]
      row[run] = wantsLess ? start : end &- 1
      start = end
    }
    let bests = vector.select(row, count: runs.runCount)
    let values = bests.pointer(UInt64.self)
    let states = states.cursor
    var sawWorst = false
    for run in 0..<runs.runCount {
      let key = values[run] ^ flip
      let state = states.pointer(Int(runs.groups[Int(row[run])]))
      let own = state.pointee
      state.pointee = key > own ? key : own
      sawWorst = sawWorst || key == 0
    }
    withExtendedLifetime((rows, bests)) {}
    if sawWorst { rememberWorst(runs.groups, vector, count) }
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    let vector = arguments[0]
    let flip = flip
    let rows = Rows<UInt64>(vector)
    let values = rows.values
    let best: UInt64
    switch (vector.layout, vector.validity) {
    case (.constant, _):
      best = count > 0 && !rows.isNull(0) ? values[0] ^ flip : 0
    case (.flat, nil):
      best = NarrowExtreme.greatest(count) { values[$0] ^ flip }
    case (.dictionary, nil):
      best = NarrowExtreme.greatest(count) { values[rows.position($0)] ^ flip }
    case (_, let valid?):
      best = NarrowExtreme.greatest(count) { row in
        let position = rows.position(row)
        return (values[position] ^ flip) & (0 &- UInt64(valid[position]))
      }
    }
    if best == 0, (0..<count).contains(where: { !rows.isNull($0) }) { groupsOfTheWorst.insert(0) }
    states.cursor[0] = max(states.cursor[0], best)
    withExtendedLifetime(vector) {}
  }

  /// The greatest key; 0 for none. Four at a time, so that none waits for the one before.
  @inline(__always)
  private static func greatest(_ count: Int, _ key: (Int) -> UInt64) -> UInt64 {
    var best = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    var row = 0
    while row < count & ~3 {
      let keys = (key(row), key(row + 1), key(row + 2), key(row + 3))
      best.0 = keys.0 > best.0 ? keys.0 : best.0
      best.1 = keys.1 > best.1 ? keys.1 : best.1
      best.2 = keys.2 > best.2 ? keys.2 : best.2
      best.3 = keys.3 > best.3 ? keys.3 : best.3
      row += 4
    }
    while row < count {
      best.0 = max(best.0, key(row))
      row += 1
    }
    return max(max(best.0, best.1), max(best.2, best.3))
  }

  func takes(_ summary: BlockSummary) -> Bool { summary.valueCount == 0 || summary.range != nil }

  func update(_ summary: BlockSummary) {
    guard summary.valueCount > 0, let range = summary.range else { return }
    updateOnlyGroup(
      arguments: [Vector(type, [.int64(range.lowerBound), .int64(range.upperBound)])], count: 2)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? NarrowExtreme else { return }
    let (own, theirs) = (states.cursor, other.states.cursor)
    for group in 0..<count {
      let state = own.pointer(Int(mapping[group]))
      state.pointee = max(state.pointee, theirs[group])
    }
    for group in other.groupsOfTheWorst { groupsOfTheWorst.insert(Int(mapping[group])) }
  }

  func finish(count: Int) -> Vector {
    let states = states.cursor
    let values = Buffer(Int64.self, count: count)
    let validity = Buffer(UInt8.self, count: count)
    let output = values.pointer(Int64.self)
    let valid = validity.pointer(UInt8.self)
    var present = 0
    for group in 0..<count {
      let key = states[group]
      output[group] = Int64(bitPattern: key ^ flip)
      valid[group] = key != 0 ? 1 : 0
      present &+= key != 0 ? 1 : 0
    }
    for group in groupsOfTheWorst where group < count && valid[group] == 0 {
      valid[group] = 1
      present += 1
    }
    return Vector(
      flat: type, count: count, values: values, validity: present == count ? nil : validity)
  }
}
