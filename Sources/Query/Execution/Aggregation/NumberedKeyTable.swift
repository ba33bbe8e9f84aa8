import ColStore

/// A table of several keys that do not fit into an integer: each wide one is numbered by itself, and the
/// numbers are the key.
final class NumberedKeyTable: KeyTable {
  /// By key; nil for those that are packed as they are.
  private let columns: [ColumnNumbers?]
  private let table: any KeyTable

  /// Nil where not even the numbers fit.
  init?(_ types: [DataType]) {
    let isNumbered = types.map { (KeyPacking.bits(of: $0) ?? .max) > UInt32.bitWidth }
    guard
      let packing = KeyPacking(
        zip(types, isNumbered).map { $1 ? .number(size: Int(UInt32.max)) : .value($0) })
    else { return nil }
    columns = zip(types, isNumbered).map { $1 ? ColumnNumbers($0) : nil }
    table = packing.makeTable()
  }

  var count: Int { table.count }

  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    let numbered = zip(keys, columns).map { key, column in
      column.map { $0.assign(key, count: count) } ?? key
    }
    table.assign(numbered, count: count, into: numbers)
  }

  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    // A value without a number has one that no key has.
    let numbered = zip(keys, columns).map { key, column in
      column.map { $0.find(key, count: count) } ?? key
    }
    table.find(numbered, count: count, into: numbers)
  }

  func keys() -> [Vector] {
    zip(table.keys(), columns).map { key, column in column?.values(of: key) ?? key }
  }
}

/// The distinct values of a column by number; of a coded column each entry is looked up once.
private final class ColumnNumbers {
  private let table: any KeyTable
  /// The dictionary whose entries have numbers, and the one that was seen last.
  private var dictionary: Vector?
  private var lastSeen: Vector?
  /// The number of each entry, absent as long as no row has had it.
  private var numberOfEntry: [UInt32] = []

  init(_ type: DataType) { table = HashGrouping.make([type]) }

  func assign(_ keys: Vector, count: Int) -> Vector {
    let words = FlatBuilder<Int64>(count: count)
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    if let codes = keys.codes, let entries = keys.dictionary, isKnown(entries, rows: count) {
      numberNewEntries(keys, codes, count: count, scratch: number)
      for row in 0..<count { words[row] = Int64(numberOfEntry[Int(codes[row])]) }
    } else {
      table.assign([keys], count: count, into: number)
      for row in 0..<count { words[row] = Int64(number[row]) }
    }
    return withExtendedLifetime((keys, numbers)) { words.finish(.bigint) }
  }

  /// Whether the entries have places for numbers, which a large dictionary gets when it comes again.
  private func isKnown(_ entries: Vector, rows: Int) -> Bool {
    if entries === dictionary { return true }
    guard entries.count <= 4 * rows || entries === lastSeen else {
      lastSeen = entries
      return false
    }
    dictionary = entries
    numberOfEntry = Array(repeating: KeyTables.absent, count: entries.count)
    return true
  }

  private func numberNewEntries(
    _ keys: Vector, _ codes: UnsafePointer<UInt32>, count: Int,
    scratch: UnsafeMutablePointer<UInt32>
  ) {
    let rows = Buffer(UInt32.self, count: count)
    let row = rows.pointer(UInt32.self)
    var found = 0
    for index in 0..<count {
      row[found] = UInt32(truncatingIfNeeded: index)
      found &+= numberOfEntry[Int(codes[index])] == KeyTables.absent ? 1 : 0
    }
    if found == 0 { return }
    table.assign([keys.select(row, count: found)], count: found, into: scratch)
    for index in 0..<found { numberOfEntry[Int(codes[Int(row[index])])] = scratch[index] }
    withExtendedLifetime(rows) {}
  }

  func find(_ keys: Vector, count: Int) -> Vector {
    let words = FlatBuilder<Int64>(count: count)
    let numbers = Buffer(UInt32.self, count: count)
    table.find([keys], count: count, into: numbers.pointer(UInt32.self))
    for row in 0..<count { words[row] = Int64(numbers.pointer(UInt32.self)[row]) }
    return withExtendedLifetime(numbers) { words.finish(.bigint) }
  }

  /// The values of numbers, flat.
  func values(of numbers: Vector) -> Vector {
    let number = numbers.pointer(Int64.self)
    let places = Buffer(UInt32.self, count: numbers.count)
    for row in 0..<numbers.count {
      places.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: number[row])
    }
    let values = table.keys()[0].flat()
    return withExtendedLifetime((numbers, places)) {
      Vector.gather(
        values: values, at: UnsafePointer(places.pointer(UInt32.self)), count: numbers.count,
        keeping: values)
    }
  }
}
