import ColStore
import Query

/// What is computed of each session from its events; all other columns follow from these.
enum SessionField: Int, CaseIterable {
  case unit
  case user
  case start
  case end
  case events
  case views
  case carts
  case removes
  case purchases
  case products
  case categories
  case brands
  /// Prices that are not NULL.
  case prices
  case priceSum
  case minPrice
  case maxPrice
  case cartValue
  case purchaseValue
}

/// The lanes of a session's events.
enum SessionLane: Int, CaseIterable {
  case user
  case type
  case product
  case category
  case brand
}

/// Computes ``SessionField``s of one session after the other.
struct SessionFeatures {
  /// 1 << 16 k for the codes of event kind k: four counters in one word.
  private let increments: [UInt64]
  /// All ones for the codes of carts, and of purchases.
  private let cartMasks: [Int64]
  private let purchaseMasks: [Int64]
  private let nulls: [UInt32]
  private let pricesAreDouble: Bool
  private var distinct = DistinctCounter()

  init(_ source: EventSource) {
    let kinds = EventKind.kinds(of: source.coded[SessionLane.type.rawValue])
    increments = kinds.map { $0 < EventKind.other ? 1 << (16 * UInt64($0)) : 0 }
    cartMasks = kinds.map { $0 == EventKind.cart.rawValue ? -1 : 0 }
    purchaseMasks = kinds.map { $0 == EventKind.purchase.rawValue ? -1 : 0 }
    // No code is that large.
    nulls = source.coded.map { $0.nullCode ?? .max }
    pricesAreDouble = source.priceIsDouble
  }

  /// Writes the fields of a session, whose events are in the order of their times, to row `row`.
  mutating func write(
    _ unit: UInt32, _ events: EventLanes, _ rows: Range<Int>, to row: Int,
    of columns:
      [UnsafeMutablePointer<Int64>]
  ) throws(QueryError) {
    func set(_ field: SessionField, _ value: Int64) { columns[field.rawValue][row] = value }
    func lane(_ lane: SessionLane) -> UnsafePointer<UInt32> { events.codes[lane.rawValue] }
    set(.unit, Int64(unit))
    set(.user, Int64(lane(.user)[rows.lowerBound]))
    set(.start, events.times[rows.lowerBound])
    set(.end, events.times[rows.upperBound - 1])
    set(.events, Int64(rows.count))
    let kinds = counts(lane(.type), rows)
    set(.views, kinds[EventKind.view.rawValue])
    set(.carts, kinds[EventKind.cart.rawValue])
    set(.removes, kinds[EventKind.remove.rawValue])
    set(.purchases, kinds[EventKind.purchase.rawValue])
    set(.products, distinctCount(lane(.product), rows, .product))
    set(.categories, distinctCount(lane(.category), rows, .category))
    set(.brands, distinctCount(lane(.brand), rows, .brand))
    let prices =
      pricesAreDouble
      ? doublePrices(events, rows, lane(.type)) : try exactPrices(events, rows, lane(.type))
    set(.prices, prices.count)
    set(.priceSum, prices.sum)
    set(.minPrice, prices.low)
    set(.maxPrice, prices.high)
    set(.cartValue, prices.carts)
    set(.purchaseValue, prices.purchases)
  }

  @inline(__always)
  private mutating func distinctCount(
    _ codes: UnsafePointer<UInt32>, _ rows: Range<Int>, _ lane: SessionLane
  ) -> Int64 {
    Int64(distinct.count(codes, rows, null: nulls[lane.rawValue]))
  }

  private func counts(_ types: UnsafePointer<UInt32>, _ rows: Range<Int>) -> SIMD4<Int64> {
    var total = SIMD4<Int64>()
    var start = rows.lowerBound
    increments.withUnsafeBufferPointer { increments in
      while start < rows.upperBound {
        // No counter overflows.
        let end = min(rows.upperBound, start + 65_535)
        var packed: UInt64 = 0
        for row in start..<end { packed &+= increments[Int(types[row])] }
        for kind in 0..<4 {
          total[kind] += Int64(packed >> (16 * UInt64(kind)) & 0xFFFF)
        }
        start = end
      }
    }
    return total
  }

  /// What is said of the prices; doubles as their bit patterns.
  private struct Prices {
    var count: Int64 = 0
    var sum: Int64 = 0
    var low: Int64 = 0
    var high: Int64 = 0
    var carts: Int64 = 0
    var purchases: Int64 = 0
  }

  private func exactPrices(
    _ events: EventLanes, _ rows: Range<Int>, _ types: UnsafePointer<UInt32>
  ) throws(QueryError) -> Prices {
    var result = Prices()
    var (low, high) = (Int64.max, Int64.min)
    cartMasks.withUnsafeBufferPointer { cartMasks in
      purchaseMasks.withUnsafeBufferPointer { purchaseMasks in
        for row in rows {
          let price = events.prices[row]
          if price == noPrice { continue }
          let type = Int(types[row])
          low = min(low, price)
          high = max(high, price)
          result.count &+= 1
          result.sum &+= price
          result.carts &+= price & cartMasks[type]
          result.purchases &+= price & purchaseMasks[type]
        }
      }
    }
    guard result.count > 0 else { return result }
    // No sum can have overflowed where even that many of the largest price would not.
    let largest = max(high.magnitude, low.magnitude)
    guard !largest.multipliedReportingOverflow(by: UInt64(rows.count)).overflow,
      largest * UInt64(rows.count) <= UInt64(Int64.max)
    else {
      throw QueryError(.value, "the prices of a session are too large to be added")
    }
    (result.low, result.high) = (low, high)
    return result
  }

  private func doublePrices(
    _ events: EventLanes, _ rows: Range<Int>, _ types: UnsafePointer<UInt32>
  ) -> Prices {
    var result = Prices()
    var (sum, carts, purchases) = (0.0, 0.0, 0.0)
    var (low, high) = (Double.infinity, -Double.infinity)
    for row in rows where events.prices[row] != noPrice {
      let price = Double(bitPattern: UInt64(bitPattern: events.prices[row]))
      let type = Int(types[row])
      // NaN is above all numbers, as in SQL.
      if result.count == 0 || price < low || low.isNaN { low = price }
      if result.count == 0 || price > high || price.isNaN { high = price }
      result.count += 1
      sum += price
      if cartMasks[type] != 0 { carts += price }
      if purchaseMasks[type] != 0 { purchases += price }
    }
    func bits(_ value: Double) -> Int64 { Int64(bitPattern: value.bitPattern) }
    (result.sum, result.carts, result.purchases) = (bits(sum), bits(carts), bits(purchases))
    if result.count > 0 { (result.low, result.high) = (bits(low), bits(high)) }
    return result
  }
}
