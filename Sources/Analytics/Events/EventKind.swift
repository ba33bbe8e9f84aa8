/// The kinds of events that features count.
enum EventKind: Int, CaseIterable {
  case view
  case cart
  case remove
  case purchase

  /// As it stands in the column of event types.
  var name: String {
    switch self {
    case .view: "view"
    case .cart: "cart"
    case .remove: "remove_from_cart"
    case .purchase: "purchase"
    }
  }

  static let other = UInt8(EventKind.allCases.count)

  /// The number of the kind of each code; ``other`` for what is none of them.
  static func kinds(of types: CodedColumn) -> [UInt8] {
    types.map(otherwise: other) { text in
      allCases.first { $0.name == text }.map { UInt8($0.rawValue) } ?? other
    }
  }
}
