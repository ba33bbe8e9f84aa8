import ColStore
import Query

/// Some buyers, with their purchases summed up.
struct Buyers: Sendable {
  let users: Vector
  /// Days from the last purchase.
  let recency: Vector
  /// The number of purchases.
  let frequency: Vector
  /// The sum of their prices.
  let monetary: Vector

  var count: Int { users.count }

  /// - Parameter batch: User, number of purchases, sum of prices, last purchase.
  /// - Throws: ``QueryError`` where a sum has more than 18 digits.
  init(_ batch: Batch, asOfDay: Int64, priceType: DataType) throws(QueryError) {
    users = batch.columns[0]
    frequency = batch.columns[1].flat()
    monetary = try Self.sums(batch.columns[2].flat(), priceType.ofSums)
    let last = batch.columns[3].flat()
    let times = last.pointer(Int64.self)
    recency = .build(.bigint, count: last.count) { asOfDay - UTC.day(of: times[$0]) }
    withExtendedLifetime(last) {}
  }

  /// Sums in 64 bits, 0 for NULL.
  private static func sums(_ sums: Vector, _ type: DataType) throws(QueryError) -> Vector {
    guard sums.type.physical == .int128 else {
      let values = sums.pointer(Int64.self)
      return .build(type, count: sums.count) { sums.isNull($0) ? 0 : values[$0] }
    }
    let wide = sums.pointer(Int128.self)
    var isTooLarge = false
    let narrow = Vector.build(type, count: sums.count) { row in
      let sum = sums.isNull(row) ? 0 : wide[row]
      isTooLarge = isTooLarge || Int128(Int64(truncatingIfNeeded: sum)) != sum
      return Int64(truncatingIfNeeded: sum)
    }
    if isTooLarge {
      throw QueryError(.value, "the prices of a user are too large to be added")
    }
    return narrow
  }

  /// The words of a column: of doubles their bit patterns.
  func words(_ column: KeyPath<Buyers, Vector>) -> UnsafeBufferPointer<Int64> {
    UnsafeBufferPointer(start: self[keyPath: column].pointer(Int64.self), count: count)
  }
}

/// All buyers with their scores.
struct BuyerTable: Sendable {
  private let parts: [Buyers]
  private let priceType: DataType
  private let scores: RFMScores

  init(_ parts: [Buyers], priceType: DataType) {
    self.parts = parts
    self.priceType = priceType
    let isDouble = priceType == .double
    scores = RFMScores(
      recency: parts.flatMap { $0.words(\.recency) },
      frequency: parts.flatMap { $0.words(\.frequency) },
      monetary: parts.flatMap { part in
        part.words(\.monetary).map { RFMScores.moneyKey($0, isDouble: isDouble) }
      })
  }

  /// A column of the buyers, by its number in the result.
  func vector(_ column: Int, of buyers: Buyers) -> Vector {
    let count = buyers.count
    let (recency, frequency) = (buyers.words(\.recency), buyers.words(\.frequency))
    switch column {
    case 0: return buyers.users
    case 1: return buyers.recency
    case 2: return buyers.frequency
    case 3: return buyers.monetary
    case 4: return .build(.bigint, count: count) { scores.r(recency[$0]) }
    case 5: return .build(.bigint, count: count) { scores.f(frequency[$0]) }
    case 6:
      let monetary = buyers.words(\.monetary)
      let isDouble = priceType == .double
      return .build(.bigint, count: count) {
        scores.m(RFMScores.moneyKey(monetary[$0], isDouble: isDouble))
      }
    default:
      return .labels(count: count) {
        RFMSegment(r: scores.r(recency[$0]), f: scores.f(frequency[$0]))
      }
    }
  }

  /// What the buyers of each segment have in common.
  func segments() -> RFMSummary {
    var summary = RFMSummary(priceType: priceType)
    for part in parts {
      let (recency, frequency) = (part.words(\.recency), part.words(\.frequency))
      let monetary = part.words(\.monetary)
      for row in 0..<part.count {
        summary.add(
          recency: recency[row], frequency: frequency[row], monetary: monetary[row],
          to: RFMSegment(r: scores.r(recency[row]), f: scores.f(frequency[row])))
      }
    }
    return summary
  }
}
