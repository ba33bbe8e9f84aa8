/// Column numbers that stand for values whose place in the plan is not known while binding.
///
/// Bound expressions refer to the columns of FROM by their index. What aggregates, windows,
/// subqueries and outer queries give is numbered from these bases on, and renumbered when the plan
/// around the expression is built.
enum ColumnSpace {
  static let aggregate = 1 << 32
  /// What GROUPING gives; among the aggregates.
  static let grouping = aggregate + (1 << 24)
  static let window = 2 << 32
  /// Elements of unnested lists; among the windows.
  static let unnested = window + (1 << 24)
  /// Results of subqueries that are joined to the plan.
  static let joined = 3 << 32
  /// Columns of the query around the subquery.
  static let outer = 4 << 32
  /// Uncorrelated scalar subqueries, which are run before the statement; they stay in finished
  /// plans until their value is put in.
  static let scalar = 5 << 32

  static func isInput(_ index: Int) -> Bool { index < aggregate }
  static func isAggregate(_ index: Int) -> Bool { index >= aggregate && index < window }
  static func isWindow(_ index: Int) -> Bool { index >= window && index < joined }
  static func isJoined(_ index: Int) -> Bool { index >= joined && index < outer }
  static func isOuter(_ index: Int) -> Bool { index >= outer && index < scalar }
  static func isScalar(_ index: Int) -> Bool { index >= scalar }
}
