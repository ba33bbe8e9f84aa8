import ColStore

/// Variances and their like. The first values of a group are folded in by Welford's update, later ones
/// as their distances from the mean that the earlier ones had, which needs no division; groups are put
/// together by Chan's formula.
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
      state.count > 0 ? correlation(state) : nil
    },
    pairs("regr_slope") { state in
      state.count > 0 ? state.products / state.xSquares : nil
    },
    pairs("regr_intercept") { state in
      let slope = state.products / state.xSquares
      return state.count > 0 && !slope.isNaN ? state.yMean - slope * state.xMean : nil
    },
    pairs("regr_r2") { state in
      guard state.count > 1, state.xSquares != 0 else { return nil }
      if state.ySquares == 0 { return 1 }
      let correlation = correlation(state)
      return correlation * correlation
    },
    pairs("regr_count", result: .bigint) { state in state.count },
    pairs("regr_avgx") { state in state.count > 0 ? state.xSum / state.count : nil },
    pairs("regr_avgy") { state in state.count > 0 ? state.ySum / state.count : nil },
    pairs("regr_sxx") { state in state.count > 0 ? (state.count > 1 ? state.xSquares : 0) : nil },
    pairs("regr_syy") { state in state.count > 0 ? (state.count > 1 ? state.ySquares : 0) : nil },
    pairs("regr_sxy") { state in state.count > 0 ? state.products : nil },
  ]

  /// By the spreads of either side, whose product may be finite where that of the squares is not.
  private static func correlation(_ state: PairState) -> Double {
    let spread =
      (state.xSquares / state.count).squareRoot() * (state.ySquares / state.count).squareRoot()
    return state.products / state.count / spread
  }

  /// Values up to this number are folded in by Welford's update.
  private static let firstValues = 16.0

  /// Whether the mean moves to all values so far: at powers of two, so that what later ones are apart
  /// from it stays of the size of their spread, and no digits cancel.
  @inline(__always)
  private static func settles(_ count: Double) -> Bool { count.significandBitPattern == 0 }

  struct State: MomentState {
    private(set) var count = 0.0
    private(set) var mean = 0.0
    /// The sum of squared distances from the mean.
    private(set) var squares = 0.0
    /// The sum of distances from the mean, of the values that are not yet part of it.
    private var distances = 0.0

    /// Zero of one value, whatever it is.
    var populationVariance: Double { count > 1 ? squares / count : 0 }

    @inline(__always)
    static func forEach(_ arguments: [Vector], count: Int, _ body: (Int, Double) -> Void) {
      forEachValue(arguments[0], Double.self, count: count, body)
    }

    @inline(__always)
    mutating func add(_ value: Double) {
      count += 1
      let distance = value - mean
      if count <= firstValues {
        mean += distance / count
        squares += distance * (value - mean)
        return
      }
      distances += distance
      squares += distance * distance
      if settles(count) { settle() }
    }

    mutating func settle() {
      if distances == 0 { return }
      let shift = distances / count
      mean += shift
      squares = Moments.spread(squares - distances * shift)
      distances = 0
    }

    mutating func merge(_ other: State) {
      var other = other
      other.settle()
      settle()
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

  struct PairState: MomentState {
    private(set) var count = 0.0
    private(set) var xSum = 0.0
    private(set) var ySum = 0.0
    private(set) var xMean = 0.0
    private(set) var yMean = 0.0
    private(set) var xSquares = 0.0
    private(set) var ySquares = 0.0
    private(set) var products = 0.0
    private var xDistances = 0.0
    private var yDistances = 0.0

    /// The rows where both are there, y first, as SQL has it.
    @inline(__always)
    static func forEach(
      _ arguments: [Vector], count: Int, _ body: (Int, (x: Double, y: Double)) -> Void
    ) {
      let (first, second) = (arguments[0], arguments[1])
      if first.layout == .flat, second.layout == .flat, !first.mayHaveNulls, !second.mayHaveNulls {
        let (y, x) = (first.pointer(Double.self), second.pointer(Double.self))
        for row in 0..<count { body(row, (x[row], y[row])) }
      } else {
        let (y, x) = (Rows<Double>(first), Rows<Double>(second))
        for row in 0..<count where !y.isNull(row) && !x.isNull(row) {
          body(row, (x[row], y[row]))
        }
      }
    }

    @inline(__always)
    mutating func add(_ pair: (x: Double, y: Double)) {
      count += 1
      xSum += pair.x
      ySum += pair.y
      let xDistance = pair.x - xMean
      let yDistance = pair.y - yMean
      if count <= firstValues {
        xMean += xDistance / count
        yMean += yDistance / count
        xSquares += xDistance * (pair.x - xMean)
        ySquares += yDistance * (pair.y - yMean)
        products += xDistance * (pair.y - yMean)
        return
      }
      xDistances += xDistance
      yDistances += yDistance
      xSquares += xDistance * xDistance
      ySquares += yDistance * yDistance
      products += xDistance * yDistance
      if settles(count) { settle() }
    }

    mutating func settle() {
      if xDistances == 0 && yDistances == 0 { return }
      let (xShift, yShift) = (xDistances / count, yDistances / count)
      xMean += xShift
      yMean += yShift
      xSquares = Moments.spread(xSquares - xDistances * xShift)
      ySquares = Moments.spread(ySquares - yDistances * yShift)
      products -= xDistances * yShift
      xDistances = 0
      yDistances = 0
    }

    mutating func merge(_ other: PairState) {
      var other = other
      other.settle()
      settle()
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

  /// A sum of squares, which rounding must not make negative.
  private static func spread(_ squares: Double) -> Double { squares < 0 ? 0 : squares }

  private static func function(
    _ name: String, aliases: [String] = [], _ result: @escaping @Sendable (State) -> Double?
  ) -> AggregateFunction {
    AggregateFunction(name, aliases: aliases, signature: "\(name)(number)") {
      types, _ throws(QueryError) in
      guard types.count == 1, types[0].isNumeric || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(number)")
      }
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        MomentAccumulator(.double, result)
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

/// What is known of the values of a group; all zero to begin with.
private protocol MomentState: BitwiseCopyable {
  associatedtype Row
  /// Calls `body` with each row that has no NULL.
  static func forEach(_ arguments: [Vector], count: Int, _ body: (Int, Row) -> Void)
  mutating func add(_ row: Row)
  mutating func merge(_ other: Self)
  /// Makes the means those of all rows.
  mutating func settle()
}

/// The states of all groups, and what a group's state comes to.
private struct MomentStates<State: MomentState> {
  private let states = StateArray<State>()
  let type: DataType
  let result: (State) -> Double?

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, _ arguments: [Vector], count: Int) {
    let states = states.states
    State.forEach(arguments, count: count) { row, value in states[Int(groups[row])].add(value) }
  }

  func updateOnlyGroup(_ arguments: [Vector], count: Int) {
    var state = states[0]
    State.forEach(arguments, count: count) { _, value in state.add(value) }
    states[0] = state
  }

  func merge(_ other: MomentStates, mapping: UnsafePointer<UInt32>, count: Int) {
    for group in 0..<count { states.states[Int(mapping[group])].merge(other.states[group]) }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      var state = states[group]
      state.settle()
      if let value = result(state) {
        output[group] = value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    let vector = output.finish(.double)
    return type == .double ? vector : try Cast.cast(vector, to: type)
  }
}

private final class MomentAccumulator: Accumulator {
  private let states: MomentStates<Moments.State>

  init(_ type: DataType, _ result: @escaping (Moments.State) -> Double?) {
    states = MomentStates(type: type, result: result)
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    states.update(groups: groups, arguments, count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    states.updateOnlyGroup(arguments, count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? MomentAccumulator else { return }
    states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try states.finish(count: count) }
}

private final class PairAccumulator: Accumulator {
  private let states: MomentStates<Moments.PairState>

  init(_ type: DataType, _ result: @escaping (Moments.PairState) -> Double?) {
    states = MomentStates(type: type, result: result)
  }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    states.update(groups: groups, arguments, count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    states.updateOnlyGroup(arguments, count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? PairAccumulator else { return }
    states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try states.finish(count: count) }
}
