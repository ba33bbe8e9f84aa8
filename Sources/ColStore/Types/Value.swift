/// One value in its physical form; a ``DataType`` beside it says what it means.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  /// INTEGER, BIGINT, DECIMAL(≤ 18) as its unscaled integer, TIMESTAMP, DATE, TIME.
  case int64(Int64)
  /// DECIMAL(19…38) as its unscaled integer, UUID with its top bit flipped.
  case int128(Int128)
  case double(Double)
  case string(String)
  case interval(Interval)
  case list([Value])

  public var isNull: Bool { self == .null }
}
