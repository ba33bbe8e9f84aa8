import CKernels
import Glibc

/// The distinct values of one column of the store, numbered from 1 in order of first appearance;
/// 0 is NULL.
///
/// Only the thread whose turn it is adds values; encoders may read those they were told of.
final class GlobalDictionary: @unchecked Sendable {
  let type: DataType
  /// Values by code, by physical type: words and wides hold them; texts are ranges of `bytes`.
  let words = StableArray<Int64>()
  let wides = StableArray<Int128>()
  /// Entry e's text is bytes `textEnds[e - 1] ..< textEnds[e]`.
  let textEnds = StableArray<Int>()
  private(set) var bytes = GrowableArray<UInt8>(capacity: 1 << 12)

  private var index = HashIndex()

  init(type: DataType) {
    self.type = type
    addEntry(word: 0, wide: 0, text: UnsafeBufferPointer(start: nil, count: 0))
  }

  /// Entries with NULL's.
  var count: Int { index.count }

  private func addEntry(word: Int64, wide: Int128, text: UnsafeBufferPointer<UInt8>) {
    switch type.physical {
    case .string:
      if let start = text.baseAddress { memcpy(bytes.reserve(text.count + 8), start, text.count) }
      bytes.count += text.count
      textEnds.append(bytes.count)
    case .int128: wides.append(wide)
    default: words.append(word)
    }
  }

  /// Adds the entries of a chunk's dictionary that some row has, in order, and returns for each
  /// its code here.
  ///
  /// - Parameter isUsed: whether a row has the entry; nil means all entries are used.
  func merge(_ local: DictionaryParser, isUsed: [Bool]?) -> [UInt32] {
    let entries = local.dictionary.count
    switch type.physical {
    case .string:
      let hashes = local.dictionary.hashes.start
      return merge(entries, isUsed) {
        hashes[$0]
      } isEqual: { code, entry in
        let start = textEnds[code - 1]
        let count = textEnds[code] - start
        let view = local.dictionary.view(entry)
        guard count == view.count, let other = view.baseAddress else { return count == view.count }
        return memcmp(bytes.start + start, other, count) == 0
      } add: { entry in
        addEntry(word: 0, wide: 0, text: local.dictionary.view(entry))
      }
    case .int128:
      let values = local.wides.start
      let known = wides
      return merge(entries, isUsed) {
        HashMixing.hash(values[$0])
      } isEqual: { code, entry in
        known[code] == values[entry]
      } add: { entry in
        known.append(values[entry])
      }
    default:
      let values = local.words.start
      let known = words
      return merge(entries, isUsed) {
        HashMixing.hash(UInt64(bitPattern: values[$0]))
      } isEqual: {
        code, entry in
        known[code] == values[entry]
      } add: { entry in
        known.append(values[entry])
      }
    }
  }

  @inline(__always)
  private func merge(
    _ entries: Int, _ isUsed: [Bool]?, hash: (Int) -> UInt64, isEqual: (Int, Int) -> Bool,
    add: (Int) -> Void
  ) -> [UInt32] {
    // Slots are fetched this many entries ahead of their use.
    let distance = 8
    return withUnsafeMutablePointer(to: &index) { index in
      [UInt32](unsafeUninitializedCapacity: entries) { codes, count in
        count = entries
        codes[0] = 0
        for entry in 1..<max(entries, 1) {
          if entry &+ distance < entries { index.pointee.prefetch(hash(entry &+ distance)) }
          codes[entry] = 0
          if let isUsed, !isUsed[entry] { continue }
          let (code, isNew) = index.pointee.findOrAdd(hash(entry)) { isEqual($0, entry) }
          if isNew { add(entry) }
          codes[entry] = code
        }
      }
    }
  }
}
