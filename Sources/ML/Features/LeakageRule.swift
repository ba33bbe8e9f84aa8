/// Columns that say how a label came out, so that a model that sees them has seen the answer.
struct LeakageRule: Sendable {
  let label: String
  let outcome: String
  let columns: [String]

  /// Of the columns that sessions and users have; a label of other data has no rule.
  static let all = [
    LeakageRule(
      label: "is_abandoned", outcome: "the session's purchases",
      columns: ["num_purchases", "purchase_value", "purchase_to_cart_ratio", "is_purchased"]),
    LeakageRule(
      label: "is_purchased", outcome: "the session's purchases",
      columns: ["num_purchases", "purchase_value", "purchase_to_cart_ratio", "is_abandoned"]),
    LeakageRule(
      label: "is_buyer", outcome: "the user's purchases",
      // Events less views, carts and removals are purchases.
      columns: [
        "num_events", "num_purchases", "total_spend", "mean_spend", "log1p_total_spend", "recency",
        "frequency", "monetary", "r", "f", "m",
      ]),
  ]

  /// Why `column` gives `label` away; nil where it does not.
  static func reason(column: String, label: String) -> String? {
    let column = column.lowercased()
    let label = label.lowercased()
    guard let rule = all.first(where: { $0.label == label }), rule.columns.contains(column)
    else { return nil }
    return "it is derived from \(rule.outcome), which decide \(rule.label)"
  }
}
