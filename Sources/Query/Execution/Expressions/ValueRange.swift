import ColStore

/// Bounds of integer expressions, from those of their columns.
enum ValueRange {
  static func of(_ expression: CompiledExpression, _ input: Pipeline) -> ClosedRange<Int64>? {
    of(expression) { input.facts($0).range }
  }

  /// - Parameter column: The bounds of the column of a number; nil where they are unknown.
  static func of(
    _ expression: CompiledExpression, _ column: (Int) -> ClosedRange<Int64>?
  ) -> ClosedRange<Int64>? {
    switch expression.node {
    case .column(let index):
      return column(index)
    case .constant(let vector):
      guard !vector.isNull(0), vector.type.physical == .int64 else { return nil }
      let value = vector.pointer(Int64.self)[0]
      return value...value
    case .cast(let operand, _, _):
      if operand.type == .boolean { return expression.type.isInteger ? 0...1 : nil }
      guard let range = of(operand, column) else { return nil }
      switch (operand.type, expression.type) {
      case (.timestamp, .date):
        return CalendarMath.day(of: range.lowerBound)...CalendarMath.day(of: range.upperBound)
      case (.integer, .bigint): return range
      case (.bigint, .integer): return expression.type.fits(range) ? range : nil
      case (.integer, .decimal(_, 0)), (.bigint, .decimal(_, 0)): return range
      case (.decimal(_, let from), .decimal(_, let to)) where from == to: return range
      default: return nil
      }
    case .call(let overload, let arguments, _):
      if let operation = arithmetic(expression) {
        guard let left = of(arguments[0], column), let right = of(arguments[1], column),
          let range = operation.range(left, right), expression.type.fits(range)
        else { return nil }
        return range
      }
      // The parts of an INTERVAL have other ranges than those of a date.
      guard let argument = arguments.last, argument.type == .date || argument.type == .timestamp
      else { return nil }
      if let fixed = DatePart.fixedRange(ofOverload: overload.name) { return fixed }
      guard let part = DatePart.part(ofOverload: overload.name), part == .year,
        let range = of(argument, column)
      else { return nil }
      let isDate = argument.type == .date
      func year(_ value: Int64) -> Int64 {
        Int64(CalendarMath.civil(isDate ? value : CalendarMath.day(of: value)).year)
      }
      return year(range.lowerBound)...year(range.upperBound)
    case .conditional(let branches, let otherwise):
      var result = of(otherwise, column)
      for branch in branches {
        guard let known = result, let range = of(branch.result, column) else { return nil }
        result =
          min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
      }
      return result
    default: return nil
    }
  }

  /// Whether an expression has a value for every row.
  static func isNeverNull(_ expression: CompiledExpression, _ input: Pipeline) -> Bool {
    switch expression.node {
    case .column(let index): input.facts(index).isNeverNull
    case .constant(let vector): !vector.isNull(0)
    case .cast(let operand, isTry: false, _): isNeverNull(operand, input)
    case .call(_, let arguments, _):
      arithmetic(expression) != nil && arguments.allSatisfy { isNeverNull($0, input) }
    case .conditional(let branches, let otherwise):
      isNeverNull(otherwise, input) && branches.allSatisfy { isNeverNull($0.result, input) }
    case .isNull: true
    default: false
    }
  }

  /// The operation between two 64-bit integers, of one scale where it depends on that.
  private static func arithmetic(_ expression: CompiledExpression) -> Arithmetic? {
    guard case .call(let overload, let arguments, _) = expression.node, arguments.count == 2,
      expression.type.isNumeric, expression.type.physical == .int64,
      arguments.allSatisfy({ $0.type.isNumeric && $0.type.physical == .int64 })
    else { return nil }
    return Arithmetic(rawValue: overload.name)
  }
}

extension DataType {
  /// Whether all values in these bounds, which are 64-bit words, are of this type.
  func fits(_ range: ClosedRange<Int64>) -> Bool {
    switch self {
    case .integer: range.lowerBound >= Int32.min && range.upperBound <= Int32.max
    case .decimal(let precision, _) where precision <= 18:
      range.lowerBound > -powersOfTen64[precision] && range.upperBound < powersOfTen64[precision]
    default: physical == .int64
    }
  }
}

extension Arithmetic {
  /// The bounds of the results between 64-bit integers in these bounds; nil where they may not fit.
  fileprivate func range(
    _ left: ClosedRange<Int64>, _ right: ClosedRange<Int64>
  ) -> ClosedRange<Int64>? {
    switch self {
    case .add, .subtract, .multiply:
      var results: [Int64] = []
      for a in [left.lowerBound, left.upperBound] {
        for b in [right.lowerBound, right.upperBound] {
          let (value, overflow) =
            switch self {
            case .add: a.addingReportingOverflow(b)
            case .subtract: a.subtractingReportingOverflow(b)
            default: a.multipliedReportingOverflow(by: b)
            }
          if overflow { return nil }
          results.append(value)
        }
      }
      guard let least = results.min(), let greatest = results.max() else { return nil }
      return least...greatest
    case .integerDivide:
      // Truncation keeps the order.
      guard right.lowerBound == right.upperBound, right.lowerBound > 0 else { return nil }
      return left.lowerBound / right.lowerBound...left.upperBound / right.lowerBound
    case .remainder:
      // It has the sign of the dividend.
      guard right.lowerBound > 0 else { return nil }
      let most = right.upperBound - 1
      let least = left.lowerBound < 0 ? max(-most, left.lowerBound) : 0
      let greatest = left.upperBound > 0 ? min(most, left.upperBound) : 0
      return least...greatest
    case .divide: return nil
    }
  }
}
