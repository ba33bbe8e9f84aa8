import ColStore

/// median, quantile_cont, quantile_disc, mode, mad: aggregates of a sorted group.
enum Quantiles {
  static let functions: [AggregateFunction] = [
    median,
    quantile("quantile_cont", aliases: [], isContinuous: true),
    quantile("quantile_disc", aliases: ["quantile", "approx_quantile"], isContinuous: false),
    mode,
  ]

  /// What quantiles between two values are: DOUBLE for integers, times for dates; text has none.
  private static func continuousType(_ type: DataType) -> DataType? {
    switch type {
    case .integer, .bigint, .double, .null: .double
    case .decimal(let precision, _): precision == 38 && type == .hugeint ? .double : type
    case .date, .timestamp: .timestamp
    default: nil
    }
  }

  private static let median = AggregateFunction("median", signature: "median(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else {
      throw ImplicitCast.mismatch("median", types, "median(value)")
    }
    if let type = continuousType(types[0]) { return overload("median", [type], type, 0.5, true) }
    return overload("median", [types[0]], types[0], 0.5, false)
  }

  private static func quantile(
    _ name: String, aliases: [String], isContinuous: Bool
  ) -> AggregateFunction {
    let signature = "\(name)(value, fraction)"
    return AggregateFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      guard types.count == 2, literals.count == 2, let literal = literals[1] else {
        throw QueryError(.type, "\(name) wants a value and a literal fraction: \(signature)")
      }
      let type = types[0] == .null ? .integer : types[0]
      let result = isContinuous ? continuousType(type) : type
      guard let result else { throw ImplicitCast.mismatch(name, types, signature) }
      if case .list(let elements) = literal {
        var fractions: [Double] = []
        for element in elements {
          fractions.append(try self.fraction(element, types[1].element, name))
        }
        return lists(name, result, types[1], fractions, isContinuous)
      }
      let fraction = try self.fraction(literal, types[1], name)
      return overload(name, [result, types[1]], result, fraction, isContinuous)
    }
  }

  private static func fraction(
    _ literal: Value, _ type: DataType, _ name: String
  ) throws(QueryError) -> Double {
    guard let fraction = number(literal, type), fraction >= 0, fraction <= 1 else {
      throw QueryError(.value, "the fraction of \(name) lies between 0 and 1")
    }
    return fraction
  }

  /// Several quantiles at once, as a list.
  private static func lists(
    _ name: String, _ type: DataType, _ parameter: DataType, _ fractions: [Double],
    _ isContinuous: Bool
  ) -> AggregateOverload {
    let list = DataType.list(type)
    return AggregateOverload(name: name, [type, parameter], list) {
      CollectingAccumulator([type, parameter], skipsNulls: true) { columns, starts in
        let sorted = ordered(columns[0], starts, fractions)
        let results = fractions.map { fraction in
          isContinuous
            ? interpolated(sorted, starts, fraction, type) : picked(sorted, starts, fraction, type)
        }
        var output = ListBuilder(list, count: starts.count - 1, sources: results)
        for group in 0..<starts.count - 1 {
          if starts[group] == starts[group + 1] {
            output.endNull()
            continue
          }
          let start = output.elementCount
          for source in results.indices { output.append(source, group) }
          output.endList(from: start)
        }
        return output.finish()
      }
    }
  }

  private static func number(_ value: Value, _ type: DataType) -> Double? {
    switch (value, type) {
    case (.double(let value), _): value
    case (.int64(let value), .decimal(_, let scale)): Double(value) / Double(powersOfTen128[scale])
    case (.int64(let value), _): Double(value)
    case (.int128(let value), .decimal(_, let scale)):
      Double(value) / Double(powersOfTen128[scale])
    default: nil
    }
  }

  private static func overload(
    _ name: String, _ parameters: [DataType], _ type: DataType, _ fraction: Double,
    _ isContinuous: Bool
  ) -> AggregateOverload {
    AggregateOverload(name: name, parameters, type) {
      CollectingAccumulator(parameters, skipsNulls: true) { columns, starts throws(QueryError) in
        let sorted = ordered(columns[0], starts, [fraction])
        return isContinuous
          ? interpolated(sorted, starts, fraction, type) : picked(sorted, starts, fraction, type)
      }
    }
  }

  /// The values, of each group those of the fractions' ranks where ascending order puts them.
  private static func ordered(
    _ vector: Vector, _ starts: [Int], _ fractions: [Double]
  ) -> Vector {
    let isDouble = vector.type.physical == .double
    guard isDouble || vector.type.physical == .int64, vector.count > 0 else {
      return sortedWithinGroups(vector, starts)
    }
    let rows = Rows<Int64>(vector)
    let keys = Buffer(Int64.self, count: vector.count)
    let key = keys.pointer(Int64.self)
    for row in 0..<vector.count {
      let bits = rows[row]
      key[row] = isDouble ? DoubleKey.ordered(Double(bitPattern: UInt64(bitPattern: bits))) : bits
    }
    for group in 0..<starts.count - 1 {
      let range = starts[group]..<starts[group + 1]
      if range.isEmpty { continue }
      let places = fractions.flatMap { fraction in
        let place = Double(range.count - 1) * fraction
        return [
          Int(place.rounded(.down)), Int(place.rounded(.up)),
          discreteRank(of: range.count, fraction),
        ]
      }
      RankSelection.arrange(key, range, places: Set(places).sorted().map { range.lowerBound + $0 })
    }
    if isDouble {
      for row in 0..<vector.count {
        key[row] = Int64(bitPattern: DoubleKey.value(ordered: key[row]).bitPattern)
      }
    }
    return withExtendedLifetime(vector) {
      Vector(flat: vector.type, count: vector.count, values: keys)
    }
  }

  /// The place of the value at ceil(n × fraction), from 1.
  private static func discreteRank(of size: Int, _ fraction: Double) -> Int {
    min(max(Int((Double(size) * fraction).rounded(.up)), 1), size) - 1
  }

  /// The values with each group's in ascending order.
  static func sortedWithinGroups(_ vector: Vector, _ starts: [Int]) -> Vector {
    let count = vector.count
    if count == 0 { return vector }
    let order = SortOrder.rows(
      [SortColumn(vector: vector, descending: false, nullsFirst: false)], within: starts)
    return vector.select(order.pointer, count: count).flat()
  }

  /// The value at ceil(n × fraction), from 1.
  private static func picked(
    _ sorted: Vector, _ starts: [Int], _ fraction: Double, _ type: DataType
  ) -> Vector {
    let groupCount = starts.count - 1
    return RowPicker.pick(
      (0..<groupCount).map { group in
        let size = starts[group + 1] - starts[group]
        if size == 0 { return nil }
        return (vector: sorted, row: starts[group] + discreteRank(of: size, fraction))
      }, type: type, count: groupCount)
  }

  private static func interpolated(
    _ sorted: Vector, _ starts: [Int], _ fraction: Double, _ type: DataType
  ) -> Vector {
    let groupCount = starts.count - 1
    func ends(_ group: Int) -> (low: Int, high: Int, weight: Double)? {
      let size = starts[group + 1] - starts[group]
      if size == 0 { return nil }
      let place = Double(size - 1) * fraction
      let low = Int(place.rounded(.down))
      let high = Int(place.rounded(.up))
      return (starts[group] + low, starts[group] + high, place - Double(low))
    }
    switch type.physical {
    case .double:
      let values = sorted.pointer(Double.self)
      var output = FlatBuilder<Double>(count: groupCount)
      for group in 0..<groupCount {
        if let (low, high, weight) = ends(group) {
          output[group] =
            low == high ? values[low] : values[low] * (1 - weight) + values[high] * weight
        } else {
          output.setNull(group, filler: 0)
        }
      }
      return withExtendedLifetime(sorted) { output.finish(type) }
    case .int64:
      let values = sorted.pointer(Int64.self)
      var output = FlatBuilder<Int64>(count: groupCount)
      for group in 0..<groupCount {
        if let (low, high, weight) = ends(group) {
          output[group] = between(values[low], values[high], weight, isTime: type == .timestamp)
        } else {
          output.setNull(group, filler: 0)
        }
      }
      return withExtendedLifetime(sorted) { output.finish(type) }
    default:
      let values = sorted.pointer(Int128.self)
      var output = FlatBuilder<Int128>(count: groupCount)
      for group in 0..<groupCount {
        if let (low, high, weight) = ends(group) {
          let step = (Double(values[high] &- values[low]) * weight).rounded(.towardZero)
          output[group] = values[low] &+ (Int128(exactly: step) ?? 0)
        } else {
          output.setNull(group, filler: 0)
        }
      }
      return withExtendedLifetime(sorted) { output.finish(type) }
    }
  }

  /// The value `weight` of the way between two others: times are rounded, decimals cut off.
  private static func between(
    _ low: Int64, _ high: Int64, _ weight: Double, isTime: Bool
  ) -> Int64 {
    if low == high { return low }
    if isTime {
      // The product in two parts, so that not even centuries lose a microsecond.
      let distance = high &- low
      let coarse = Double(distance)
      let product = coarse * weight
      let lost = (-product).addingProduct(coarse, weight)
      let whole = product.rounded(.down)
      let unseen = Double(distance &- (Int64(exactly: coarse) ?? distance)) * weight
      let rest = (product - whole + lost + unseen).rounded(.toNearestOrAwayFromZero)
      return low &+ (Int64(exactly: whole) ?? 0) &+ (Int64(exactly: rest) ?? 0)
    }
    let (start, end) = (Double(low), Double(high))
    let value = start.addingProduct(end - start, weight)
    return Int64(exactly: value.rounded(.towardZero)) ?? low
  }

  /// The most frequent value; the first to appear of equals.
  private static let mode = AggregateFunction("mode", signature: "mode(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else { throw ImplicitCast.mismatch("mode", types, "mode(value)") }
    let type = types[0] == .null ? .integer : types[0]
    return AggregateOverload(name: "mode", [type], type, isOrderSensitive: true) {
      CollectingAccumulator([type], skipsNulls: true) { columns, starts in
        let groupCount = starts.count - 1
        return RowPicker.pick(
          (0..<groupCount).map { group in
            let size = starts[group + 1] - starts[group]
            if size == 0 { return nil }
            let slice = columns[0].slice(offset: starts[group], count: size)
            let table = HashGrouping.make([type])
            let numbers = Buffer(UInt32.self, count: size)
            table.assign([slice], count: size, into: numbers.pointer(UInt32.self))
            var counts = [Int](repeating: 0, count: table.count)
            var first = [Int](repeating: 0, count: table.count)
            for row in (0..<size).reversed() {
              let number = Int(numbers.pointer(UInt32.self)[row])
              counts[number] += 1
              first[number] = row
            }
            var best = 0
            for number in counts.indices where counts[number] > counts[best] { best = number }
            return withExtendedLifetime(numbers) {
              (vector: columns[0], row: starts[group] + first[best])
            }
          }, type: type, count: groupCount)
      }
    }
  }
}
