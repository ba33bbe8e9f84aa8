/// A statement that cannot be answered, with its place in the SQL text.
public struct QueryError: Error, Sendable {
  public enum Kind: String, Sendable {
    /// The text does not follow the grammar.
    case syntax = "syntax error"
    /// A name that does not exist, or means two things.
    case name = "unknown name"
    /// Types that do not go together.
    case type = "type mismatch"
    /// The SQL is understood, and ecq has no such feature yet.
    case unsupported = "not supported"
    /// A value that an expression cannot take: overflow, a bad cast, a bad argument.
    case value = "bad value"
    /// A store or a file failed underneath.
    case storage = "storage error"
    /// The memory limit is reached.
    case memory = "out of memory"
    /// The statement took longer than it may.
    case timeout
    /// Somebody interrupted the statement.
    case cancelled
  }

  public let kind: Kind
  public let message: String
  /// The byte offset in the SQL text that the message is about.
  public var position: Int?
  /// A suggestion, for example `did you mean "event_type"?`.
  public var hint: String?

  public init(_ kind: Kind, _ message: String, at position: Int? = nil, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.position = position
    self.hint = hint
  }

  /// The same error at `position`, unless it has a place already.
  func located(at position: Int?) -> QueryError {
    var error = self
    if error.position == nil { error.position = position }
    return error
  }
}
