import ColStore
import Glibc

/// States of aggregate groups, zero to begin with.
///
/// Memory comes zeroed from the system, so that a wide domain of groups costs only where it is
/// touched.
final class StateArray<State: BitwiseCopyable>: @unchecked Sendable {
  private(set) var states: UnsafeMutablePointer<State>
  private var capacity: Int

  init() {
    capacity = 0
    states = StateArray.allocate(1)
  }

  deinit { free(states) }

  func resize(to count: Int) {
    guard count > capacity else { return }
    let larger = max(count, capacity * 2, 8)
    let fresh = StateArray.allocate(larger)
    if capacity > 0 { fresh.update(from: states, count: capacity) }
    free(states)
    states = fresh
    capacity = larger
  }

  @inline(__always)
  subscript(group: Int) -> State {
    get { states[group] }
    set { states[group] = newValue }
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<State> {
    guard let memory = calloc(count, MemoryLayout<State>.stride) else {
      preconditionFailure("the system has no memory left for aggregate states")
    }
    return memory.bindMemory(to: State.self, capacity: count)
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
