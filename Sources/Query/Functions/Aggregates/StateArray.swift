import ColStore

/// States of aggregate groups, zero to begin with.
final class StateArray<State: BitwiseCopyable>: @unchecked Sendable {
  private(set) var states: UnsafeMutablePointer<State>
  private var memory: Buffer
  private var capacity = 0

  init() {
    memory = Buffer(byteCount: MemoryLayout<State>.stride)
    memory.zero()
    states = memory.pointer()
  }

  func resize(to count: Int) {
    guard count > capacity else { return }
    let larger = max(count, capacity * 2, 8)
    let fresh = StateArray.zeros(larger)
    fresh.pointer(State.self).update(from: states, count: capacity)
    memory = fresh
    states = fresh.pointer()
    capacity = larger
  }

  @inline(__always)
  subscript(group: Int) -> State {
    get { states[group] }
    set { states[group] = newValue }
  }

  /// Of a wide domain few groups may have rows: zeros then cost only where they are touched.
  private static var clearedBytesMax: Int { 8 << 20 }

  private static func zeros(_ count: Int) -> Buffer {
    guard count * MemoryLayout<State>.stride <= clearedBytesMax else {
      let memory = Buffer(zeroed: State.self, count: count)
      memory.useHugePages()
      return memory
    }
    let memory = Buffer(State.self, count: count)
    memory.zero()
    return memory
  }
}

/// Zeroed rows of states, one row a group, which aggregates of one query share: what belongs to a
/// group lies in one or two cache lines, whatever the number of aggregates.
final class StateRows: @unchecked Sendable {
  let stride: Int
  private let memory = StateArray<UInt64>()

  /// `stride` is a multiple of 8 bytes.
  init(stride: Int) { self.stride = stride }

  var base: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory.states) }

  func resize(to count: Int) { memory.resize(to: count * stride / 8) }
}

/// A state that may move into shared rows before it is first used.
public protocol SharedState: AnyObject {
  var alignment: Int { get }
  var bytes: Int { get }
  /// Used by ``AggregateSink`` alone.
  func move(to rows: AnyObject, offset: Int)
}

/// The states of one aggregate: rows of its own, or a column of shared ones.
final class StateColumn<State: BitwiseCopyable>: SharedState {
  private var rows: StateRows
  private var offset = 0

  init() { rows = StateRows(stride: (MemoryLayout<State>.stride + 7) & ~7) }

  var alignment: Int { MemoryLayout<State>.alignment }
  var bytes: Int { MemoryLayout<State>.size }

  func move(to rows: AnyObject, offset: Int) {
    guard let rows = rows as? StateRows else { return }
    self.rows = rows
    self.offset = offset
  }

  func resize(to count: Int) { rows.resize(to: count) }

  /// Valid until the next resize.
  @inline(__always) var cursor: StateCursor<State> {
    StateCursor(base: rows.base + offset, stride: rows.stride)
  }
}

/// Finds the state of a group.
struct StateCursor<State: BitwiseCopyable> {
  let base: UnsafeMutableRawPointer
  let stride: Int

  @inline(__always)
  subscript(group: Int) -> State {
    get { pointer(group).pointee }
    nonmutating set { pointer(group).pointee = newValue }
  }

  @inline(__always)
  func pointer(_ group: Int) -> UnsafeMutablePointer<State> {
    (base + group &* stride).assumingMemoryBound(to: State.self)
  }
}

/// Calls `body` for each row, four rows far apart taking turns: neighbours often have one group, and
/// would wait for each other's state.
@inline(__always)
func forEachInTurns(_ count: Int, _ body: (Int) -> Void) {
  let quarter = count / 4
  var row = 0
  while row < quarter {
    body(row)
    body(row &+ quarter)
    body(row &+ 2 &* quarter)
    body(row &+ 3 &* quarter)
    row += 1
  }
  row = 4 * quarter
  while row < count {
    body(row)
    row += 1
  }
}

/// Calls `body` with the row and value of each row that is not NULL, by one loop a layout.
@inline(__always)
func forEachValue<Element: BitwiseCopyable>(
  _ vector: Vector, _ type: Element.Type, count: Int, _ body: (Int, Element) -> Void
) {
  let values = vector.pointer(Element.self)
  var row = 0
  switch (vector.layout, vector.validity) {
  case (.flat, nil):
    while row < count {
      body(row, values[row])
      row += 1
    }
  case (.flat, let valid?):
    while row < count {
      if valid[row] != 0 { body(row, values[row]) }
      row += 1
    }
  case (.constant, let valid):
    if count == 0 { return }
    if let valid, valid[0] == 0 { return }
    let value = values[0]
    while row < count {
      body(row, value)
      row += 1
    }
  case (.dictionary, nil):
    guard let codes = vector.codes else { return }
    while row < count {
      body(row, values[Int(codes[row])])
      row += 1
    }
  case (.dictionary, let valid?):
    guard let codes = vector.codes else { return }
    while row < count {
      let code = Int(codes[row])
      if valid[code] != 0 { body(row, values[code]) }
      row += 1
    }
  }
}
