/// Rewrites a plan into one that does less for the same rows.
enum Optimizer {
  typealias Rule = @Sendable (LogicalPlan) throws(QueryError) -> LogicalPlan

  /// The rules in the order in which they run, each over the whole plan.
  static let rules: [(name: String, rule: Rule)] = [
    // First, so that conditions on constants are seen as constants by all others.
    ("fold constants", FoldConstants.apply),
    // Before the pushdown, which then finds equalities and conditions on one table.
    ("simplify conditions", SimplifyConditions.apply),
    // Before the pushdown, which leaves conditions in place that may fail.
    ("drop checks", DropChecks.apply),
    // Before the pushdown, for which totals are rows of their own.
    ("replace totals", ReplaceTotals.apply),
    // Before pruning, because columns that only a filter reads are then read by the scan alone.
    ("push filters down", PushFiltersDown.apply),
    // Behind the pushdown, which makes equalities of conditions.
    ("order joins", OrderJoins.apply),
    // Behind the pushdown, which has put all conditions of one place together.
    ("order filters", OrderFilters.apply),
    // Behind the pushdown, which takes conditions on keys below the aggregation.
    ("reduce group keys", ReduceGroupKeys.apply),
    // Behind the pushdown, which leaves a join the conditions that read both sides.
    ("reduce partners", ReducePartners.apply),
    ("factor sums", FactorSums.apply),
    // Before pruning, which then drops what only merged projections read.
    ("merge projections", MergeProjections.apply),
    ("limit sorts", LimitSorts.apply),
    // Last: what is read is known when everything is in its place.
    ("prune columns", PruneColumns.apply),
  ]

  static func optimized(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    var result = plan
    for (_, rule) in rules { result = try rule(result) }
    return result
  }
}
