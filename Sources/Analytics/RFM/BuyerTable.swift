import ColStore
import Query

/// Some buyers, with their purchases summed up.
struct Buyers: Sendable {
  let users: Vector
  let purchases: [Int64]
  /// The sum of their prices in the smallest unit; a bit pattern where prices are DOUBLE.
  let spend: [Int64]
  /// When the last purchase was.
  let last: [Int64]

  var count: Int { purchases.count }

  /// - Parameter batch: User, number of purchases, sum of prices, last purchase.
  /// - Throws: ``QueryError`` where a sum has more than 18 digits.
  init(_ batch: Batch, priceType: DataType) throws(QueryError) {
    users = batch.columns[0]
    purchases = Self.words(batch.columns[1])
    last = Self.words(batch.columns[3])
    let sums = batch.columns[2].flat()
    guard sums.type.physical == .int128 else {
      spend = Self.words(sums)
      return
    }
    let wide = sums.pointer(Int128.self)
    var narrow: [Int64] = []
    narrow.reserveCapacity(sums.count)
    for row in 0..<sums.count {
      guard let sum = Int64(exactly: sums.isNull(row) ? 0 : wide[row]) else {
        throw QueryError(.value, "the prices of a user are too large to be added")
      }
      narrow.append(sum)
    }
    spend = narrow
  }

  /// The values of a column, 0 for NULL.
  private static func words(_ vector: Vector) -> [Int64] {
    let flat = vector.flat()
    let values = flat.pointer(Int64.self)
    return (0..<flat.count).map { flat.isNull($0) ? 0 : values[$0] }
  }
}

/// All buyers with their scores.
struct BuyerTable: Sendable {
  private let parts: [Buyers]
  private let asOfDay: Int64
  private let priceType: DataType
  private let scores: RFMScores

  init(_ parts: [Buyers], asOfDay: Int64, priceType: DataType) {
    self.parts = parts
    self.asOfDay = asOfDay
    self.priceType = priceType
    let isDouble = priceType == .double
    scores = RFMScores(
      recency: parts.flatMap { part in part.last.map { asOfDay - UTC.day(of: $0) } },
      frequency: parts.flatMap(\.purchases),
      monetary: parts.flatMap { part in
        part.spend.map { RFMScores.moneyKey($0, isDouble: isDouble) }
      })
  }

  private func recency(_ buyers: Buyers, _ row: Int) -> Int64 {
    asOfDay - UTC.day(of: buyers.last[row])
  }

  private func segment(_ buyers: Buyers, _ row: Int) -> RFMSegment {
    RFMSegment(r: scores.r(recency(buyers, row)), f: scores.f(buyers.purchases[row]))
  }

  /// A column of the buyers, by its number in the result.
  func vector(_ column: Int, of buyers: Buyers) -> Vector {
    let count = buyers.count
    let isDouble = priceType == .double
    switch column {
    case 0: return buyers.users
    case 1: return .build(.bigint, count: count) { recency(buyers, $0) }
    case 2: return .build(.bigint, count: count) { buyers.purchases[$0] }
    case 3: return .build(priceType.ofSums, count: count) { buyers.spend[$0] }
    case 4: return .build(.bigint, count: count) { scores.r(recency(buyers, $0)) }
    case 5: return .build(.bigint, count: count) { scores.f(buyers.purchases[$0]) }
    case 6:
      return .build(.bigint, count: count) {
        scores.m(RFMScores.moneyKey(buyers.spend[$0], isDouble: isDouble))
      }
    default: return .labels((0..<count).map { segment(buyers, $0) })
    }
  }

  /// What the buyers of each segment have in common.
  func segments() -> RFMSummary {
    var summary = RFMSummary(priceType: priceType)
    for part in parts {
      for row in 0..<part.count {
        summary.add(part, row, recency: recency(part, row), to: segment(part, row))
      }
    }
    return summary
  }
}
