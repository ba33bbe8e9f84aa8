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
}
