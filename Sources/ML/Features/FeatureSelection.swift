import ColStore

/// Which columns a model of one label learns from, and why the others are left out.
public struct FeatureSelection: Sendable {
  public struct LeftOut: Equatable, Sendable {
    public let name: String
    public let reason: String
  }

  /// The label's column, spelt as in the data.
  public let label: String
  /// The features' columns, spelt as in the data.
  public let names: [String]
  /// In column order; empty where the features were named.
  public let leftOut: [LeftOut]

  /// Eight columns of sessions that are known to predict abandonment well.
  public static let reference = [
    "duration_seconds", "products_viewed", "avg_price", "brands_viewed", "categories_viewed",
    "num_carts", "num_views", "is_returning_user",
  ]

  /// Takes every numeric or boolean column that is neither the label, nor an identifier, nor
  /// derived from what decides the label; the last are taken with `allowsLeakage`.
  ///
  /// - Throws: ``ModelError`` where there is no such label, or no column is left.
  public init(
    defaultsFor label: String, of columns: [ColumnDescription], allowsLeakage: Bool = false
  ) throws(ModelError) {
    let labelIndex = try ColumnLookup(columns: columns).index(of: label, as: "label")
    let label = columns[labelIndex].name
    var names: [String] = []
    var leftOut: [LeftOut] = []
    for (index, column) in columns.enumerated() where index != labelIndex {
      let reason =
        Self.reasonAgainst(column)
        ?? (allowsLeakage ? nil : LeakageRule.reason(column: column.name, label: label))
      if let reason {
        leftOut.append(LeftOut(name: column.name, reason: reason))
      } else {
        names.append(column.name)
      }
    }
    guard !names.isEmpty else {
      throw ModelError("no column but \"\(label)\" is fit for a feature")
    }
    self.label = label
    self.names = names
    self.leftOut = leftOut
  }

  /// Takes the columns named, identifiers and texts included.
  ///
  /// - Throws: ``ModelError`` where there is no such column, none is named or one twice, one is the
  ///   label, neither numeric, boolean nor text, or derived from what decides the label without
  ///   `allowsLeakage`.
  public init(
    _ features: [String], label: String, of columns: [ColumnDescription],
    allowsLeakage: Bool = false
  ) throws(ModelError) {
    guard !features.isEmpty else { throw ModelError("no feature is named") }
    let lookup = ColumnLookup(columns: columns)
    let label = columns[try lookup.index(of: label, as: "label")].name
    let indices = try lookup.featureIndices(features, takesTexts: true)
    for column in indices.map({ columns[$0] }) {
      if column.name == label { throw ModelError("the label \"\(label)\" cannot be a feature") }
      if !allowsLeakage, let reason = LeakageRule.reason(column: column.name, label: label) {
        throw ModelError("the feature \"\(column.name)\" is refused: \(reason)")
      }
    }
    self.label = label
    names = indices.map { columns[$0].name }
    leftOut = []
  }

  /// Whether a column is a feature without being named.
  static func isFit(_ column: ColumnDescription) -> Bool { reasonAgainst(column) == nil }

  /// Why a column is no feature unless it is named; nil where it is one.
  private static func reasonAgainst(_ column: ColumnDescription) -> String? {
    if column.name.lowercased().hasSuffix("_id") { return "it is an identifier" }
    switch column.type {
    case .boolean, .integer, .bigint, .double, .decimal: return nil
    case .uuid: return "it is an identifier"
    case .varchar: return "it is text"
    case .timestamp, .date, .time: return "it is a time"
    case .null, .interval, .list, .map: return "\(column.type) is neither numeric nor boolean"
    }
  }
}
