import ColStore

/// A scalar function or operator by name: `lower`, `+`, `=`, `date_trunc`, `like`.
///
/// Operators are functions named by their symbol: `+ - * / // % ** || = <> < <= > >= `, unary minus
/// is `-` with one argument; `~~`, `~~*` are LIKE and ILIKE, `is_not_distinct_from` and
/// `is_distinct_from` compare NULLs as values.
public struct ScalarFunction: Sendable {
  public let name: String
  public let aliases: [String]
  /// For the shell's help and for messages: `substr(text, start[, length])`.
  public let signature: String
  /// Chooses the overload for arguments of these types, or explains in an error why there is none.
  /// `literals[i]` is the value of argument i where that is a literal (date parts, formats).
  public let resolve:
    @Sendable (_ types: [DataType], _ literals: [Value?]) throws(QueryError) -> ScalarOverload
}

/// One overload: what the arguments are cast to, what comes out, and the kernel.
public struct ScalarOverload: Sendable {
  public let name: String
  public let parameterTypes: [DataType]
  public let resultType: DataType
  /// `propagate`: any NULL argument makes the result NULL, and the kernel's output on such rows is
  /// ignored (the caller merges validity). `custom`: the kernel sees and sets NULLs itself.
  public enum NullHandling: Sendable {
    case propagate
    case custom
  }
  public let nulls: NullHandling
  /// False for functions like random() that differ from row to row: never folded or memoised.
  public let isDeterministic: Bool
  /// All arguments have `count` rows in any layout; the result has `count` rows.
  public let kernel: @Sendable (_ arguments: [Vector], _ count: Int) throws(QueryError) -> Vector
}
