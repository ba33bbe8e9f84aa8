import ColStore

/// Bounds of integer expressions, from those of their columns.
enum ValueRange {
  static func of(_ expression: CompiledExpression, _ input: Pipeline) -> ClosedRange<Int64>? {
    switch expression.node {
    case .column(let index):
      return input.facts(index).range
    case .constant(let vector):
      guard !vector.isNull(0), vector.type.physical == .int64 else { return nil }
      let value = vector.pointer(Int64.self)[0]
      return value...value
    case .cast(let operand, _, _):
      guard let range = of(operand, input) else { return nil }
      switch (operand.type, expression.type) {
      case (.timestamp, .date):
        return CalendarMath.day(of: range.lowerBound)...CalendarMath.day(of: range.upperBound)
      case (.integer, .bigint): return range
      case (.integer, .decimal(_, 0)), (.bigint, .decimal(_, 0)): return range
      case (.decimal(_, let from), .decimal(_, let to)) where from == to: return range
      default: return nil
      }
    case .call(let overload, let arguments, _):
      // The parts of an INTERVAL have other ranges than those of a date.
      guard let argument = arguments.last, argument.type == .date || argument.type == .timestamp
      else { return nil }
      if let fixed = DatePart.fixedRange(ofOverload: overload.name) { return fixed }
      guard let part = DatePart.part(ofOverload: overload.name), part == .year,
        let range = of(argument, input)
      else { return nil }
      let isDate = argument.type == .date
      func year(_ value: Int64) -> Int64 {
        Int64(CalendarMath.civil(isDate ? value : CalendarMath.day(of: value)).year)
      }
      return year(range.lowerBound)...year(range.upperBound)
    case .conditional(let branches, let otherwise):
      var result = of(otherwise, input)
      for branch in branches {
        guard let known = result, let range = of(branch.result, input) else { return nil }
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
    case .conditional(let branches, let otherwise):
      isNeverNull(otherwise, input) && branches.allSatisfy { isNeverNull($0.result, input) }
    case .isNull: true
    default: false
    }
  }
}
