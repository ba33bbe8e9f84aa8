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
    case .time, .interval: type
    default: nil
    }
  }

  private static let median = AggregateFunction("median", signature: "median(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else {
      throw ImplicitCast.mismatch("median", types, "median(value)")
    }
    if let type = continuousType(types[0]) { return overload("median", [type], type, .half, true) }
    return overload("median", [types[0]], types[0], .half, false)
  }

  private static func quantile(
    _ name: String, aliases: [String], isContinuous: Bool
  ) -> AggregateFunction {
    let signature = "\(name)(value, fraction)"
    return AggregateFunction(name, aliases: aliases, signature: signature, isOrderedSet: true) {
      types, literals throws(QueryError) in
      guard types.count == 2, literals.count == 2, let literal = literals[1] else {
        throw QueryError(.type, "\(name) wants a value and a literal fraction: \(signature)")
      }
      let type = types[0] == .null ? .integer : types[0]
      let result = isContinuous ? continuousType(type) : type
      guard let result else { throw ImplicitCast.mismatch(name, types, signature) }
      if case .list(let elements) = literal {
        var fractions: [Fraction] = []
        for element in elements {
          fractions.append(try self.fraction(element, types[1].element, name))
        }
        guard Set(fractions.map(\.isDescending)).count < 2 else {
          throw QueryError(.value, "the fractions of \(name) have one sign")
        }
        return lists(name, result, types[1], fractions, isContinuous)
      }
      let fraction = try self.fraction(literal, types[1], name)
      return overload(name, [result, types[1]], result, fraction, isContinuous)
    }
  }

  private static func fraction(
    _ literal: Value, _ type: DataType, _ name: String
  ) throws(QueryError) -> Fraction {
    guard let fraction = Fraction(literal, type), fraction.share <= 1 else {
      throw QueryError(
        .value, "the fraction of \(name) lies between 0 and 1, or between -1 and 0 to descend")
    }
    return fraction
  }

  /// Several quantiles at once, as a list.
  private static func lists(
    _ name: String, _ type: DataType, _ parameter: DataType, _ fractions: [Fraction],
    _ isContinuous: Bool
  ) -> AggregateOverload {
    let list = DataType.list(type)
    return aggregate(name, [type, parameter], list, fractions, isContinuous) { results, sizes in
      var output = ListBuilder(list, count: sizes.count, sources: results)
      for (group, size) in sizes.enumerated() {
        if size == 0 {
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

  private static func overload(
    _ name: String, _ parameters: [DataType], _ type: DataType, _ fraction: Fraction,
    _ isContinuous: Bool
  ) -> AggregateOverload {
    aggregate(name, parameters, type, [fraction], isContinuous) { results, _ in results[0] }
  }

  /// The fraction, or list of them, with the sign that says the values descend; nil where it has that
  /// sign, or is no fraction.
  static func negated(_ literal: Value, _ type: DataType) -> (value: Value, type: DataType)? {
    if case .list(let elements) = literal {
      let negative = elements.compactMap { negated($0, type.element) }
      guard negative.count == elements.count else { return nil }
      if let first = negative.first?.type, negative.allSatisfy({ $0.type == first }) {
        return (.list(negative.map(\.value)), .list(first))
      }
      // Zero is descending as DOUBLE alone.
      let doubles = elements.compactMap {
        Fraction($0, type.element).map { Value.double(-$0.share) }
      }
      return (.list(doubles), .list(.double))
    }
    guard let fraction = Fraction(literal, type), !fraction.isDescending else { return nil }
    switch literal {
    case .int64(let value) where value != 0: return (.int64(-value), type)
    default: return (.double(-fraction.share), .double)
    }
  }

  /// Which part of the values lies below a quantile.
  private struct Fraction {
    let share: Double
    /// It counts from the greatest value: so says a sign, even that of -0.0.
    let isDescending: Bool
    /// A DECIMAL's: so many of `scale`.
    private let parts: (count: Int128, scale: Int128)?

    static let half = Fraction(share: 0.5, isDescending: false, parts: (1, 2))

    private init(share: Double, isDescending: Bool, parts: (count: Int128, scale: Int128)?) {
      self.share = share
      self.isDescending = isDescending
      self.parts = parts
    }

    init?(_ value: Value, _ type: DataType) {
      let scale: Int
      if case .decimal(_, let digits) = type { scale = digits } else { scale = 0 }
      let count: Int128
      switch value {
      case .double(let value):
        if value.isNaN { return nil }
        self.init(share: abs(value), isDescending: value.sign == .minus, parts: nil)
        return
      case .int64(let value): count = Int128(value)
      case .int128(let value): count = value
      default: return nil
      }
      let whole = powersOfTen128[scale]
      self.init(
        share: abs(Double(count) / Double(whole)), isDescending: count < 0,
        parts: (abs(count), whole))
    }

    /// How many of `size` values lie above it, in whole.
    func countAbove(of size: Int) -> Int {
      if let (count, scale) = parts {
        let product = Int128(size).multipliedReportingOverflow(by: scale - count)
        if !product.overflow { return Int(product.partialValue / scale) }
      }
      return Int((Double(size) - Double(size) * share).rounded(.down))
    }
  }

  /// Where a quantile lies among ascending values: at two ranks, from 0, or between them.
  private struct Place {
    let low: Int
    let high: Int
    let weight: Double

    init(_ fraction: Fraction, of size: Int, isContinuous: Bool) {
      var (first, second) = (0, 0)
      if isContinuous {
        let place = Double(size - 1) * fraction.share
        first = Int(place.rounded(.down))
        second = Int(place.rounded(.up))
        weight = place - place.rounded(.down)
      } else {
        // The value at ceil(size × share), counted from 1.
        first = max(size - fraction.countAbove(of: size), 1) - 1
        second = first
        weight = 0
      }
      low = fraction.isDescending ? size - 1 - first : first
      high = fraction.isDescending ? size - 1 - second : second
    }
  }

  /// `finish` gets a vector of results for each fraction, and how many values each group has.
  private static func aggregate(
    _ name: String, _ parameters: [DataType], _ result: DataType, _ fractions: [Fraction],
    _ isContinuous: Bool,
    finish: @escaping @Sendable (_ results: [Vector], _ sizes: [Int]) -> Vector
  ) -> AggregateOverload {
    let type = parameters[0]
    @Sendable func place(_ fraction: Fraction, _ size: Int) -> Place {
      Place(fraction, of: size, isContinuous: isContinuous)
    }
    return AggregateOverload(name: name, parameters, result) {
      switch type.physical {
      case .int64, .double:
        RankAccumulator(
          type, rankCount: 2 * fractions.count,
          ranks: { size in
            fractions.flatMap { fraction in
              let place = place(fraction, size)
              return [place.low, place.high]
            }
          }
        ) { found in
          let results = fractions.enumerated().map { index, fraction in
            let ranks = (low: 2 * index, high: 2 * index + 1)
            return type.physical == .double
              ? doubles(found, ranks) { place(fraction, $0) }
              : integers(found, ranks, type) { place(fraction, $0) }
          }
          return finish(results, found.sizes)
        }
      default:
        CollectingAccumulator(parameters, skipsNulls: true) { columns, starts in
          let sorted = sortedWithinGroups(columns[0], starts)
          let sizes = (1..<max(starts.count, 1)).map { starts[$0] - starts[$0 - 1] }
          let results = fractions.map { fraction in
            switch type.physical {
            case .int128 where isContinuous: wides(sorted, starts, type) { place(fraction, $0) }
            case .interval where isContinuous: intervals(sorted, starts) { place(fraction, $0) }
            default: picked(sorted, starts, type) { place(fraction, $0).low }
            }
          }
          return finish(results, sizes)
        }
      }
    }
  }

  /// The values with each group's in ascending order.
  private static func sortedWithinGroups(_ vector: Vector, _ starts: [Int]) -> Vector {
    let count = vector.count
    if count == 0 { return vector }
    let order = SortOrder.rows(
      [SortColumn(vector: vector, descending: false, nullsFirst: false)], within: starts)
    return vector.select(order.pointer, count: count).flat()
  }

  private static func picked(
    _ sorted: Vector, _ starts: [Int], _ type: DataType, rank: (_ size: Int) -> Int
  ) -> Vector {
    let groupCount = starts.count - 1
    return RowPicker.pick(
      (0..<groupCount).map { group in
        let size = starts[group + 1] - starts[group]
        return size == 0 ? nil : (vector: sorted, row: starts[group] + rank(size))
      }, type: type, count: groupCount)
  }

  private static func doubles(
    _ found: RankAccumulator.Found, _ ranks: (low: Int, high: Int), place: (_ size: Int) -> Place
  ) -> Vector {
    var output = FlatBuilder<Double>(count: found.sizes.count)
    for (group, size) in found.sizes.enumerated() {
      if size == 0 {
        output.setNull(group, filler: 0)
        continue
      }
      let place = place(size)
      let (low, high) = (
        found.value(group, ranks.low, Double.self), found.value(group, ranks.high, Double.self)
      )
      output[group] =
        place.low == place.high ? low : low * (1 - place.weight) + high * place.weight
    }
    return output.finish(.double)
  }

  private static func integers(
    _ found: RankAccumulator.Found, _ ranks: (low: Int, high: Int), _ type: DataType,
    place: (_ size: Int) -> Place
  ) -> Vector {
    var output = FlatBuilder<Int64>(count: found.sizes.count)
    for (group, size) in found.sizes.enumerated() {
      if size == 0 {
        output.setNull(group, filler: 0)
        continue
      }
      output[group] = between(
        found.value(group, ranks.low, Int64.self), found.value(group, ranks.high, Int64.self),
        place(size).weight, isTime: type == .timestamp || type == .time)
    }
    return output.finish(type)
  }

  private static func wides(
    _ sorted: Vector, _ starts: [Int], _ type: DataType, place: (_ size: Int) -> Place
  ) -> Vector {
    let groupCount = starts.count - 1
    let values = sorted.pointer(Int128.self)
    var output = FlatBuilder<Int128>(count: groupCount)
    for group in 0..<groupCount {
      let size = starts[group + 1] - starts[group]
      if size == 0 {
        output.setNull(group, filler: 0)
        continue
      }
      let place = place(size)
      let (low, high) = (values[starts[group] + place.low], values[starts[group] + place.high])
      let step = (Double(high &- low) * place.weight).rounded(.towardZero)
      output[group] = low &+ (Int128(exactly: step) ?? 0)
    }
    return withExtendedLifetime(sorted) { output.finish(type) }
  }

  /// Of intervals that differ, the one between them has days and time alone.
  private static func intervals(
    _ sorted: Vector, _ starts: [Int], place: (_ size: Int) -> Place
  ) -> Vector {
    let groupCount = starts.count - 1
    let values = sorted.pointer(Interval.self)
    var output = FlatBuilder<Interval>(count: groupCount)
    for group in 0..<groupCount {
      let size = starts[group + 1] - starts[group]
      if size == 0 {
        output.setNull(group, filler: Interval())
        continue
      }
      let place = place(size)
      let (low, high) = (values[starts[group] + place.low], values[starts[group] + place.high])
      let (from, to) = (low.totalMicroseconds, high.totalMicroseconds)
      if place.weight == 0 || from == to {
        output[group] = low
        continue
      }
      let total = from + Int128((Double(to - from) * place.weight).rounded())
      let (days, time) = total.quotientAndRemainder(dividingBy: Int128(microsecondsPerDay))
      output[group] = Interval(
        days: Int32(truncatingIfNeeded: days), microseconds: Int64(truncatingIfNeeded: time))
    }
    return withExtendedLifetime(sorted) { output.finish(.interval) }
  }

  /// The value `weight` of the way between two others: times are rounded, decimals cut off.
  private static func between(
    _ low: Int64, _ high: Int64, _ weight: Double, isTime: Bool
  ) -> Int64 {
    if low == high { return low }
    let (start, end) = (Double(low), Double(high))
    if isTime {
      let value = start * (1 - weight) + end * weight
      return Int64(exactly: value.rounded(.toNearestOrAwayFromZero)) ?? low
    }
    let value = start.addingProduct(end - start, weight)
    return Int64(exactly: value.rounded(.towardZero)) ?? low
  }

  /// The most frequent value; the first to appear of equals.
  private static let mode = AggregateFunction("mode", signature: "mode(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else { throw ImplicitCast.mismatch("mode", types, "mode(value)") }
    let type = types[0] == .null ? .integer : types[0]
    return AggregateOverload(name: "mode", [type], type, isOrderSensitive: true) {
      TallyAccumulator(type) { mostFrequent(type, $0, groupCount: $1) }
    }
  }

  private static func mostFrequent(
    _ type: DataType, _ values: ValueTally, groupCount: Int
  ) -> Vector {
    let (groups, keys) = values.keys
    let group = groups.pointer(Int64.self)
    var best = [Int?](repeating: nil, count: groupCount)
    for number in 0..<keys.count {
      let own = Int(group[number])
      if best[own].map({ values.counts[number] > values.counts[$0] }) ?? true {
        best[own] = number
      }
    }
    return withExtendedLifetime(groups) {
      RowPicker.pick(
        best.lazy.map { number in number.map { (vector: keys, row: $0) } }, type: type,
        count: groupCount)
    }
  }
}
