import ColStore

/// A scalar function or operator by name: `lower`, `+`, `=`, `date_trunc`, `like`.
///
/// Operators are functions named by their symbol: `+ - * / // % ** || = <> < <= > >= `, unary minus
/// is `-` with one argument; `~~`, `~~*` are LIKE and ILIKE, `is_not_distinct_from` and
/// `is_distinct_from` compare NULLs as values.
public struct ScalarFunction: Sendable {
  public typealias Resolve =
    @Sendable (_ types: [DataType], _ literals: [Value?]) throws(QueryError) -> ScalarOverload

  /// The names of the parameters, given the arguments that are literals.
  public typealias Parameters =
    @Sendable (_ literals: [Value?]) throws(QueryError) -> [String]

  public let name: String
  public let aliases: [String]
  /// For the shell's help and for messages: `substr(text, start[, length])`.
  public let signature: String
  /// Chooses the overload for arguments of these types, or explains in an error why there is none.
  /// `literals[i]` is the value of argument i where that is a literal (date parts, formats).
  public let resolve: Resolve
  /// Of a function whose arguments may be given by name (`name := value`); those not given then are
  /// the columns of those names. Nil: by place only.
  public let parameters: Parameters?

  public init(
    _ name: String, aliases: [String] = [], signature: String, parameters: Parameters? = nil,
    resolve: @escaping Resolve
  ) {
    self.name = name
    self.aliases = aliases
    self.signature = signature
    self.parameters = parameters
    self.resolve = resolve
  }
}

/// One overload: what the arguments are cast to, what comes out, and the kernel.
public struct ScalarOverload: Sendable {
  public typealias Kernel =
    @Sendable (_ arguments: [Vector], _ count: Int) throws(QueryError) -> Vector

  /// `propagate`: any NULL argument makes the result NULL, and the kernel's output on such rows is
  /// ignored (the caller merges validity). `custom`: the kernel sees and sets NULLs itself.
  public enum NullHandling: Sendable {
    case propagate
    case custom
  }

  public let name: String
  public let parameterTypes: [DataType]
  public let resultType: DataType
  public let nulls: NullHandling
  /// False for functions like random() that differ from row to row: never folded or memoised.
  public let isDeterministic: Bool
  /// Whether some value of the arguments makes the kernel throw.
  public let canFail: Bool
  /// The microseconds of a day, an hour … for which the kernel has one result, counted from 1970:
  /// it does not tell times apart that lie between the same two multiples. 1 where it may.
  public let granule: Int64
  /// All arguments have `count` rows in any layout; the result has `count` rows.
  public let kernel: Kernel

  public init(
    name: String, _ parameterTypes: [DataType], _ resultType: DataType,
    nulls: NullHandling = .propagate, isDeterministic: Bool = true, canFail: Bool = false,
    granule: Int64 = 1, kernel: @escaping Kernel
  ) {
    self.name = name
    self.parameterTypes = parameterTypes
    self.resultType = resultType
    self.nulls = nulls
    self.isDeterministic = isDeterministic
    self.canFail = canFail
    self.granule = granule
    self.kernel = kernel
  }
}
