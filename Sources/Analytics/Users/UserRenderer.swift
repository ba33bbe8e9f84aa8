import ColStore
import Glibc
import Query

extension UserTable {
  /// How all buyers are scored.
  func scores() throws(QueryError) -> RFMScores {
    var (recency, frequency, monetary): ([Int64], [Int64], [Int64]) = ([], [], [])
    for part in parts.all.indices {
      let rows = try load(part: part)
      for row in 0..<rows.count where rows[.purchases, row] > 0 {
        recency.append(self.recency(rows, row))
        frequency.append(rows[.purchases, row])
        monetary.append(moneyKey(rows[.spend, row]))
      }
    }
    return RFMScores(recency: recency, frequency: frequency, monetary: monetary)
  }

  /// Days since the last purchase.
  func recency(_ rows: WideRows, _ row: Int) -> Int64 {
    asOfDay - UTC.day(of: rows[.lastPurchase, row])
  }

  func moneyKey(_ value: Int64) -> Int64 {
    RFMScores.moneyKey(value, isDouble: priceType == .double)
  }

  /// A sum of prices as a number.
  func money(_ sum: Int64) -> Double { priceType.money(sum) }

  /// The mean of prices, from their sum.
  func meanPrice(_ sum: Int64, _ count: Int64) -> Double {
    priceType == .double
      ? money(sum) / Double(count) : Double(sum) / (Double(count) * priceType.unitsPerOne)
  }
}

extension WideRows {
  subscript(field: UserField, row: Int) -> Int64 { columns[field.rawValue][row] }
}

/// Renders parts of a ``UserTable`` as vectors.
struct UserRenderer: Sendable {
  let table: UserTable
  let scores: RFMScores?

  func vector(_ column: UserColumn, _ rows: WideRows) -> Vector {
    let count = rows.count
    func copied(_ field: UserField, _ type: DataType = .bigint) -> Vector {
      let values = rows.columns[field.rawValue]
      return .build(type, count: count) { (row: Int) -> Int64 in values[row] }
    }
    func ratio(_ top: UserField, _ bottom: UserField) -> Vector {
      .buildNullable(.double, count: count) { (row: Int) -> Double? in
        rows[bottom, row] == 0 ? nil : Double(rows[top, row]) / Double(rows[bottom, row])
      }
    }
    func mean(_ sum: UserField, _ number: UserField) -> Vector {
      .buildNullable(.double, count: count) { (row: Int) -> Double? in
        rows[number, row] == 0 ? nil : table.meanPrice(rows[sum, row], rows[number, row])
      }
    }
    func logarithm(_ field: UserField) -> Vector {
      .build(.double, count: count) { log1p(Double(rows[field, $0])) }
    }
    /// A value that buyers alone have.
    func ofBuyer(_ type: DataType = .bigint, _ value: (Int) -> Int64?) -> Vector {
      .buildNullable(type, count: count) { (row: Int) -> Int64? in
        rows[.purchases, row] > 0 ? value(row) : nil
      }
    }
    switch column {
    case .user:
      let codes = Buffer(UInt32.self, count: count)
      for row in 0..<count {
        codes.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: rows[.user, row])
      }
      return table.users.vector(codes, count: count)
    case .events: return copied(.events)
    case .views: return copied(.views)
    case .carts: return copied(.carts)
    case .removes: return copied(.removes)
    case .purchases: return copied(.purchases)
    case .sessions: return copied(.sessions)
    case .activeDays: return copied(.activeDays)
    case .products: return copied(.products)
    case .categories: return copied(.categories)
    case .brands: return copied(.brands)
    case .spend: return copied(.spend, table.priceType.ofSums)
    case .meanSpend:
      return .build(.double, count: count) { row in
        let purchases = rows[.purchases, row]
        return purchases == 0 ? 0.0 : table.meanPrice(rows[.spend, row], purchases)
      }
    case .meanViewPrice: return mean(.viewPriceSum, .viewPrices)
    case .meanCartPrice: return mean(.cartPriceSum, .cartPrices)
    case .meanHour: return ratio(.hourSum, .events)
    case .weekendShare: return ratio(.weekendEvents, .events)
    case .firstSeen: return copied(.firstSeen, .timestamp)
    case .lastSeen: return copied(.lastSeen, .timestamp)
    case .daysSinceLast:
      return .build(.bigint, count: count) { table.asOfDay - UTC.day(of: rows[.lastSeen, $0]) }
    case .viewsPerSession: return ratio(.views, .sessions)
    case .cartsPerSession: return ratio(.carts, .sessions)
    case .logViews: return logarithm(.views)
    case .logCarts: return logarithm(.carts)
    case .logSpend:
      return .build(.double, count: count) { log1p(table.money(rows[.spend, $0])) }
    case .isBuyer: return .flags(count: count) { rows[.purchases, $0] > 0 }
    case .recency: return ofBuyer { table.recency(rows, $0) }
    case .frequency: return ofBuyer { rows[.purchases, $0] }
    case .monetary: return ofBuyer(table.priceType.ofSums) { rows[.spend, $0] }
    case .r: return ofBuyer { scores?.r(table.recency(rows, $0)) }
    case .f: return ofBuyer { scores?.f(rows[.purchases, $0]) }
    case .m: return ofBuyer { scores?.m(table.moneyKey(rows[.spend, $0])) }
    case .willPurchase: return .flags(count: count) { rows[.label, $0] == 1 }
    }
  }
}
