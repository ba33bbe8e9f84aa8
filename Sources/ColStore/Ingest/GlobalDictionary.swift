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

  /// Takes in the entries of a store's dictionary, under the codes that they have there.
  func restore(_ entries: Vector) {
    let count = entries.count
    switch type.physical {
    case .string:
      let views = entries.pointer(StringView.self)
      for entry in 1..<max(count, 1) {
        let start = bytes.count
        addEntry(
          word: 0, wide: 0,
          text: UnsafeBufferPointer(start: views[entry].start, count: views[entry].count))
        index.addNew(HashMixing.hash(bytes.start + start, count: bytes.count - start))
      }
    case .int128:
      let values = entries.pointer(Int128.self)
      restore(count) {
        HashMixing.hash(values[$0])
      } add: {
        wides.append(values[$0])
      }
    default:
      let values = entries.pointer(Int64.self)
      restore(count) {
        HashMixing.hash(UInt64(bitPattern: values[$0]))
      } add: {
        words.append(values[$0])
      }
    }
  }

  /// The first entry of a store's dictionary that is equal to one before it.
  func firstRepeated(of entries: Vector) -> Int? {
    for entry in 1..<max(entries.count, 1) {
      let isNew: Bool
      switch type.physical {
      case .string:
        let view = entries.pointer(StringView.self)[entry]
        addEntry(
          word: 0, wide: 0, text: UnsafeBufferPointer(start: view.start, count: view.count))
        let text = bytes.start + (bytes.count - view.count)
        (_, isNew) = index.findOrAdd(HashMixing.hash(text, count: view.count)) { known in
          let start = textEnds[known - 1]
          return textEnds[known] - start == view.count
            && memcmp(bytes.start + start, text, view.count) == 0
        }
      case .int128:
        let value = entries.pointer(Int128.self)[entry]
        (_, isNew) = index.findOrAdd(HashMixing.hash(value)) { wides[$0] == value }
        if isNew { wides.append(value) }
      default:
        let value = entries.pointer(Int64.self)[entry]
        (_, isNew) = index.findOrAdd(HashMixing.hash(UInt64(bitPattern: value))) {
          words[$0] == value
        }
        if isNew { words.append(value) }
      }
      if !isNew { return entry }
    }
    return nil
  }

  @inline(__always)
  private func restore(_ count: Int, hash: (Int) -> UInt64, add: (Int) -> Void) {
    let distance = 8
    withUnsafeMutablePointer(to: &index) { index in
      for entry in 1..<max(count, 1) {
        if entry &+ distance < count { index.pointee.prefetch(hash(entry &+ distance)) }
        index.pointee.addNew(hash(entry))
        add(entry)
      }
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

  /// Finds or adds the values of a chunk's new spans, in order, and says which codes they have.
  func resolve(_ column: SpanColumn) {
    let (codes, count) = column.newCodes
    let hashes = column.newHashes.start
    switch type.physical {
    case .string:
      let places = column.newTexts.start
      let texts = column.rows.keys.start
      resolve(codes, count) {
        hashes[$0]
      } isEqual: { code, entry in
        let start = textEnds[code - 1]
        let place = places[entry]
        return textEnds[code] - start == place.count
          && memcmp(bytes.start + start, texts + place.offset, place.count) == 0
      } add: { entry in
        let place = places[entry]
        addEntry(
          word: 0, wide: 0,
          text: UnsafeBufferPointer(start: texts + place.offset, count: place.count))
      } fetch: { _ in
      }
    case .int128:
      let values = column.newWides.start
      let known = wides
      resolve(codes, count) {
        hashes[$0]
      } isEqual: { code, entry in
        known[code] == values[entry]
      } add: { entry in
        known.append(values[entry])
      } fetch: {
        known.prefetch($0)
      }
    default:
      let values = column.newWords.start
      let known = words
      resolve(codes, count) {
        hashes[$0]
      } isEqual: { code, entry in
        known[code] == values[entry]
      } add: { entry in
        known.append(values[entry])
      } fetch: {
        known.prefetch($0)
      }
    }
  }

  @inline(__always)
  private func merge(
    _ entries: Int, _ isUsed: [Bool]?, hash: (Int) -> UInt64, isEqual: (Int, Int) -> Bool,
    add: (Int) -> Void
  ) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: entries) { codes, count in
      count = entries
      guard let start = codes.baseAddress, entries > 0 else { return }
      for entry in 0..<entries {
        start[entry] = entry > 0 && isUsed?[entry] ?? true ? SpanColumn.pending : 0
      }
      resolve(start, entries, hash: hash, isEqual: isEqual, add: add) { _ in }
    }
  }

  /// Sets the codes that are pending.
  @inline(__always)
  private func resolve(
    _ codes: UnsafeMutablePointer<UInt32>, _ count: Int, hash: (Int) -> UInt64,
    isEqual: (Int, Int) -> Bool, add: (Int) -> Void, fetch: (Int) -> Void
  ) {
    // Slots are fetched this many entries ahead of their use, and half as many the values.
    let distance = 16
    withUnsafeMutablePointer(to: &index) { index in
      for entry in 0..<count {
        if entry &+ distance < count {
          index.pointee.prefetch(hash(entry &+ distance))
          let likely = index.pointee.likelyCode(hash(entry &+ distance / 2))
          if likely > 0 { fetch(likely) }
        }
        guard codes[entry] == SpanColumn.pending else { continue }
        let (code, isNew) = index.pointee.findOrAdd(hash(entry)) { isEqual($0, entry) }
        if isNew { add(entry) }
        codes[entry] = code
      }
    }
  }
}
