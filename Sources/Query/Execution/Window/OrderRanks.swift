import ColStore

/// The leading keys of an order as one integer a row: no row comes before one of a lesser integer.
///
/// Keys that follow may still tell rows of equal integers apart.
struct OrderRanks: Sendable {
  private let parts: [Part]

  fileprivate struct Part: Sendable {
    enum Kind: Sendable {
      /// The place of the key in the order of all keys that there can be, by the key's number.
      case places(KeyDomain, Buffer)
      /// The distance to the least or greatest value; NULLs at their end.
      case distances(CompiledSortKey, ClosedRange<Int64>)
      /// The value itself, of an only part.
      case values(CompiledSortKey)
    }

    let kind: Kind
    /// How many integers there are.
    let size: Int64
  }

  /// The most keys that are put in order beforehand.
  fileprivate static let placesMax = 1 << 16

  /// Nil where the first key does not become an integer.
  init?(_ keys: [CompiledSortKey], over input: Pipeline, _ context: QueryContext) {
    var parts: [Part] = []
    var size: Int64 = 1
    for key in keys {
      guard let part = Part(key, over: input, Evaluator(context), isFirst: parts.isEmpty) else {
        break
      }
      let (product, overflow) = size.multipliedReportingOverflow(by: part.size)
      if overflow { break }
      parts.append(part)
      size = product
    }
    if parts.isEmpty { return nil }
    self.parts = parts
  }

  /// Of each row of `batch`, 64-bit signed integers.
  func ranks(of batch: Batch, _ evaluator: Evaluator) throws(QueryError) -> Buffer {
    let ranks = Buffer(Int64.self, count: batch.rowCount)
    for (index, part) in parts.enumerated() {
      try part.append(to: ranks.pointer(Int64.self), batch, isFirst: index == 0, evaluator)
    }
    return ranks
  }
}

extension OrderRanks.Part {
  fileprivate init?(
    _ key: CompiledSortKey, over input: Pipeline, _ evaluator: Evaluator, isFirst: Bool
  ) {
    let expression = key.expression
    guard expression.isDeterministic else { return nil }
    if expression.type.physical == .int64, let range = ValueRange.of(expression, input),
      let span = OrderRanks.span(of: range)
    {
      kind = .distances(key, range)
      size = span + 2
    } else if let domain = KeyDomain(
      expression, input, evaluator, sizeMax: OrderRanks.placesMax), domain.size > 0
    {
      kind = .places(domain, OrderRanks.places(of: domain, key))
      size = Int64(domain.size)
    } else if isFirst,
      expression.type.physical == .int64 || expression.type.physical == .double
    {
      kind = .values(key)
      size = .max
    } else {
      return nil
    }
  }

  fileprivate func append(
    to ranks: UnsafeMutablePointer<Int64>, _ batch: Batch, isFirst: Bool, _ evaluator: Evaluator
  ) throws(QueryError) {
    let count = batch.rowCount
    switch kind {
    case .places(let domain, let places):
      let numbers = Buffer(UInt32.self, count: count)
      let number = numbers.pointer(UInt32.self)
      try domain.assign(batch, into: number, isFirst: true, evaluator)
      let place = places.pointer(UInt32.self)
      combine(ranks, count, isFirst) { Int64(place[Int(number[$0])]) }
      withExtendedLifetime((numbers, places)) {}
    case .distances(let key, let range):
      let vector = try evaluator.evaluate(key.expression, batch)
      let values = Rows<Int64>(vector)
      let firstValue: Int64 = key.nullsFirst ? 1 : 0
      let null = key.nullsFirst ? 0 : size - 1
      if key.descending {
        let high = range.upperBound &+ firstValue
        combine(ranks, count, isFirst) { values.isNull($0) ? null : high &- values[$0] }
      } else {
        let low = range.lowerBound &- firstValue
        combine(ranks, count, isFirst) { values.isNull($0) ? null : values[$0] &- low }
      }
      withExtendedLifetime(vector) {}
    case .values(let key):
      let vector = try evaluator.evaluate(key.expression, batch)
      let flip: Int64 = key.descending ? -1 : 0
      let null = key.nullsFirst ? Int64.min : .max
      if vector.type.physical == .double {
        let values = Rows<Double>(vector)
        for row in 0..<count {
          ranks[row] = values.isNull(row) ? null : DoubleKey.ordered(values[row]) ^ flip
        }
      } else {
        let values = Rows<Int64>(vector)
        for row in 0..<count { ranks[row] = values.isNull(row) ? null : values[row] ^ flip }
      }
      withExtendedLifetime(vector) {}
    }
  }

  /// Puts this key's integers behind those of the keys before it.
  @inline(__always)
  private func combine(
    _ ranks: UnsafeMutablePointer<Int64>, _ count: Int, _ isFirst: Bool, _ value: (Int) -> Int64
  ) {
    var row = 0
    if isFirst {
      while row < count {
        ranks[row] = value(row)
        row += 1
      }
    } else {
      while row < count {
        ranks[row] = ranks[row] &* size &+ value(row)
        row += 1
      }
    }
  }
}

extension OrderRanks {
  /// The distance of the bounds; nil where it does not leave room for NULLs.
  fileprivate static func span(of range: ClosedRange<Int64>) -> Int64? {
    let (span, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    return overflow || span > .max - 2 ? nil : span
  }

  /// Where each of the domain's keys stands in the order of `key`.
  fileprivate static func places(of domain: KeyDomain, _ key: CompiledSortKey) -> Buffer {
    let numbers = Buffer(UInt32.self, count: domain.size)
    for number in 0..<domain.size { numbers.pointer(UInt32.self)[number] = UInt32(number) }
    let column = SortColumn(
      vector: domain.keys(numbers, count: domain.size), descending: key.descending,
      nullsFirst: key.nullsFirst)
    let order = SortOrder.rows([column], count: domain.size)
    let places = Buffer(UInt32.self, count: domain.size)
    for place in 0..<domain.size {
      places.pointer(UInt32.self)[Int(order.pointer[place])] = UInt32(place)
    }
    return withExtendedLifetime((numbers, order)) { places }
  }
}
