import ColStore

/// min(x) and max(x) of any type.
enum MinMax {
  static let min = AggregateFunction("min", signature: "min(value[, n])") {
    types, literals throws(QueryError) in try resolve("min", types, literals, wantsLess: true)
  }

  static let max = AggregateFunction("max", signature: "max(value[, n])") {
    types, literals throws(QueryError) in try resolve("max", types, literals, wantsLess: false)
  }

  private static func resolve(
    _ name: String, _ types: [DataType], _ literals: [Value?], wantsLess: Bool
  ) throws(QueryError) -> AggregateOverload {
    if types.count == 2 {
      return try TopValues.overload(name, types, literals, wantsLess: wantsLess)
    }
    guard types.count == 1 else {
      throw ImplicitCast.mismatch(name, types, "\(name)(value[, n])")
    }
    let type = types[0] == .null ? .integer : types[0]
    return AggregateOverload(name: name, [type], type) {
      switch type.physical {
      case .bool: BooleanExtreme(type, wantsLess: wantsLess)
      case .int64: NarrowExtreme(type, wantsLess: wantsLess)
      case .int128: WideExtreme(type, wantsLess: wantsLess)
      case .double: DoubleExtreme(wantsLess: wantsLess)
      case .string, .interval, .list: ValueExtreme(type, wantsLess: wantsLess)
      }
    }
  }
}

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
private final class BooleanExtreme: RepetitionBlindAccumulator {
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

/// min and max of 64-bit values, in eight bytes a group.
///
/// A state holds an unsigned key that only ever grows: for max the value with its top bit flipped,
/// for min the complement of that. Zero is an empty group, and also the key of the one value that
/// every other replaces; groups that have that value are remembered aside.
private final class NarrowExtreme: RepetitionBlindAccumulator, SummedUpAccumulator {
  private let states = StateColumn<UInt64>()
  private let type: DataType
  /// What turns a value into its key, and back.
  private let flip: UInt64
  private var groupsOfTheWorst: Set<Int> = []

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
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
    let buffer = Buffer(UInt64.self, count: count)
    let bests = buffer.pointer(UInt64.self)
    let groups = runs.groups
    let rows = Rows<Int64>(vector)
    let valid = vector.validity
    var last = ~groups[0]
    var best: UInt64 = 0
    var sawWorst = false
    var row = 0
    while row < count {
      let position = rows.position(row)
      var key = UInt64(bitPattern: rows.values[position]) ^ flip
      var isPresent = true
      if let valid { isPresent = valid[position] != 0 }
      sawWorst = sawWorst || (key == 0 && isPresent)
      key = isPresent ? key : 0
      let group = groups[row]
      best = group == last ? best : 0
      best = key > best ? key : best
      last = group
      bests[row] = best
      row += 1
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

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    var best = states.cursor[0]
    var sawWorst = false
    let flip = flip
    forEachValue(arguments[0], Int64.self, count: count) { _, value in
      let key = UInt64(bitPattern: value) ^ flip
      best = key > best ? key : best
      sawWorst = sawWorst || key == 0
    }
    states.cursor[0] = best
    if sawWorst { groupsOfTheWorst.insert(0) }
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

/// min and max of 128-bit values.
private final class WideExtreme: RepetitionBlindAccumulator {
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

/// The least or greatest DOUBLE, NaN being the greatest value.
private final class DoubleExtreme: RepetitionBlindAccumulator {
  private struct State: BitwiseCopyable {
    var value: Double
    var isSet: Bool
  }

  private let states = StateArray<State>()
  private let wantsLess: Bool

  init(wantsLess: Bool) { self.wantsLess = wantsLess }

  func resize(to count: Int) { states.resize(to: count) }

  @inline(__always)
  private static func isBetter(_ value: Double, _ best: Double, _ wantsLess: Bool) -> Bool {
    wantsLess ? DoubleKey.less(value, best) : DoubleKey.less(best, value)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.states
    let wantsLess = wantsLess
    forEachValue(arguments[0], Double.self, count: count) { row, value in
      let state = states + Int(groups[row])
      if !state.pointee.isSet || DoubleExtreme.isBetter(value, state.pointee.value, wantsLess) {
        state.pointee = State(value: value, isSet: true)
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? DoubleExtreme else { return }
    for group in 0..<count {
      let state = other.states[group]
      guard state.isSet else { continue }
      let own = states[Int(mapping[group])]
      if !own.isSet || DoubleExtreme.isBetter(state.value, own.value, wantsLess) {
        states[Int(mapping[group])] = state
      }
    }
  }

  func finish(count: Int) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      if states[group].isSet {
        output[group] = states[group].value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    return output.finish(.double)
  }
}

/// The least or greatest value of types that have no fixed width: kept as a row of a vector.
private final class ValueExtreme: RepetitionBlindAccumulator {
  private var best: [(vector: Vector, row: Int)?] = []
  private let type: DataType
  private let wantsLess: Bool

  init(_ type: DataType, wantsLess: Bool) {
    self.type = type
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) {
    while best.count < count { best.append(nil) }
  }

  private func offer(_ vector: Vector, _ row: Int, to group: Int) {
    if let own = best[group] {
      let order = RowComparison.compare(vector, row, own.vector, own.row)
      if wantsLess ? order >= 0 : order <= 0 { return }
    }
    best[group] = (vector, row)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    // Bests hold on to their vector; entries of a dictionary are shared, rows are copied out.
    let vector = arguments[0]
    for row in 0..<count where !vector.isNull(row) {
      let source = vector.dictionary ?? vector
      offer(source, vector.dictionary == nil ? row : vector.position(of: row), to: Int(groups[row]))
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? ValueExtreme else { return }
    for group in 0..<count {
      if let found = other.best[group] { offer(found.vector, found.row, to: Int(mapping[group])) }
    }
  }

  func finish(count: Int) -> Vector {
    RowPicker.pick(best.prefix(count), type: type, count: count)
  }
}

/// Makes a vector of rows that lie in different vectors.
enum RowPicker {
  static func pick(
    _ rows: some Sequence<(vector: Vector, row: Int)?>, type: DataType, count: Int
  ) -> Vector {
    if type.physical == .list {
      let parts = rows.map { found in
        found.map { $0.vector.single(at: $0.row).flat() } ?? .nulls(type, count: 1).flat()
      }
      if parts.isEmpty { return Vector(type, []) }
      return Vector.concatenate(parts, type: type)
    }
    if type.physical == .string {
      var output = TextBuilder(count: count)
      for (index, found) in rows.enumerated() {
        if let found, !found.vector.isNull(found.row) {
          let position = found.vector.position(of: found.row)
          let view = found.vector.pointer(StringView.self)[position]
          output.set(index, output.arena.copy(view.bytes))
        } else {
          output.setNull(index)
        }
      }
      return output.finish()
    }
    let values = Buffer(byteCount: count * type.physical.stride)
    values.zero()
    let validity = Buffer(UInt8.self, count: count)
    let valid = validity.pointer(UInt8.self)
    let stride = type.physical.stride
    for (index, found) in rows.enumerated() {
      if let found, !found.vector.isNull(found.row) {
        let position = found.vector.position(of: found.row)
        (values.base + index * stride).copyMemory(
          from: found.vector.values + position * stride, byteCount: stride)
        valid[index] = 1
      } else {
        valid[index] = 0
      }
    }
    return Vector(flat: type, count: count, values: values, validity: validity)
  }
}
