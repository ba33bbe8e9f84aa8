import ColStore

/// The least or greatest of integers of one width.
///
/// A struct behind a class for each width: methods of generic classes are not specialised behind an
/// existential.
/// One loop for least and one for greatest; zeroed memory is the state of an empty group.
private struct ExtremeStates<Element: FixedWidthInteger & BitwiseCopyable & Sendable> {
  private struct State: BitwiseCopyable {
    var value: Element
    var isSet: Bool
  }

  private let states = StateArray<State>()
  private let type: DataType
  private let wantsLess: Bool

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, _ vector: Vector, count: Int) {
    let states = states.states
    if wantsLess {
      forEachValue(vector, Element.self, count: count) { row, value in
        let state = states + Int(groups[row])
        if !state.pointee.isSet || value < state.pointee.value {
          state.pointee = State(value: value, isSet: true)
        }
      }
    } else {
      forEachValue(vector, Element.self, count: count) { row, value in
        let state = states + Int(groups[row])
        if !state.pointee.isSet || value > state.pointee.value {
          state.pointee = State(value: value, isSet: true)
        }
      }
    }
  }

  /// The best so far of each run is written down row by row, and only a run's last is offered to its
  /// group.
  func update(runs: GroupRuns, _ vector: Vector, count: Int) {
    if vector.layout == .constant {
      return update(groups: runs.groups, vector, count: count)
    }
    if wantsLess {
      update(runs, vector, count, worst: Element.max) { $0 < $1 ? $0 : $1 }
    } else {
      update(runs, vector, count, worst: Element.min) { $0 > $1 ? $0 : $1 }
    }
  }

  @inline(__always)
  private func update(
    _ runs: GroupRuns, _ vector: Vector, _ count: Int, worst: Element,
    _ better: (Element, Element) -> Element
  ) {
    let bestBuffer = Buffer(Element.self, count: count)
    let bests = bestBuffer.pointer(Element.self)
    let groups = runs.groups
    let states = states.states
    let rows = Rows<Element>(vector)
    let values = rows.values
    var last = ~groups[0]
    var best = worst
    var row = 0
    guard let valid = vector.validity else {
      while row < count {
        let value = values[rows.position(row)]
        let group = groups[row]
        best = group == last ? best : worst
        best = better(best, value)
        last = group
        bests[row] = best
        row += 1
      }
      for run in 0..<runs.runCount {
        let end = Int(runs.ends[run]) &- 1
        let state = states + Int(groups[end])
        let own = state.pointee.isSet ? state.pointee.value : worst
        state.pointee = State(value: better(own, bests[end]), isSet: true)
      }
      return withExtendedLifetime((bestBuffer, vector)) {}
    }
    let foundBuffer = Buffer(UInt8.self, count: count)
    let founds = foundBuffer.pointer(UInt8.self)
    var found: UInt8 = 0
    while row < count {
      let position = rows.position(row)
      let isPresent = valid[position]
      let value = isPresent != 0 ? values[position] : worst
      let group = groups[row]
      best = group == last ? best : worst
      found = group == last ? found : 0
      best = better(best, value)
      found |= isPresent
      last = group
      bests[row] = best
      founds[row] = found
      row += 1
    }
    for run in 0..<runs.runCount {
      let end = Int(runs.ends[run]) &- 1
      let state = states + Int(groups[end])
      let own = state.pointee.isSet ? state.pointee.value : worst
      let isSet = state.pointee.isSet || founds[end] != 0
      state.pointee = State(value: isSet ? better(own, bests[end]) : 0, isSet: isSet)
    }
    withExtendedLifetime((bestBuffer, foundBuffer, vector)) {}
  }

  func updateOnlyGroup(_ vector: Vector, count: Int) {
    var best = states[0].isSet ? states[0].value : (wantsLess ? Element.max : Element.min)
    var found = states[0].isSet
    if wantsLess {
      forEachValue(vector, Element.self, count: count) { _, value in
        best = value < best ? value : best
        found = true
      }
    } else {
      forEachValue(vector, Element.self, count: count) { _, value in
        best = value > best ? value : best
        found = true
      }
    }
    states[0] = State(value: found ? best : 0, isSet: found)
  }

  func merge(_ other: ExtremeStates, mapping: UnsafePointer<UInt32>, count: Int) {
    for group in 0..<count {
      let state = other.states[group]
      guard state.isSet else { continue }
      let place = Int(mapping[group])
      let own = states[place]
      if !own.isSet || (wantsLess ? state.value < own.value : state.value > own.value) {
        states[place] = state
      }
    }
  }

  func finish(count: Int) -> Vector {
    var output = FlatBuilder<Element>(count: count)
    for group in 0..<count {
      if states[group].isSet {
        output[group] = states[group].value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    return output.finish(type)
  }
}

/// min and max of BOOLEAN.
final class BooleanExtreme: RepetitionBlindAccumulator {
  private let states: ExtremeStates<UInt8>

  init(_ type: DataType, wantsLess: Bool) {
    states = ExtremeStates(type, wantsLess: wantsLess)
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    states.update(groups: groups, arguments[0], count: count)
  }

  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    states.update(runs: runs, arguments[0], count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    states.updateOnlyGroup(arguments[0], count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? BooleanExtreme else { return }
    states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) -> Vector { states.finish(count: count) }
}

/// min and max of 128-bit values.
final class WideExtreme: RepetitionBlindAccumulator {
  private let states: ExtremeStates<Int128>

  init(_ type: DataType, wantsLess: Bool) {
    states = ExtremeStates(type, wantsLess: wantsLess)
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    states.update(groups: groups, arguments[0], count: count)
  }

  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    states.update(runs: runs, arguments[0], count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    states.updateOnlyGroup(arguments[0], count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? WideExtreme else { return }
    states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) -> Vector { states.finish(count: count) }
}
