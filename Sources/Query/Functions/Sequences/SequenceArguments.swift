import ColStore

/// The arguments `(time, condition, …)` of aggregates over sequences of events.
enum SequenceArguments {
  /// The types that the arguments are cast to.
  static func types(
    _ types: [DataType], of name: String, conditionsMin: Int, signature: String
  ) throws(QueryError) -> [DataType] {
    guard let time = types.first, types.count > conditionsMin else {
      throw QueryError(
        .type,
        "\(name) takes a time and at least \(conditionsMin) condition\(conditionsMin > 1 ? "s" : "")",
        hint: "it is \(signature)")
    }
    guard types.count - 1 <= FunnelRules.stepsMax else {
      throw QueryError(
        .type, "\(name) takes up to \(FunnelRules.stepsMax) conditions, not \(types.count - 1)")
    }
    guard TimeSpan.unitsOfOne(time) != nil else {
      throw QueryError(
        .type, "the time of \(name) is a TIMESTAMP, a DATE or a whole number, not a \(time)")
    }
    try checkConditions(types.dropFirst(), of: name, first: 2)
    return [time == .null ? .bigint : time]
      + Array(repeating: .boolean, count: types.count - 1)
  }

  /// Conditions are BOOLEAN or whole numbers, of which 0 is false.
  static func checkConditions(
    _ types: ArraySlice<DataType>, of name: String, first: Int
  ) throws(QueryError) {
    for (index, type) in types.enumerated() {
      switch type {
      case .boolean, .integer, .bigint, .null: break
      default:
        throw QueryError(
          .type, "argument \(first + index) of \(name) is a condition, not a \(type)")
      }
    }
  }
}
