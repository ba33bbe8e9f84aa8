import ColStore

/// min(value, n), max(value, n), arg_min(result, by, n), arg_max(result, by, n): lists of the n first
/// in order.
enum TopValues {
  /// The most values that a list may have.
  private static let countMax: Int64 = 999_999

  /// The overload for a call with `n` as its last argument. The values are ordered by the argument
  /// before it; rows where an argument is NULL are left out.
  static func overload(
    _ name: String, _ types: [DataType], _ literals: [Value?], wantsLess: Bool
  ) throws(QueryError) -> AggregateOverload {
    let last = types.count - 1
    guard literals.count > last, case .int64(let wanted)? = literals[last], types[last].isInteger
    else { throw QueryError(.type, "\(name) wants the number of values as a literal") }
    guard wanted > 0, wanted <= countMax else {
      throw QueryError(.value, "\(name) gives between 1 and \(countMax) values, not \(wanted)")
    }
    let values = types.dropLast().map { $0 == .null ? DataType.integer : $0 }
    let type = DataType.list(values[0])
    return AggregateOverload(name: name, values + [.bigint], type, isOrderSensitive: true) {
      if values.count == 1, wanted <= TopNumbers.wantedMax, TopNumbers.takes(values[0]) {
        return TopNumbers(type, wanted: Int(wanted), wantsLess: wantsLess)
      }
      return CollectingAccumulator(values, skipsNulls: true) { columns, starts in
        let keys = columns[columns.count - 1]
        var output = ListBuilder(type, count: starts.count - 1, sources: [columns[0]])
        for group in 0..<starts.count - 1 {
          let rows = (starts[group]..<starts[group + 1]).filter { !keys.isNull($0) }
          if rows.isEmpty {
            output.endNull()
            continue
          }
          let start = output.elementCount
          let sorted = rows.sorted { left, right in
            let order = RowComparison.compare(keys, left, keys, right)
            return order == 0 ? left < right : (order < 0) == wantsLess
          }
          for row in sorted.prefix(Int(wanted)) { output.append(0, row) }
          output.endList(from: start)
        }
        return output.finish()
      }
    }
  }
}

/// min(value, n) and max(value, n) of numbers and times: each group has room for n of them, and keeps
/// those that are best so far in order.
private final class TopNumbers: Accumulator {
  private let type: DataType
  private let wanted: Int
  private let wantsLess: Bool
  /// n places for each group; less comes first.
  private let ranks = StateArray<Int64>()
  private let counts = StateArray<UInt32>()

  /// More would be a heap's work.
  static let wantedMax: Int64 = 64

  static func takes(_ type: DataType) -> Bool {
    type.physical == .int64 || type.physical == .double
  }

  init(_ type: DataType, wanted: Int, wantsLess: Bool) {
    self.type = type
    self.wanted = wanted
    self.wantsLess = wantsLess
  }

  func resize(to count: Int) {
    ranks.resize(to: count * wanted)
    counts.resize(to: count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let flip: Int64 = wantsLess ? 0 : -1
    if arguments[0].type.physical == .double {
      forEachValue(arguments[0], Double.self, count: count) { row, value in
        offer(DoubleKey.ordered(value) ^ flip, to: Int(groups[row]))
      }
    } else {
      forEachValue(arguments[0], Int64.self, count: count) { row, value in
        offer(value ^ flip, to: Int(groups[row]))
      }
    }
  }

  @inline(__always)
  private func offer(_ rank: Int64, to group: Int) {
    let own = ranks.states + group * wanted
    var count = Int(counts.states[group])
    if count == wanted {
      if rank >= own[wanted - 1] { return }
      count -= 1
    }
    var place = count
    while place > 0, own[place - 1] > rank {
      own[place] = own[place - 1]
      place -= 1
    }
    own[place] = rank
    counts.states[group] = UInt32(count + 1)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? TopNumbers else { return }
    for group in 0..<count {
      for place in 0..<Int(other.counts[group]) {
        offer(other.ranks[group * wanted + place], to: Int(mapping[group]))
      }
    }
  }

  func finish(count: Int) -> Vector {
    let flip: Int64 = wantsLess ? 0 : -1
    let total = (0..<count).reduce(0) { $0 + Int(counts[$1]) }
    let words = FlatBuilder<Int64>(count: total)
    let numbers = FlatBuilder<Double>(count: type.element == .double ? total : 0)
    var next = 0
    for group in 0..<count {
      for place in 0..<Int(counts[group]) {
        let rank = ranks[group * wanted + place] ^ flip
        if type.element == .double {
          numbers[next] = DoubleKey.value(ordered: rank)
        } else {
          words[next] = rank
        }
        next += 1
      }
    }
    let elements =
      type.element == .double ? numbers.finish(.double) : words.finish(type.element)
    var output = ListBuilder(type, count: count, sources: [elements])
    next = 0
    for group in 0..<count {
      let size = Int(counts[group])
      if size == 0 {
        output.endNull()
        continue
      }
      let start = output.elementCount
      for element in next..<next + size { output.append(0, element) }
      output.endList(from: start)
      next += size
    }
    return output.finish()
  }
}
