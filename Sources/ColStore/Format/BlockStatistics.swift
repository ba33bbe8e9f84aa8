/// What is stored of a block besides its values.
public struct BlockStatistics: Equatable, Sendable {
  public internal(set) var nullCount = 0
  /// The least and the greatest value as words (DOUBLE: as bits), where the type has words and some
  /// value is neither NULL nor NaN; for dictionaries of other types, of the codes that are not 0.
  public internal(set) var range: ClosedWords?
  /// The sum of all words but those of NULL, where it fits: for whole numbers and decimals.
  public internal(set) var sum: Int64?

  public struct ClosedWords: Equatable, Sendable {
    public internal(set) var least: Int64
    public internal(set) var greatest: Int64
  }

  init(nullCount: Int = 0) { self.nullCount = nullCount }
}
