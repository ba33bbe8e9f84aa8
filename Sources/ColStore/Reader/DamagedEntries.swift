import Synchronization

/// Entries of a dictionary or of a map that could not be read, where that is put up with: whoever
/// needs one of them gets an error.
final class DamagedEntries: Sendable {
  private let ranges = Mutex<[Range<Int>]>([])

  func insert(_ range: Range<Int>) { ranges.withLock { $0.append(range) } }

  /// Throws where one of the codes is that of such an entry.
  func check(_ codes: UnsafePointer<UInt32>, count: Int) throws(StoreError) {
    let ranges = ranges.withLock { $0 }
    for range in ranges {
      for row in 0..<count where range.contains(Int(codes[row])) {
        throw StoreError("its rows have values that are damaged where all rows share them")
      }
    }
  }
}
