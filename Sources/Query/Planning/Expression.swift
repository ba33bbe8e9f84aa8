import ColStore

/// A typed expression over the columns of one input batch: names are resolved, overloads chosen and
/// implicit casts made explicit.
public indirect enum Expression: Sendable {
  /// Column `index` of the input.
  case column(index: Int, type: DataType)
  case literal(Value, type: DataType)
  case call(ScalarCall)
  case cast(Expression, to: DataType, isTry: Bool, position: Int?)
  /// CASE WHEN: the first branch whose condition is true, else `otherwise`.
  case conditional(branches: [Branch], otherwise: Expression, type: DataType)
  /// Kleene logic over BOOLEAN operands; two or more.
  case and([Expression])
  case or([Expression])
  case not(Expression)
  case isNull(Expression)
  /// `operand IN (list)`: list elements of the operand's type.
  case inList(Expression, [Expression])

  public struct Branch: Sendable {
    public let condition: Expression
    public let result: Expression
  }

  public var type: DataType {
    switch self {
    case .column(_, let type), .literal(_, let type), .conditional(_, _, let type): type
    case .call(let call): call.overload.resultType
    case .cast(_, let type, _, _): type
    case .and, .or, .not, .isNull, .inList: .boolean
    }
  }
}

/// A call of a scalar function or operator, with its arguments cast to the overload's types.
public struct ScalarCall: Sendable {
  public let overload: ScalarOverload
  public let arguments: [Expression]
  /// Where the call stands in the SQL text, for errors at run time.
  public let position: Int?
}
