import ColStore
import Synchronization

/// Numbers the distinct values of a key column, in order of first appearance; NULL has no number, unless
/// it is equal to NULL.
///
/// Codes of the dictionary that both sides of a join share, and whole numbers that lie close together,
/// index an array. Others are hashed, many words by many threads. Where rows that are looked up are
/// coded, each entry of their dictionary is looked up once.
final class KeyNumbers: Sendable {
  private enum Lookup {
    case codes(SharedDictionary, Buffer)
    case numbersOfCodes(SharedDictionary, any KeyTable)
    case array(low: Int64, Buffer)
    case words(PartedWordTable)
    case table(any KeyTable)
  }

  private struct Entries {
    var dictionary: Vector?
    /// Rows that have been looked up so far.
    var rows = 0
    var numbers: Buffer?
  }

  /// Read by any number of threads once it is made.
  private let lookup: Unshared<Lookup>
  /// One more than the highest number.
  let count: Int
  /// Whether NULL is equal to NULL.
  private let matchesNulls: Bool
  /// The number of NULL, where an array has no place for it.
  private let nullNumber: UInt32?
  private let entries = Mutex(Entries())

  /// Writes the number of each row to `numbers`, ``KeyTables/absent`` where it has none.
  ///
  /// - Parameters:
  ///   - shared: The dictionary of these rows and of those that will be looked up, if they have one.
  ///   - matchesNulls: Whether NULL is equal to NULL.
  ///   - lookups: About how many rows will be looked up.
  ///   - threads: How many may number the rows together.
  init(
    _ keys: Vector, sharing shared: SharedDictionary? = nil, matchesNulls: Bool = false,
    lookups: Int = 0, threads: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    self.matchesNulls = matchesNulls
    let flat = keys.type.physical == .int64 && shared == nil ? keys.flat() : keys
    if let shared, KeyNumbers.isWorthArray(shared.count, rows: keys.count) || shared.count < lookups
    {
      let array = Buffer(UInt32.self, count: shared.count)
      let known = KeyNumbers.fill(array, shared, keys, into: numbers)
      nullNumber = KeyNumbers.numberNulls(of: keys, behind: known, matchesNulls, into: numbers)
      count = known + (nullNumber == nil ? 0 : 1)
      lookup = Unshared([.codes(shared, array)])
    } else if shared == nil, let range = KeyNumbers.range(of: flat),
      KeyNumbers.isClose(range, rows: flat.count)
    {
      let array = Buffer(UInt32.self, count: range.count)
      let known = KeyNumbers.fill(array, from: range.lowerBound, flat, into: numbers)
      nullNumber = KeyNumbers.numberNulls(of: flat, behind: known, matchesNulls, into: numbers)
      count = known + (nullNumber == nil ? 0 : 1)
      lookup = Unshared([.array(low: range.lowerBound, array)])
    } else if shared == nil, flat.type.physical == .int64, flat.layout == .flat,
      flat.count >= PartedWordTable.rowsMin, !matchesNulls || !flat.mayHaveNulls
    {
      let table = PartedWordTable(flat, threads: threads, into: numbers)
      nullNumber = nil
      count = table.count
      lookup = Unshared([.words(table)])
    } else {
      // A table has a number for NULL, as for any other value.
      let values = shared?.numbers(of: keys) ?? flat
      let table = HashGrouping.make([values.type])
      table.assign([values], count: values.count, into: numbers)
      if !matchesNulls { KeyNumbers.dropNulls(values, numbers) }
      nullNumber = nil
      count = table.count
      lookup = Unshared([shared.map { .numbersOfCodes($0, table) } ?? .table(table)])
    }
  }

  /// Gives NULL the number `count` where it is equal to NULL, and there are any.
  private static func numberNulls(
    of keys: Vector, behind count: Int, _ matchesNulls: Bool,
    into numbers: UnsafeMutablePointer<UInt32>
  ) -> UInt32? {
    guard matchesNulls, keys.mayHaveNulls else { return nil }
    let number = UInt32(count)
    var hasNull = false
    for row in 0..<keys.count where keys.isNull(row) {
      numbers[row] = number
      hasNull = true
    }
    return hasNull ? number : nil
  }

  /// The range of whole numbers; nil of other types, and where there are none.
  static func range(of keys: Vector) -> ClosedRange<Int64>? {
    guard keys.type.physical == .int64, keys.layout == .flat else { return nil }
    let values = keys.pointer(Int64.self)
    var (low, high) = (Int64.max, Int64.min)
    for row in 0..<keys.count where keys.validity.map({ $0[row] != 0 }) ?? true {
      low = min(low, values[row])
      high = max(high, values[row])
    }
    return low <= high ? low...high : nil
  }

  /// Whether an array over the range has not many more places than there are rows.
  static func isClose(_ range: ClosedRange<Int64>, rows: Int) -> Bool {
    Int(exactly: UInt64(bitPattern: range.upperBound &- range.lowerBound)).map {
      isWorthArray($0, rows: rows)
    } ?? false
  }

  /// Whether an array of so many places is better than a table of the rows.
  private static func isWorthArray(_ size: Int, rows: Int) -> Bool { size < 4 * rows + 1 << 16 }

  private static func fill(
    _ array: Buffer, _ shared: SharedDictionary, _ keys: Vector,
    into numbers: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let places = array.pointer(UInt32.self)
    places.update(repeating: KeyTables.absent, count: array.byteCount / 4)
    let hasNulls = keys.mayHaveNulls
    var count: UInt32 = 0
    shared.withCodes(of: keys) { codes in
      for row in 0..<keys.count {
        if hasNulls, keys.isNull(row) {
          numbers[row] = KeyTables.absent
          continue
        }
        let place = codes.map { Int($0[row]) } ?? row
        if places[place] == KeyTables.absent {
          places[place] = count
          count += 1
        }
        numbers[row] = places[place]
      }
    }
    return Int(count)
  }

  private static func fill(
    _ array: Buffer, from low: Int64, _ keys: Vector, into numbers: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let places = array.pointer(UInt32.self)
    places.update(repeating: KeyTables.absent, count: array.byteCount / 4)
    let values = keys.pointer(Int64.self)
    var count: UInt32 = 0
    for row in 0..<keys.count {
      if let validity = keys.validity, validity[row] == 0 {
        numbers[row] = KeyTables.absent
        continue
      }
      let place = Int(values[row] &- low)
      if places[place] == KeyTables.absent {
        places[place] = count
        count += 1
      }
      numbers[row] = places[place]
    }
    return Int(count)
  }

  private static func dropNulls(_ keys: Vector, _ numbers: UnsafeMutablePointer<UInt32>) {
    if !keys.mayHaveNulls { return }
    for row in 0..<keys.count where keys.isNull(row) { numbers[row] = KeyTables.absent }
  }

  /// Gives NULL its number, behind a look-up in an array.
  private func setNulls(of keys: Vector, _ numbers: UnsafeMutablePointer<UInt32>) {
    if !keys.mayHaveNulls { return }
    let number = nullNumber ?? KeyTables.absent
    for row in 0..<keys.count where keys.isNull(row) { numbers[row] = number }
  }

  /// A BOOLEAN vector: whether each row has a number.
  func contains(_ keys: Vector) -> Vector {
    let numbers = Buffer(UInt32.self, count: keys.count)
    find(keys, into: numbers.pointer(UInt32.self))
    return KeyNumbers.areKnown(numbers, count: keys.count)
  }

  static func areKnown(_ numbers: Buffer, count: Int) -> Vector {
    let number = numbers.pointer(UInt32.self)
    let output = FlatBuilder<UInt8>(count: count)
    for row in 0..<count { output[row] = number[row] == KeyTables.absent ? 0 : 1 }
    return output.finish(.boolean)
  }

  /// Writes the number of each row, ``KeyTables/absent`` for what has none.
  func find(_ keys: Vector, into numbers: UnsafeMutablePointer<UInt32>) {
    switch lookup[0] {
    case .codes(let shared, let array):
      // NULL has no place.
      let places = array.pointer(UInt32.self)
      shared.withCodes(of: keys) { codes in
        if let codes {
          for row in 0..<keys.count { numbers[row] = places[Int(codes[row])] }
        } else {
          numbers.update(from: places, count: keys.count)
        }
      }
      if matchesNulls || keys.dictionary !== shared.dictionary { setNulls(of: keys, numbers) }
      return
    case .numbersOfCodes(let shared, let table):
      let codes = shared.numbers(of: keys)
      table.find([codes], count: codes.count, into: numbers)
      if !matchesNulls { KeyNumbers.dropNulls(codes, numbers) }
      return
    case .array, .words, .table: break
    }
    if let dictionary = keys.dictionary, let codes = keys.codes,
      let entries = numbersOfEntries(dictionary, rows: keys.count)
    {
      let number = entries.pointer(UInt32.self)
      for row in 0..<keys.count { numbers[row] = number[Int(codes[row])] }
      return withExtendedLifetime((entries, keys)) {}
    }
    findRows(keys, into: numbers)
  }

  /// The numbers of the entries, once as many rows have been looked up.
  private func numbersOfEntries(_ dictionary: Vector, rows: Int) -> Buffer? {
    entries.withLock { state in
      if state.dictionary !== dictionary { state = Entries(dictionary: dictionary) }
      if let numbers = state.numbers { return numbers }
      state.rows += rows
      if state.rows < dictionary.count { return nil }
      let numbers = Buffer(UInt32.self, count: dictionary.count)
      findRows(dictionary, into: numbers.pointer(UInt32.self))
      state.numbers = numbers
      return numbers
    }
  }

  private func findRows(_ keys: Vector, into numbers: UnsafeMutablePointer<UInt32>) {
    switch lookup[0] {
    case .codes, .numbersOfCodes: preconditionFailure("codes are looked up at once")
    case .array(let low, let array):
      let size = UInt64(array.byteCount / 4)
      let places = array.pointer(UInt32.self)
      let flat = keys.flat()
      let values = flat.pointer(Int64.self)
      for row in 0..<flat.count {
        let place = UInt64(bitPattern: values[row] &- low)
        numbers[row] = place < size ? places[Int(place)] : KeyTables.absent
      }
      setNulls(of: flat, numbers)
    case .words(let table): table.find(keys, into: numbers)
    case .table(let table):
      table.find([keys], count: keys.count, into: numbers)
      if !matchesNulls { KeyNumbers.dropNulls(keys, numbers) }
    }
  }
}
