/// A span of calendar time whose three parts do not convert into each other.
public struct Interval: Hashable, BitwiseCopyable, Sendable {
  public var months: Int32
  public var days: Int32
  public var microseconds: Int64

  @inlinable
  public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }
}

/// Where the elements of one list lie in the child vector of a list vector.
public struct ListView: Hashable, BitwiseCopyable, Sendable {
  public var offset: Int
  public var count: Int

  @inlinable
  public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }
}
