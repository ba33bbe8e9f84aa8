import ColStore

/// Variances and their like, by Welford's update and Chan's merge.
enum Moments {
  static let functions: [AggregateFunction] = [
    function("stddev_samp", aliases: ["stddev"]) { state in
      state.count > 1 ? (state.squares / (state.count - 1)).squareRoot() : nil
    },
    function("stddev_pop") { state in
      state.count > 0 ? state.populationVariance.squareRoot() : nil
    },
    function("var_samp", aliases: ["variance"]) { state in
      state.count > 1 ? state.squares / (state.count - 1) : nil
    },
    function("var_pop") { state in state.count > 0 ? state.populationVariance : nil },
    function("sem") { state in
      state.count > 0
        ? (state.squares / state.count).squareRoot() / state.count.squareRoot() : nil
    },
    pairs("covar_samp") { state in state.count > 1 ? state.products / (state.count - 1) : nil },
    pairs("covar_pop") { state in state.count > 0 ? state.products / state.count : nil },
    pairs("corr") { state in
      guard state.count > 0 else { return nil }
      let spread =
        (state.xSquares / state.count).squareRoot() * (state.ySquares / state.count).squareRoot()
      return state.products / state.count / spread
    },
    pairs("regr_slope") { state in
      state.count > 0 ? state.products / state.xSquares : nil
    },
    pairs("regr_intercept") { state in
      let slope = state.products / state.xSquares
      return state.count > 0 && !slope.isNaN ? state.yMean - slope * state.xMean : nil
    },
    pairs("regr_r2") { state in
      guard state.count > 0, state.xSquares != 0 else { return nil }
      if state.ySquares == 0 { return 1 }
      return state.products * state.products / (state.xSquares * state.ySquares)
    },
    pairs("regr_count", result: .bigint) { state in state.count },
    pairs("regr_avgx") { state in state.count > 0 ? state.xSum / state.count : nil },
    pairs("regr_avgy") { state in state.count > 0 ? state.ySum / state.count : nil },
    pairs("regr_sxx") { state in state.count > 0 ? (state.count > 1 ? state.xSquares : 0) : nil },
    pairs("regr_syy") { state in state.count > 0 ? (state.count > 1 ? state.ySquares : 0) : nil },
    pairs("regr_sxy") { state in state.count > 0 ? state.products : nil },
  ]

  struct State: BitwiseCopyable {
    var count = 0.0
    var mean = 0.0
    /// The sum of squared distances from the mean.
    var squares = 0.0

    /// Zero of one value, whatever it is.
    var populationVariance: Double { count > 1 ? squares / count : 0 }

    mutating func add(_ value: Double) {
      count += 1
      let distance = value - mean
      mean += distance / count
      squares += distance * (value - mean)
    }

    mutating func merge(_ other: State) {
      if other.count == 0 { return }
      if count == 0 {
        self = other
        return
      }
      let total = count + other.count
      let distance = other.mean - mean
      squares += other.squares + distance * distance * count * other.count / total
      mean = (mean * count + other.mean * other.count) / total
      count = total
    }
  }

  struct PairState: BitwiseCopyable {
    var count = 0.0
    var xSum = 0.0
    var ySum = 0.0
    var xMean = 0.0
    var yMean = 0.0
    var xSquares = 0.0
    var ySquares = 0.0
    var products = 0.0

    mutating func add(_ x: Double, _ y: Double) {
      count += 1
      xSum += x
      ySum += y
      let xDistance = x - xMean
      let yDistance = y - yMean
      xMean += xDistance / count
      yMean += yDistance / count
      xSquares += xDistance * (x - xMean)
      ySquares += yDistance * (y - yMean)
      products += xDistance * (y - yMean)
    }

    mutating func merge(_ other: PairState) {
      if other.count == 0 { return }
      if count == 0 {
        self = other
        return
      }
      let total = count + other.count
      let x = other.xMean - xMean
      let y = other.yMean - yMean
      let weight = count * other.count / total
      xSquares += other.xSquares + x * x * weight
      ySquares += other.ySquares + y * y * weight
      products += other.products + x * y * weight
      xSum += other.xSum
      ySum += other.ySum
      xMean += x * other.count / total
      yMean += y * other.count / total
      count = total
    }
  }

  private static func function(
    _ name: String, aliases: [String] = [], _ result: @escaping @Sendable (State) -> Double?
  ) -> AggregateFunction {
    AggregateFunction(name, aliases: aliases, signature: "\(name)(number)") {
      types, _ throws(QueryError) in
      guard types.count == 1, types[0].isNumeric || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(number)")
      }
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        MomentAccumulator(result)
      }
    }
  }

  /// Of two numbers: y first, then x, as SQL has it.
  private static func pairs(
    _ name: String, result type: DataType = .double,
    _ result: @escaping @Sendable (PairState) -> Double?
  ) -> AggregateFunction {
    AggregateFunction(name, signature: "\(name)(y, x)") { types, _ throws(QueryError) in
      guard types.count == 2, types.allSatisfy({ $0.isNumeric || $0 == .null }) else {
        throw ImplicitCast.mismatch(name, types, "\(name)(y, x)")
      }
      return AggregateOverload(name: name, [.double, .double], type, isOrderSensitive: true) {
        PairAccumulator(type, result)
      }
    }
  }
}

private final class MomentAccumulator: Accumulator {
  private let states = StateArray<Moments.State>()
  private let result: (Moments.State) -> Double?

  init(_ result: @escaping (Moments.State) -> Double?) { self.result = result }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.states
    forEachValue(arguments[0], Double.self, count: count) { row, value in
      states[Int(groups[row])].add(value)
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? MomentAccumulator else { return }
    for group in 0..<count { states.states[Int(mapping[group])].merge(other.states[group]) }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      if let value = result(states[group]) {
        output[group] = value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    return output.finish(.double)
  }
}

private final class PairAccumulator: Accumulator {
  private let states = StateArray<Moments.PairState>()
  private let type: DataType
  private let result: (Moments.PairState) -> Double?

  init(_ type: DataType, _ result: @escaping (Moments.PairState) -> Double?) {
    self.type = type
    self.result = result
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let y = Rows<Double>(arguments[0])
    let x = Rows<Double>(arguments[1])
    for row in 0..<count where !y.isNull(row) && !x.isNull(row) {
      states.states[Int(groups[row])].add(x[row], y[row])
    }
    withExtendedLifetime(arguments) {}
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? PairAccumulator else { return }
    for group in 0..<count { states.states[Int(mapping[group])].merge(other.states[group]) }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      if let value = result(states[group]) {
        output[group] = value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    let vector = output.finish(.double)
    return type == .double ? vector : try Cast.cast(vector, to: type)
  }
}
