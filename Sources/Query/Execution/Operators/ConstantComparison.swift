import ColStore

/// An expression compared with a constant, whichever of them the text names first.
struct ConstantComparison: Sendable {
  let comparison: Comparison
  let subject: CompiledExpression
  let constant: Vector

  /// Nil where `predicate` is of another kind.
  init?(_ predicate: CompiledExpression) {
    guard case .call(let overload, let arguments, _) = predicate.node, arguments.count == 2,
      let comparison = Comparison(rawValue: overload.name)
    else { return nil }
    if let constant = arguments[1].constant {
      (self.comparison, subject, self.constant) = (comparison, arguments[0], constant)
    } else if let constant = arguments[0].constant {
      (self.comparison, subject, self.constant) = (comparison.mirrored, arguments[1], constant)
    } else {
      return nil
    }
  }

  /// The words of the subject for which it holds; nil where they are none, no range, or no words.
  var words: ClosedRange<Int64>? {
    guard subject.type.physical == .int64, constant.type == subject.type, !constant.isNull(0) else {
      return nil
    }
    return comparison.range(constant.pointer(Int64.self)[0])
  }
}

extension Comparison {
  /// The comparison with its sides exchanged.
  var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }

  /// The words that compare so with `constant`; nil where they are none, or no range.
  fileprivate func range(_ constant: Int64) -> ClosedRange<Int64>? {
    switch self {
    case .equal: constant...constant
    case .notEqual: nil
    case .less: constant == .min ? nil : .min...constant - 1
    case .lessOrEqual: .min...constant
    case .greater: constant == .max ? nil : constant + 1...(.max)
    case .greaterOrEqual: constant...(.max)
    }
  }
}
