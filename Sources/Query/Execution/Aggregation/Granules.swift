import ColStore

/// The values of a column in granules of equal width that an expression does not look into: days for
/// `date_trunc('week', t)` and `dayname(t)`, minutes for `strftime(t, '%H:%M')`, cents for
/// `round(price)`. Where they are few, the expression is evaluated once a granule instead of once a
/// row.
struct Granules: Sendable {
  let column: Int
  let type: DataType
  /// How many values of the column make one granule.
  let width: Int64
  /// The quotient of the first one.
  let low: Int64
  let count: Int

  static let countMax = 1 << 20

  /// How many values an expression is evaluated for beforehand, over an input of so many rows.
  static func countMax(_ rows: Int) -> Int { min(countMax, max(rows / 32, 1 << 8)) }

  /// Those of `expression`, if it reads one column of known bounds, and they are fewer than the
  /// input may have rows by far.
  init?(of expression: CompiledExpression, _ input: Pipeline) {
    guard expression.isDeterministic, expression.columns.count == 1 else { return nil }
    let column = expression.columns[0]
    let type = input.types[column]
    guard type.physical == .int64, let range = input.facts(column).range else { return nil }
    let width = type == .timestamp ? Self.width(expression) : 1
    let (low, high) = (
      FloorDivision.quotient(range.lowerBound, width),
      FloorDivision.quotient(range.upperBound, width)
    )
    let (span, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, span < Int64(Self.countMax(input.rowLimit ?? 0)) else { return nil }
    (self.column, self.type, self.width, self.low) = (column, type, width, low)
    count = Int(span) + 1
  }

  /// The microseconds of the column that `expression` does not tell apart.
  private static func width(_ expression: CompiledExpression) -> Int64 {
    switch expression.node {
    case .column: return 1
    case .call(let overload, let arguments, _):
      return arguments.map { $0.isBareTimestamp ? overload.granule : width($0) }.min() ?? .max
    case .cast(let operand, _, _) where operand.isBareTimestamp && expression.type == .date:
      return DatePart.day.granule
    default:
      return CompiledExpression.children(of: expression.node).map(width).min() ?? .max
    }
  }

  /// NULL, and the first value of each granule.
  var values: Vector {
    var output = FlatBuilder<Int64>(count: count + 1)
    output.setNull(0, filler: 0)
    for number in 0..<count { output[number + 1] = (low + Int64(number)) &* width }
    return output.finish(type)
  }

  /// The place of each row's granule in ``values``.
  @inline(__always)
  func forEachPlace(_ vector: Vector, count: Int, _ body: (_ row: Int, _ place: Int) -> Void) {
    let divided =
      width == 1
      ? vector
      : FloorDivision.apply(vector, by: width, to: type)
        ?? mapUnary(vector, Int64.self, Int64.self, to: type) {
          FloorDivision.quotient($0, width)
        }
    let quotients = Rows<Int64>(divided)
    let last = UInt64(self.count)
    for row in 0..<count {
      let place = min(UInt64(bitPattern: quotients[row] &- low) &+ 1, last)
      body(row, quotients.isNull(row) ? 0 : Int(place))
    }
    withExtendedLifetime(divided) {}
  }
}

extension CompiledExpression {
  fileprivate var isBareTimestamp: Bool { bareColumn != nil && type == .timestamp }
}
