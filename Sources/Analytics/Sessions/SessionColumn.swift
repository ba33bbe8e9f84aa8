import ColStore
import Query

/// The columns of the sessions table, in order.
enum SessionColumn: String, CaseIterable {
  /// `session_id` where sessions are made by inactivity.
  case session = "user_session"
  case user = "user_id"
  case start = "session_start"
  case end = "session_end"
  case duration = "duration_seconds"
  case events = "num_events"
  case views = "num_views"
  case carts = "num_carts"
  case removes = "num_removes"
  case purchases = "num_purchases"
  case products = "products_viewed"
  case categories = "categories_viewed"
  case brands = "brands_viewed"
  case averagePrice = "avg_price"
  case minPrice = "min_price"
  case maxPrice = "max_price"
  case cartValue = "cart_value"
  case purchaseValue = "purchase_value"
  case startHour = "start_hour"
  case startWeekday = "start_weekday"
  case isWeekend = "is_weekend"
  case number = "session_number"
  case isReturning = "is_returning_user"
  case sincePrevious = "seconds_since_previous"
  case cartToView = "cart_to_view_ratio"
  case purchaseToCart = "purchase_to_cart_ratio"
  case productsPerEvent = "products_per_event"
  case eventsPerMinute = "events_per_minute"
  case isAbandoned = "is_abandoned"
  case isPurchased = "is_purchased"

  /// Whether it depends on the user's other sessions.
  var needsNumbers: Bool {
    switch self {
    case .number, .isReturning, .sincePrevious: true
    default: false
    }
  }
}

/// Renders parts of a ``SessionTable`` as vectors.
struct SessionRenderer: Sendable {
  let table: SessionTable
  let numbers: SessionNumbers?
  let sessions: CodedColumn
  let users: CodedColumn
  let priceType: DataType
  /// Whether sessions are made by inactivity.
  let hasGap: Bool

  func vector(_ column: SessionColumn, part: Int, _ rows: WideRows) -> Vector {
    let count = rows.count
    func field(_ field: SessionField) -> UnsafeMutablePointer<Int64> {
      rows.columns[field.rawValue]
    }
    func copied(_ source: SessionField, _ type: DataType) -> Vector {
      let values = field(source)
      return .build(type, count: count) { (row: Int) -> Int64 in values[row] }
    }
    func coded(_ source: SessionField, _ column: CodedColumn) -> Vector {
      let values = field(source)
      let codes = Buffer(UInt32.self, count: count)
      for row in 0..<count {
        codes.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: values[row])
      }
      return column.vector(codes, count: count)
    }
    func ratio(_ top: SessionField, _ bottom: SessionField) -> Vector {
      let (top, bottom) = (field(top), field(bottom))
      return .build(.double, count: count) { row in Double(top[row]) / Double(bottom[row] + 1) }
    }
    let (starts, ends) = (field(.start), field(.end))
    switch column {
    case .session:
      return hasGap ? sessionNames(part, rows) : coded(.unit, sessions)
    case .user: return coded(.user, users)
    case .start: return copied(.start, .timestamp)
    case .end: return copied(.end, .timestamp)
    case .duration:
      return .build(.bigint, count: count) { row in seconds(from: starts[row], to: ends[row]) }
    case .events: return copied(.events, .bigint)
    case .views: return copied(.views, .bigint)
    case .carts: return copied(.carts, .bigint)
    case .removes: return copied(.removes, .bigint)
    case .purchases: return copied(.purchases, .bigint)
    case .products: return copied(.products, .bigint)
    case .categories: return copied(.categories, .bigint)
    case .brands: return copied(.brands, .bigint)
    case .averagePrice: return averages(rows)
    case .minPrice: return price(.minPrice, priceType, rows)
    case .maxPrice: return price(.maxPrice, priceType, rows)
    case .cartValue: return copied(.cartValue, priceType.ofSums)
    case .purchaseValue: return copied(.purchaseValue, priceType.ofSums)
    case .startHour: return .build(.bigint, count: count) { UTC.hour(starts[$0]) }
    case .startWeekday: return .build(.bigint, count: count) { UTC.weekday(starts[$0]) }
    case .isWeekend: return .flags(count: count) { UTC.weekday(starts[$0]) >= 6 }
    case .number:
      return .build(.bigint, count: count) { numbers?.number(part: part, row: $0) ?? 0 }
    case .isReturning:
      return .flags(count: count) { numbers?.isReturning(part: part, row: $0) ?? false }
    case .sincePrevious:
      return .buildNullable(.bigint, count: count) { (row: Int) -> Int64? in
        guard let previous = numbers?.previousStart(part: part, row: row),
          previous != SessionNumbers.noStart
        else { return nil }
        return seconds(from: previous, to: starts[row])
      }
    case .cartToView: return ratio(.carts, .views)
    case .purchaseToCart: return ratio(.purchases, .carts)
    case .productsPerEvent: return ratio(.products, .events)
    case .eventsPerMinute:
      let events = field(.events)
      return .build(.double, count: count) { row in
        let duration = seconds(from: starts[row], to: ends[row])
        return duration == 0 ? 0 : Double(events[row]) / (Double(duration) / 60)
      }
    case .isAbandoned:
      let (carts, purchases) = (field(.carts), field(.purchases))
      return .flags(count: count) { carts[$0] > 0 && purchases[$0] == 0 }
    case .isPurchased:
      let purchases = field(.purchases)
      return .flags(count: count) { purchases[$0] > 0 }
    }
  }

  private func price(_ field: SessionField, _ type: DataType, _ rows: WideRows) -> Vector {
    let (values, counts) = (
      rows.columns[field.rawValue], rows.columns[SessionField.prices.rawValue]
    )
    return .buildNullable(type, count: rows.count) { counts[$0] == 0 ? nil : values[$0] }
  }

  private func averages(_ rows: WideRows) -> Vector {
    let sums = rows.columns[SessionField.priceSum.rawValue]
    let counts = rows.columns[SessionField.prices.rawValue]
    let unit = priceType.unitsPerOne
    let isDouble = priceType == .double
    return .buildNullable(.double, count: rows.count) { (row: Int) -> Double? in
      guard counts[row] > 0 else { return nil }
      return isDouble
        ? Double(bitPattern: UInt64(bitPattern: sums[row])) / Double(counts[row])
        : Double(sums[row]) / (Double(counts[row]) * unit)
    }
  }

  /// `USER-N`.
  private func sessionNames(_ part: Int, _ rows: WideRows) -> Vector {
    let units = rows.columns[SessionField.unit.rawValue]
    return .texts(count: rows.count) { row, text in
      text.append(sessions.dictionary, row: Int(units[row]))
      text.append(UInt8(ascii: "-"))
      text.append(String(numbers?.number(part: part, row: row) ?? 0))
    }
  }
}
