import ColStore

/// A table from keys of any types to dense numbers in order of first appearance.
protocol KeyTable: AnyObject {
  var count: Int { get }
  /// The number of each row's keys; new keys get the next numbers. NULL is a key like any other.
  func assign(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>)
  /// The number of each row's keys, or `KeyTables.absent`.
  func find(_ keys: [Vector], count: Int, into numbers: UnsafeMutablePointer<UInt32>)
  /// The keys by number, flat vectors.
  func keys() -> [Vector]
}

enum KeyTables {
  static let absent = UInt32.max

  /// Numbers rows by looking up each entry that occurs of a coded key once; false where that does not
  /// pay.
  ///
  /// - Parameter lookUp: Gives a row its number.
  static func lookUpEntries(
    of key: Vector, count rows: Int, into numbers: UnsafeMutablePointer<UInt32>,
    lookUp: (Int) -> Void
  ) -> Bool {
    guard let entries = key.dictionary, entries.count <= rows, let codes = key.codes else {
      return false
    }
    let unknown = absent - 1
    var known = [UInt32](repeating: unknown, count: entries.count)
    for row in 0..<rows {
      let entry = Int(codes[row])
      if known[entry] == unknown {
        lookUp(row)
        known[entry] = numbers[row]
      }
      numbers[row] = known[entry]
    }
    return true
  }
}
