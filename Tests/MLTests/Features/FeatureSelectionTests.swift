import ColStore
import Testing

@testable import ML

/// Which columns of sessions and users a model learns from.
@Suite struct FeatureSelectionTests {
  private static let money = DataType.decimal(precision: 9, scale: 2)
  private static let sessions: [ColumnDescription] = [
    ColumnDescription(name: "user_session", type: .uuid),
    ColumnDescription(name: "user_id", type: .bigint),
    ColumnDescription(name: "session_start", type: .timestamp),
    ColumnDescription(name: "session_day", type: .date),
    ColumnDescription(name: "brand", type: .varchar),
    ColumnDescription(name: "num_carts", type: .bigint),
    ColumnDescription(name: "num_purchases", type: .bigint),
    ColumnDescription(name: "purchase_value", type: money),
    ColumnDescription(name: "purchase_to_cart_ratio", type: .double),
    ColumnDescription(name: "avg_price", type: .double),
    ColumnDescription(name: "is_returning_user", type: .boolean),
    ColumnDescription(name: "is_purchased", type: .boolean),
    ColumnDescription(name: "is_abandoned", type: .boolean),
  ]

  @Test func defaultsLeaveOutWhatIsNoQuantityAndWhatGivesTheLabelAway() throws {
    let selection = try FeatureSelection(defaultsFor: "is_abandoned", of: Self.sessions)
    #expect(selection.label == "is_abandoned")
    #expect(selection.names == ["num_carts", "avg_price", "is_returning_user"])
    let derived = "it is derived from the session's purchases, which decide is_abandoned"
    let reasons = selection.leftOut.map { "\($0.name): \($0.reason)" }
    #expect(
      reasons == [
        "user_session: it is an identifier", "user_id: it is an identifier",
        "session_start: it is a time", "session_day: it is a time", "brand: it is text",
        "num_purchases: \(derived)", "purchase_value: \(derived)",
        "purchase_to_cart_ratio: \(derived)", "is_purchased: \(derived)",
      ])
  }

  @Test func leakageIsTakenWhereItIsAllowed() throws {
    let selection = try FeatureSelection(
      defaultsFor: "is_abandoned", of: Self.sessions, allowsLeakage: true)
    #expect(selection.names.contains("num_purchases") && selection.names.contains("is_purchased"))
    #expect(!selection.names.contains("user_id") && !selection.names.contains("is_abandoned"))
  }

  @Test(arguments: [
    "num_purchases", "purchase_value", "purchase_to_cart_ratio", "is_purchased", "NUM_PURCHASES",
  ])
  func namedLeakageIsRefusedWithAReason(name: String) throws {
    let text = errorText {
      _ = try FeatureSelection([name], label: "IS_ABANDONED", of: Self.sessions)
    }
    #expect(
      text == "the feature \"\(name.lowercased())\" is refused: "
        + "it is derived from the session's purchases, which decide is_abandoned")
    let allowed = try FeatureSelection(
      [name], label: "is_abandoned", of: Self.sessions, allowsLeakage: true)
    #expect(allowed.names == [name.lowercased()])
  }

  @Test func rulesAreThoseOfTheLabel() throws {
    let purchased = try FeatureSelection(defaultsFor: "is_purchased", of: Self.sessions)
    #expect(purchased.names == ["num_carts", "avg_price", "is_returning_user"])
    let returning = try FeatureSelection(defaultsFor: "is_returning_user", of: Self.sessions)
    #expect(returning.names.contains("num_purchases") && returning.names.contains("is_abandoned"))
    let users = ["total_spend", "num_views", "is_buyer", "will_purchase"].map {
      ColumnDescription(name: $0, type: .bigint)
    }
    #expect(try FeatureSelection(defaultsFor: "is_buyer", of: users).names.first == "num_views")
    #expect(
      try FeatureSelection(defaultsFor: "will_purchase", of: users).names
        == ["total_spend", "num_views", "is_buyer"])
  }

  @Test func whoNamesAnIdentifierGetsIt() throws {
    let selection = try FeatureSelection(
      ["User_Id", "num_carts"], label: "is_abandoned", of: Self.sessions)
    #expect(selection.names == ["user_id", "num_carts"] && selection.leftOut.isEmpty)
  }

  @Test func wrongNamesAreErrors() throws {
    func text(_ features: [String], label: String = "is_abandoned") -> String? {
      errorText { _ = try FeatureSelection(features, label: label, of: Self.sessions) }
    }
    #expect(text([]) == "no feature is named")
    #expect(text(["is_abandoned"]) == "the label \"is_abandoned\" cannot be a feature")
    #expect(
      text(["num_cart"])
        == "there is no column \"num_cart\" for the features; did you mean \"num_carts\"?")
    #expect(
      text(["num_carts"], label: "is_abandonned")
        == "there is no column \"is_abandonned\" for the label; did you mean \"is_abandoned\"?")
    #expect(
      text(["session_start"])
        == "the feature \"session_start\" is TIMESTAMP; features are numeric or BOOLEAN")
    #expect(text(["num_carts", "num_carts"]) == "the feature \"num_carts\" is named twice")
    let poor = [Self.sessions[0], Self.sessions[12]]
    #expect(
      errorText { _ = try FeatureSelection(defaultsFor: "is_abandoned", of: poor) }
        == "no column but \"is_abandoned\" is fit for a feature")
  }
}
