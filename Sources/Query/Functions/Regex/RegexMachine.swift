import ColStore

/// Runs a regular expression over texts: all alternatives at once, in order of preference.
final class RegexMachine {
  let program: RegexProgram
  private var current = ThreadList()
  private var following = ThreadList()
  private var visited: [Int]
  private var generation = 0
  private var scalars: [UInt32] = []
  /// The byte offset of each code point, and the text's length behind the last.
  private var offsets: [Int] = []
  private var stack: [(Int, [Int])] = []

  private struct ThreadList {
    var counters: [Int] = []
    var slots: [[Int]] = []

    mutating func removeAll() {
      counters.removeAll(keepingCapacity: true)
      slots.removeAll(keepingCapacity: true)
    }
  }

  init(_ program: RegexProgram) {
    self.program = program
    visited = Array(repeating: 0, count: program.instructions.count)
  }

  /// Reads the text that is matched from now on.
  func load(_ text: StringView) {
    scalars.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    var at = 0
    while at < text.count {
      let first = text.start[at]
      var value = UInt32(first)
      var length = 1
      if first >= 0xf0 {
        (value, length) = (UInt32(first & 0x07), 4)
      } else if first >= 0xe0 {
        (value, length) = (UInt32(first & 0x0f), 3)
      } else if first >= 0xc0 {
        (value, length) = (UInt32(first & 0x1f), 2)
      }
      length = min(length, text.count - at)
      for offset in 1..<max(length, 1) {
        value = value << 6 | UInt32(text.start[at + offset] & 0x3f)
      }
      scalars.append(value)
      offsets.append(at)
      at += length
    }
    offsets.append(text.count)
  }

  var scalarCount: Int { scalars.count }

  /// The byte offset of code point `index`.
  func byteOffset(_ index: Int) -> Int { offsets[index] }

  /// The leftmost match from code point `start` on: places of groups, as code points, -1 where a
  /// group took no part. `isWhole`: from the first to the last character.
  func match(from start: Int, isWhole: Bool = false) -> [Int]? {
    let empty = Array(repeating: -1, count: 2 * (program.groupCount + 1))
    current.removeAll()
    var best: [Int]?
    var at = start
    while true {
      generation += 1
      following.removeAll()
      // What is already under way goes before a match that starts here.
      let pending = current
      current.removeAll()
      for (index, counter) in pending.counters.enumerated() {
        add(counter, pending.slots[index], at, to: &current)
      }
      let mayStart = best == nil && (isWhole || program.isAnchored ? at == start : true)
      if mayStart { add(0, empty, at, to: &current) }
      if current.counters.isEmpty && (best != nil || isWhole || program.isAnchored) { break }
      var index = 0
      scan: while index < current.counters.count {
        let slots = current.slots[index]
        switch program.instructions[current.counters[index]] {
        case .match:
          if !isWhole || at == scalars.count {
            best = slots
            break scan
          }
        case .character(let set):
          if at < scalars.count && set.contains(scalars[at]) {
            following.counters.append(current.counters[index] + 1)
            following.slots.append(slots)
          }
        default: break
        }
        index += 1
      }
      if at >= scalars.count { break }
      swap(&current, &following)
      at += 1
    }
    return best
  }

  /// Follows what needs no character, preferred branches first.
  private func add(
    _ counter: Int, _ slots: [Int], _ at: Int, to list: inout ThreadList
  ) {
    stack.append((counter, slots))
    while let (counter, slots) = stack.popLast() {
      if visited[counter] == generation { continue }
      visited[counter] = generation
      switch program.instructions[counter] {
      case .jump(let target): stack.append((target, slots))
      case .split(let first, let second):
        stack.append((second, slots))
        stack.append((first, slots))
      case .save(let slot):
        var saved = slots
        saved[slot] = at
        stack.append((counter + 1, saved))
      case .assert(let assertion):
        if holds(assertion, at) { stack.append((counter + 1, slots)) }
      case .character, .match:
        list.counters.append(counter)
        list.slots.append(slots)
      }
    }
  }

  private func holds(_ assertion: RegexProgram.Assertion, _ at: Int) -> Bool {
    switch assertion {
    case .textStart: return at == 0
    case .textEnd: return at == scalars.count
    case .lineStart: return at == 0 || scalars[at - 1] == 10
    case .lineEnd: return at == scalars.count || scalars[at] == 10
    case .wordBoundary, .notWordBoundary:
      let before = at > 0 && isWord(scalars[at - 1])
      let after = at < scalars.count && isWord(scalars[at])
      return (before != after) == (assertion == .wordBoundary)
    }
  }

  private func isWord(_ value: UInt32) -> Bool {
    (value >= 0x30 && value <= 0x39) || (value >= 0x41 && value <= 0x5a) || value == 0x5f
      || (value >= 0x61 && value <= 0x7a)
  }
}
