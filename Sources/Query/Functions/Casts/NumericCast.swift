import ColStore

/// Casts among numbers.
enum NumericCast {
  static func toDouble(_ vector: Vector, scale: Int) -> Vector {
    // A division of what a double holds, by a power of ten that is exact, rounds once, as the nearest
    // double should. Others are read from their digits.
    let divisor = Double(powersOfTen128[scale])
    let magnitudeMax = scale <= 22 ? exactMax : 0
    if vector.type.physical == .int64 {
      return mapUnary(vector, Int64.self, Double.self, to: .double) {
        $0.magnitude <= magnitudeMax || scale == 0
          ? Double($0) / divisor : nearest(Int128($0), scale)
      }
    }
    return mapUnary(vector, Int128.self, Double.self, to: .double) {
      $0.magnitude <= magnitudeMax || scale == 0
        ? WideNumber.double($0) / divisor : nearest($0, scale)
    }
  }

  /// The double nearest to `value` / 10^`scale`.
  private static func nearest(_ value: Int128, _ scale: Int) -> Double {
    Double("\(value)e-\(scale)") ?? WideNumber.double(value) / Double(powersOfTen128[scale])
  }

  /// Whole numbers up to this are doubles.
  private static let exactMax = 1 << 53

  static func fromDouble(
    _ vector: Vector, to target: DataType, isTry: Bool
  ) throws(QueryError) -> Vector {
    let count = vector.count
    let failure: (Double) -> QueryError = {
      QueryError(.value, "\($0) is out of range for \(target)")
    }
    switch target {
    case .decimal(let precision, let scale):
      let factor = Double(powersOfTen128[scale])
      let limit = Double(powersOfTen128[precision])
      let wide = target.physical == .int128
      func unscaled(_ value: Double) throws(QueryError) -> Double? {
        // HUGEINT rounds as the other integers do.
        let scaled = (value * factor).rounded(
          target == .hugeint ? .toNearestOrEven : .toNearestOrAwayFromZero)
        if scaled.magnitude < limit { return scaled }
        if isTry { return nil }
        throw failure(value)
      }
      if wide {
        return try mapRows(
          vector, Double.self, Int128.self, to: target, count: count, filler: 0
        ) { value throws(QueryError) in try unscaled(value).map { Int128($0) } }
      }
      return try mapRows(
        vector, Double.self, Int64.self, to: target, count: count, filler: 0
      ) { value throws(QueryError) in try unscaled(value).map { Int64($0) } }
    default:
      let bound = target == .integer ? 2_147_483_648.0 : 9_223_372_036_854_775_808.0
      return try mapRows(
        vector, Double.self, Int64.self, to: target, count: count, filler: 0
      ) { value throws(QueryError) in
        let rounded = value.rounded(.toNearestOrEven)
        if rounded < bound && rounded >= -bound { return Int64(rounded) }
        if isTry { return nil }
        throw failure(value)
      }
    }
  }

  /// An exact number of scale `from` as another exact type: half away from zero where digits go.
  static func rescale(
    _ vector: Vector, from: Int, to target: DataType, isTry: Bool
  ) throws(QueryError) -> Vector {
    let count = vector.count
    let to: Int
    let lowest: Int128
    let highest: Int128
    switch target {
    case .integer: (to, lowest, highest) = (0, Int128(Int32.min), Int128(Int32.max))
    case .bigint: (to, lowest, highest) = (0, Int128(Int64.min), Int128(Int64.max))
    case .decimal(let precision, let scale):
      to = scale
      highest = powersOfTen128[precision] - 1
      lowest = -highest
    default: throw QueryError(.type, "\(vector.type) cannot be cast to \(target)")
    }
    if let quick = quick(vector, from: from, to: to, target: target, lowest, highest) {
      return quick
    }
    let multiplier = to >= from ? powersOfTen128[to - from] : 1
    let divisor = to < from ? powersOfTen128[from - to] : 1
    func convert(_ value: Int128) throws(QueryError) -> Int128? {
      var (result, overflow) = value.multipliedReportingOverflow(by: multiplier)
      if divisor > 1 {
        let (quotient, rest) = result.quotientAndRemainder(dividingBy: divisor)
        result = quotient
        if rest.magnitude >= divisor.magnitude - rest.magnitude { result += value < 0 ? -1 : 1 }
      }
      if !overflow && result >= lowest && result <= highest { return result }
      overflow = true
      if isTry { return nil }
      throw QueryError(
        .value, "a value of type \(vector.type) is out of range for \(target)")
    }
    let narrowInput = vector.type.physical == .int64
    if target.physical == .int64 {
      if narrowInput {
        return try mapRows(
          vector, Int64.self, Int64.self, to: target, count: count, filler: 0
        ) { value throws(QueryError) in try convert(Int128(value)).map { Int64($0) } }
      }
      return try mapRows(
        vector, Int128.self, Int64.self, to: target, count: count, filler: 0
      ) { value throws(QueryError) in try convert(value).map { Int64($0) } }
    }
    if narrowInput {
      return try mapRows(
        vector, Int64.self, Int128.self, to: target, count: count, filler: 0
      ) { value throws(QueryError) in try convert(Int128(value)) }
    }
    return try mapRows(
      vector, Int128.self, Int128.self, to: target, count: count, filler: 0
    ) { value throws(QueryError) in try convert(value) }
  }

  /// Widening that cannot fail by the types alone, as a plain loop.
  private static func quick(
    _ vector: Vector, from: Int, to: Int, target: DataType, _ lowest: Int128, _ highest: Int128
  ) -> Vector? {
    guard to >= from, vector.type.physical == .int64,
      let (digits, scale) = ImplicitCast.decimalShape(vector.type)
    else { return nil }
    let factor = powersOfTen128[to - from]
    guard digits - scale + to <= 38, powersOfTen128[digits - scale + to] - 1 <= highest else {
      return nil
    }
    if target.physical == .int64 {
      if factor == 1 { return vector.retyped(target) }
      let narrow = Int64(factor)
      return mapUnary(vector, Int64.self, Int64.self, to: target) { $0 &* narrow }
    }
    return mapUnary(vector, Int64.self, Int128.self, to: target) { Int128($0) &* factor }
  }
}
