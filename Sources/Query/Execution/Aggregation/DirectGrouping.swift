import CKernels
import ColStore
import Synchronization

/// One key whose values have small numbers that are known beforehand.
struct KeyDomain: Sendable {
  enum Kind: Sendable {
    /// The number is the code of this input column, or `numbers[code]`.
    case codes(column: Int, dictionary: Vector, numbers: Buffer?, index: DictionaryIndex)
    /// The number is `numbers[place]` of the granule that the row lies in.
    case granules(Granules, numbers: Buffer)
    /// The number is that of the combination of the factors' numbers.
    case factors(FactoredKey)
    /// The number is value - low + 1, and 0 for NULL.
    case range(CompiledExpression, low: Int64)
    /// 0 NULL, 1 false, 2 true.
    case boolean(CompiledExpression)
  }

  let kind: Kind
  let size: Int
  /// The key of number i; nil for a wide range, whose keys are computed.
  let dictionary: Vector?

  /// The most groups that are numbered without a table.
  static let sizeMax = 1 << 22
  /// The same for each row of the input, but that some groups cost nothing.
  static let sizeOfRowMax = 4
  static let freeSize = 1 << 12
  /// The most values of a range that are written down.
  private static let listedMax = 1 << 16
  /// The most values of a lone coded key.
  static let loneSizeMax = 1 << 27

  /// The same where memory is limited.
  static func loneSizeMax(within memoryLimit: Int?) -> Int {
    memoryLimit.map { min(max($0 / 64, 1 << 16), loneSizeMax) } ?? loneSizeMax
  }

  /// A domain of `key` over a pipeline's columns; nil where there is none, or it is too wide.
  init?(_ key: CompiledExpression, _ input: Pipeline, _ evaluator: Evaluator, sizeMax: Int) {
    guard key.isDeterministic else { return nil }
    if key.columns.count == 1, let dictionary = input.facts(key.columns[0]).dictionary {
      guard dictionary.count <= sizeMax else { return nil }
      let column = key.columns[0]
      let index = DictionaryIndex(dictionary)
      // Entries of DOUBLE differ in bits, and 0.0 and -0.0 are one group.
      if key.bareColumn != nil && dictionary.type != .double {
        kind = .codes(column: column, dictionary: dictionary, numbers: nil, index: index)
        size = dictionary.count
        self.dictionary = dictionary
        return
      }
      guard dictionary.count <= Granules.countMax,
        let distinct = KeyDomain.distinctResults(
          key, Batch(repeating: dictionary.coded, upTo: column), evaluator)
      else { return nil }
      kind = .codes(
        column: column, dictionary: dictionary, numbers: distinct.numbers, index: index)
      size = distinct.values.count
      self.dictionary = distinct.values
      return
    }
    if key.type == .boolean {
      kind = .boolean(key)
      size = 3
      dictionary = Vector(.boolean, [.null, .bool(false), .bool(true)])
      return
    }
    let range = key.type.physical == .int64 ? ValueRange.of(key, input) : nil
    let size = range.flatMap { KeyDomain.size($0, atMost: sizeMax) }
    // Of a wide range few values may occur.
    if key.bareColumn == nil, size ?? .max > KeyDomain.freeSize {
      if let granules = Granules(of: key, input),
        let distinct = KeyDomain.distinctResults(
          key, Batch(repeating: granules.values, upTo: granules.column), evaluator)
      {
        kind = .granules(granules, numbers: distinct.numbers)
        self.size = distinct.values.count
        dictionary = distinct.values
        return
      }
      if let factored = FactoredKey(key, input, evaluator) {
        kind = .factors(factored)
        self.size = factored.values.count
        dictionary = factored.values
        return
      }
    }
    guard let range, let size else { return nil }
    self.size = size
    kind = .range(key, low: range.lowerBound)
    dictionary =
      size <= KeyDomain.listedMax
      ? KeyDomain.values(from: range.lowerBound, key.type, count: size) { UInt32($0) } : nil
  }

  /// The keys that numbers stand for.
  func keys(_ numbers: Buffer, count: Int) -> Vector {
    let number = UnsafePointer(numbers.pointer(UInt32.self))
    if let dictionary {
      return Vector(codes: number, count: count, dictionary: dictionary, owners: [numbers])
    }
    guard case .range(let key, let low) = kind else {
      preconditionFailure("all domains but ranges are written down")
    }
    return withExtendedLifetime(numbers) {
      KeyDomain.values(from: low, key.type, count: count) { number[$0] }
    }
  }

  /// The numbers of keys that ``keys(_:count:)`` gave.
  func numbers(ofKeys keys: Vector) -> (Int) -> Int64 {
    if let codes = keys.codes { return { Int64(codes[$0]) } }
    guard case .range(_, let low) = kind else {
      preconditionFailure("all domains but ranges are written down")
    }
    let rows = Rows<Int64>(keys)
    return { rows.isNull($0) ? 0 : rows[$0] &- low &+ 1 }
  }

  /// What is known of such keys.
  var facts: ColumnFacts {
    var facts = ColumnFacts.none
    facts.dictionary = dictionary
    if case .range(_, let low) = kind { facts.range = low...low + Int64(size) - 2 }
    return facts
  }

  /// Of a range from `low` on: 0 stands for NULL, 1 for `low`, and so on.
  private static func values(
    from low: Int64, _ type: DataType, count: Int, number: (Int) -> UInt32
  ) -> Vector {
    var output = FlatBuilder<Int64>(count: count)
    for row in 0..<count {
      let number = number(row)
      if number == 0 {
        output.setNull(row, filler: 0)
      } else {
        output[row] = low &+ Int64(number) &- 1
      }
    }
    return output.finish(type)
  }

  /// The numbers of a range, and one for NULL; nil where they are too many.
  private static func size(_ range: ClosedRange<Int64>, atMost sizeMax: Int) -> Int? {
    let width = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    guard !width.overflow, width.partialValue < Int64(sizeMax) - 2 else { return nil }
    return Int(width.partialValue) + 2
  }

  /// The distinct results of `key` over all values that its columns can have, and the number of each
  /// row's.
  static func distinctResults(
    _ key: CompiledExpression, _ batch: Batch, _ evaluator: Evaluator
  ) -> (numbers: Buffer, values: Vector)? {
    do throws(QueryError) {
      let results = try evaluator.evaluate(key, batch).flat()
      let table = HashGrouping.make([results.type])
      let numbers = Buffer(UInt32.self, count: batch.rowCount)
      table.assign([results], count: batch.rowCount, into: numbers.pointer(UInt32.self))
      return (numbers, table.keys()[0].flat())
    } catch {
      // Values that no row may have fail: rows are then evaluated one by one.
      return nil
    }
  }
}

extension Batch {
  /// A batch of the values of one column, which stand in all columns up to that.
  fileprivate init(repeating values: Vector, upTo column: Int) {
    self.init(columns: Array(repeating: values, count: column + 1), rowCount: values.count)
  }
}

extension Vector {
  /// Every entry of this dictionary once.
  fileprivate var coded: Vector {
    let codes = Buffer(UInt32.self, count: count)
    for code in 0..<count { codes.pointer(UInt32.self)[code] = UInt32(code) }
    return Vector(
      codes: UnsafePointer(codes.pointer(UInt32.self)), count: count, dictionary: self,
      owners: [codes])
  }
}

/// Finds the codes of values, for the few vectors that are not coded though their column is.
package final class DictionaryIndex: Sendable {
  /// The entries that differ by number, and the code of each.
  private struct Entries {
    let table: any KeyTable
    let codes: Buffer
  }

  private let dictionary: Vector
  private let entries = Mutex<Unshared<Entries>?>(nil)

  package init(_ dictionary: Vector) { self.dictionary = dictionary }

  private func makeEntries() -> Unshared<Entries> {
    let count = dictionary.count
    let table = HashGrouping.make([dictionary.type])
    let numbers = Buffer(UInt32.self, count: count)
    table.assign([dictionary], count: count, into: numbers.pointer(UInt32.self))
    let codes = Buffer(UInt32.self, count: table.count)
    // Of a column without NULLs, the first entry, which stands for NULL, may look like a value.
    for code in 0..<count {
      codes.pointer(UInt32.self)[Int(numbers.pointer(UInt32.self)[code])] = UInt32(code)
    }
    return withExtendedLifetime(numbers) { Unshared([Entries(table: table, codes: codes)]) }
  }

  /// The code of each row of `vector`, in a buffer; any for NULL where no entry is.
  package func codes(of vector: Vector, count: Int) -> Buffer {
    let entries = entries.withLock { known in
      let entries = known ?? makeEntries()
      known = entries
      return entries
    }[0]
    let output = Buffer(UInt32.self, count: count)
    let code = output.pointer(UInt32.self)
    entries.table.find([vector], count: count, into: code)
    let known = entries.codes.pointer(UInt32.self)
    for row in 0..<count { code[row] = code[row] == KeyTables.absent ? 0 : known[Int(code[row])] }
    return withExtendedLifetime(entries) { output }
  }
}

extension KeyDomain {
  /// Appends this key's numbers to those of the keys before it, as the next digit.
  func assign(
    _ batch: Batch, into groups: UnsafeMutablePointer<UInt32>, isFirst: Bool, _ evaluator: Evaluator
  ) throws(QueryError) {
    let count = batch.rowCount
    let radix = UInt32(truncatingIfNeeded: size)
    switch kind {
    case .codes(let column, let dictionary, let numbers, let index):
      let vector = batch.columns[column]
      let found: Buffer? =
        vector.dictionary === dictionary ? nil : index.codes(of: vector, count: count)
      guard let codes = found.map({ UnsafePointer($0.pointer(UInt32.self)) }) ?? vector.codes else {
        return
      }
      if let numbers {
        let table = numbers.pointer(UInt32.self)
        KeyDomain.combine(groups, count, radix, isFirst) { table[Int(codes[$0])] }
      } else {
        KeyDomain.combine(groups, count, radix, isFirst) { codes[$0] }
      }
      withExtendedLifetime((found, vector)) {}
    case .granules(let granules, let numbers):
      let table = numbers.pointer(UInt32.self)
      granules.forEachPlace(batch.columns[granules.column], count: count) { row, place in
        groups[row] = isFirst ? table[place] : groups[row] &* radix &+ table[place]
      }
    case .factors(let factored):
      let combinations = Buffer(UInt32.self, count: count)
      let combination = combinations.pointer(UInt32.self)
      try factored.factors.assign(batch, into: combination, evaluator)
      let table = factored.numbers.pointer(UInt32.self)
      KeyDomain.combine(groups, count, radix, isFirst) { table[Int(combination[$0])] }
      withExtendedLifetime(combinations) {}
    case .range(let key, let low):
      let vector = try evaluator.evaluate(key, batch)
      let limit = UInt64(radix) - 1
      let base = low &- 1
      if let narrow = vector.narrow, narrow.scale == 1, vector.validity == nil {
        let offset = narrow.reference &- UInt64(bitPattern: base)
        if offset <= limit, offset + UInt64(narrow.greatest) <= limit {
          ecq_number_narrow(
            narrow.kept, count, Int32(narrow.bytes), UInt32(offset), isFirst ? 0 : radix, groups)
          break
        }
      }
      let rows = Rows<Int64>(vector)
      let values = rows.values
      if vector.layout == .flat {
        if let valid = vector.validity {
          KeyDomain.combine(groups, count, radix, isFirst) { row in
            let number = UInt64(bitPattern: values[row] &- base)
            return valid[row] == 0 ? 0 : UInt32(truncatingIfNeeded: min(number, limit))
          }
        } else {
          ecq_number_values(
            values, count, base, UInt32(truncatingIfNeeded: limit), isFirst ? 0 : radix, groups)
        }
      } else {
        KeyDomain.combine(groups, count, radix, isFirst) { row in
          let number = UInt64(bitPattern: rows[row] &- base)
          return rows.isNull(row) ? 0 : UInt32(truncatingIfNeeded: min(number, limit))
        }
      }
      withExtendedLifetime(vector) {}
    case .boolean(let key):
      let vector = try evaluator.evaluate(key, batch)
      let rows = Rows<UInt8>(vector)
      KeyDomain.combine(groups, count, radix, isFirst) { row in
        rows.isNull(row) ? 0 : 1 + UInt32(rows[row] & 1)
      }
      withExtendedLifetime(vector) {}
    }
  }

  @inline(__always)
  private static func combine(
    _ groups: UnsafeMutablePointer<UInt32>, _ count: Int, _ radix: UInt32, _ isFirst: Bool,
    _ number: (Int) -> UInt32
  ) {
    var row = 0
    if isFirst {
      while row < count {
        groups[row] = number(row)
        row += 1
      }
    } else {
      while row < count {
        groups[row] = groups[row] &* radix &+ number(row)
        row += 1
      }
    }
  }
}

extension [KeyDomain] {
  /// The number of each row's combination of keys; 0 where there are no keys.
  func assign(
    _ batch: Batch, into numbers: UnsafeMutablePointer<UInt32>, _ evaluator: Evaluator
  ) throws(QueryError) {
    if isEmpty { numbers.update(repeating: 0, count: batch.rowCount) }
    for (index, domain) in enumerated() {
      try domain.assign(batch, into: numbers, isFirst: index == 0, evaluator)
    }
  }
}

/// Groups numbered by the product of their keys' small domains: no hashing, an array index a row.
final class DirectGrouping: Grouping {
  private let domains: [KeyDomain]
  private let evaluator: Evaluator
  let groupCount: Int
  /// A byte a group: whether it has rows. Nil where an aggregate counts rows anyway.
  private let seen: StateArray<UInt8>?

  init(_ domains: [KeyDomain], _ evaluator: Evaluator, marksSeen: Bool) {
    self.domains = domains
    self.evaluator = evaluator
    groupCount = domains.reduce(1) { $0 * $1.size }
    seen = marksSeen ? StateArray<UInt8>() : nil
    seen?.resize(to: groupCount)
  }

  func assign(
    _ batch: Batch, scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    let groups = try number(batch, scratch)
    if let seen = seen?.states {
      var row = 0
      while row < batch.rowCount {
        seen[Int(groups[row])] = 1
        row += 1
      }
    }
    return groups
  }

  private func number(
    _ batch: Batch, _ scratch: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> UnsafePointer<UInt32> {
    if domains.count == 1, case .codes(let column, let dictionary, nil, _) = domains[0].kind,
      batch.columns[column].dictionary === dictionary, let codes = batch.columns[column].codes
    {
      return codes
    }
    try domains.assign(batch, into: scratch, evaluator)
    return UnsafePointer(scratch)
  }

  func absorb(_ other: any Grouping) -> Buffer {
    let mapping = Buffer(UInt32.self, count: groupCount)
    let identity = mapping.pointer(UInt32.self)
    for group in 0..<groupCount { identity[group] = UInt32(group) }
    if let theirs = (other as? DirectGrouping)?.seen?.states, let own = seen?.states {
      var group = 0
      while group < groupCount {
        own[group] |= theirs[group]
        group += 1
      }
    }
    return mapping
  }

  func occupied() -> Selection? {
    guard let seen else { return nil }
    let buffer = Buffer(UInt32.self, count: groupCount)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    for group in 0..<groupCount {
      output[found] = UInt32(group)
      found += Int(seen.states[group])
    }
    return found == groupCount ? nil : Selection(buffer, count: found)
  }

  func keys() -> [Vector] {
    var keys: [Vector] = []
    var stride = groupCount
    for domain in domains {
      stride /= max(domain.size, 1)
      let codes = Buffer(UInt32.self, count: groupCount)
      let output = codes.pointer(UInt32.self)
      if domains.count == 1 {
        for group in 0..<groupCount { output[group] = UInt32(group) }
      } else {
        for group in 0..<groupCount { output[group] = UInt32(group / stride % domain.size) }
      }
      keys.append(domain.keys(codes, count: groupCount))
    }
    return keys
  }
}
