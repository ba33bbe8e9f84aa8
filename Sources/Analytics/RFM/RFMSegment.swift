/// What buyers are called by their scores.
enum RFMSegment: UInt32, Label {
  case champions
  case loyal
  case potential
  case new
  case promising
  case attention
  case sleep
  case risk
  case cannotLose
  case hibernating
  case lost

  var name: String {
    switch self {
    case .champions: "Champions"
    case .loyal: "Loyal"
    case .potential: "Potential Loyalists"
    case .new: "New"
    case .promising: "Promising"
    case .attention: "Need Attention"
    case .sleep: "About to Sleep"
    case .risk: "At Risk"
    case .cannotLose: "Can't Lose"
    case .hibernating: "Hibernating"
    case .lost: "Lost"
    }
  }

  /// By R from 5 down, and F from 1 up.
  private static let map: [RFMSegment] = [
    .new, .potential, .potential, .champions, .champions,
    .promising, .potential, .potential, .loyal, .loyal,
    .sleep, .sleep, .attention, .loyal, .loyal,
    .hibernating, .hibernating, .risk, .risk, .cannotLose,
    .lost, .hibernating, .risk, .risk, .cannotLose,
  ]

  /// The map as text, a line for each R.
  static var explanation: String {
    (Int64(1)...5).reversed().reduce(into: "R   F = 1, 2, 3, 4, 5\n") { text, r in
      let names = (Int64(1)...5).map { RFMSegment(r: r, f: $0).name }
      text += "\(r)   \(names.joined(separator: ", "))\n"
    }
  }

  /// - Parameters:
  ///   - r: 1 … 5.
  ///   - f: 1 … 5.
  init(r: Int64, f: Int64) { self = Self.map[Int((5 - r) * 5 + f - 1)] }
}
