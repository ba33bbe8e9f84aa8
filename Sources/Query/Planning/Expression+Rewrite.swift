import ColStore

extension Expression {
  /// This expression with every node for which `replace` has an answer replaced, from the top down;
  /// replacements are not looked into.
  func rewritten(
    _ replace: (Expression) throws(QueryError) -> Expression?
  ) throws(QueryError) -> Expression {
    if let replacement = try replace(self) { return replacement }
    switch self {
    case .column, .literal: return self
    case .call(let call):
      var arguments: [Expression] = []
      for argument in call.arguments { arguments.append(try argument.rewritten(replace)) }
      return .call(
        ScalarCall(overload: call.overload, arguments: arguments, position: call.position))
    case .cast(let operand, let type, let isTry, let position):
      return .cast(try operand.rewritten(replace), to: type, isTry: isTry, position: position)
    case .conditional(let branches, let otherwise, let type):
      var rewritten: [Branch] = []
      for branch in branches {
        rewritten.append(
          Branch(
            condition: try branch.condition.rewritten(replace),
            result: try branch.result.rewritten(replace)))
      }
      return .conditional(
        branches: rewritten, otherwise: try otherwise.rewritten(replace), type: type)
    case .and(let operands): return .and(try Self.rewritten(operands, replace))
    case .or(let operands): return .or(try Self.rewritten(operands, replace))
    case .not(let operand): return .not(try operand.rewritten(replace))
    case .isNull(let operand): return .isNull(try operand.rewritten(replace))
    case .inList(let operand, let list):
      return .inList(try operand.rewritten(replace), try Self.rewritten(list, replace))
    }
  }

  private static func rewritten(
    _ expressions: [Expression], _ replace: (Expression) throws(QueryError) -> Expression?
  ) throws(QueryError) -> [Expression] {
    var result: [Expression] = []
    for expression in expressions { result.append(try expression.rewritten(replace)) }
    return result
  }

  /// This expression with its columns renumbered.
  func mapColumns(_ map: (Int) -> Int) -> Expression {
    replacingColumns { index, type in .column(index: map(index), type: type) }
  }

  /// This expression with columns replaced by other expressions, where there are any.
  func replacingColumns(_ replacement: (Int, DataType) -> Expression?) -> Expression {
    if case .column(let index, let type) = self { return replacement(index, type) ?? self }
    return mappingChildren { $0.replacingColumns(replacement) }
  }

  /// This expression over other operands, of the same types.
  func mappingChildren(_ change: (Expression) -> Expression) -> Expression {
    switch self {
    case .column, .literal: return self
    case .call(let call):
      return .call(
        ScalarCall(
          overload: call.overload, arguments: call.arguments.map(change), position: call.position))
    case .cast(let operand, let type, let isTry, let position):
      return .cast(change(operand), to: type, isTry: isTry, position: position)
    case .conditional(let branches, let otherwise, let type):
      return .conditional(
        branches: branches.map {
          Branch(condition: change($0.condition), result: change($0.result))
        },
        otherwise: change(otherwise), type: type)
    case .and(let operands): return .and(operands.map(change))
    case .or(let operands): return .or(operands.map(change))
    case .not(let operand): return .not(change(operand))
    case .isNull(let operand): return .isNull(change(operand))
    case .inList(let operand, let list): return .inList(change(operand), list.map(change))
    }
  }

  /// This expression over columns that stand `offset` places further right; columns that stand for
  /// something else keep their number.
  func shifted(by offset: Int) -> Expression {
    offset == 0 ? self : mapColumns { ColumnSpace.isInput($0) ? $0 + offset : $0 }
  }

  var children: [Expression] {
    switch self {
    case .column, .literal: []
    case .call(let call): call.arguments
    case .cast(let operand, _, _, _): [operand]
    case .conditional(let branches, let otherwise, _):
      branches.flatMap { [$0.condition, $0.result] } + [otherwise]
    case .and(let operands), .or(let operands): operands
    case .not(let operand), .isNull(let operand): [operand]
    case .inList(let operand, let list): [operand] + list
    }
  }

  func forEachColumn(_ body: (Int) -> Void) {
    if case .column(let index, _) = self { body(index) }
    for child in children { child.forEachColumn(body) }
  }

  /// The numbers of the columns that it reads.
  var columns: Set<Int> {
    var found: Set<Int> = []
    forEachColumn { found.insert($0) }
    return found
  }

  /// The operands of a conjunction, or the expression alone.
  var conjuncts: [Expression] {
    if case .and(let operands) = self { return operands.flatMap(\.conjuncts) }
    return [self]
  }

  /// The conjunction of `expressions`; nil for none.
  static func conjunction(_ expressions: [Expression]) -> Expression? {
    expressions.count > 1 ? .and(expressions) : expressions.first
  }

  var isLiteral: Bool {
    if case .literal = self { return true }
    return false
  }

  static func bool(_ value: Bool) -> Expression { .literal(.bool(value), type: .boolean) }
  static func null(_ type: DataType = .null) -> Expression { .literal(.null, type: type) }
}
