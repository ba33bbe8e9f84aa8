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
  private(set) var bytes = GrowableArray<UInt8>(capacity: 1 << 16)

  private struct Slot {
    var tag: UInt32
    var code: UInt32
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  private var hashes = GrowableArray<UInt32>()

  init(type: DataType) {
    self.type = type
    mask = (1 << 12) - 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    addEntry(word: 0, wide: 0, text: UnsafeBufferPointer(start: nil, count: 0))
    hashes.append(0)
  }

  deinit { slots.deallocate() }

  /// Entries with NULL's.
  var count: Int { hashes.count }

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
    var codes = [UInt32](repeating: 0, count: entries)
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: entries) { keys in
      switch type.physical {
      case .string: for entry in 0..<entries { keys[entry] = local.dictionary.hashes[entry] }
      case .int128: for entry in 0..<entries { keys[entry] = HashMixing.hash(local.wides[entry]) }
      default:
        for entry in 0..<entries {
          keys[entry] = HashMixing.hash(UInt64(bitPattern: local.words[entry]))
        }
      }
      let distance = 8
      for entry in 1..<max(entries, 1) {
        if entry + distance < entries {
          ecq_prefetch(slots + (Int(truncatingIfNeeded: keys[entry + distance]) & mask))
        }
        if let isUsed, !isUsed[entry] { continue }
        codes[entry] = code(of: entry, in: local, hash: keys[entry])
      }
      return codes
    }
  }

  private func code(of entry: Int, in local: DictionaryParser, hash: UInt64) -> UInt32 {
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[at]
      if slot.code == 0 { break }
      if slot.tag == tag && isEqual(Int(slot.code), entry, in: local) { return slot.code }
      at = (at &+ 1) & mask
    }
    let code = UInt32(count)
    slots[at] = Slot(tag: tag, code: code)
    // The low half of the hash finds the slot again, the tag is in the slot.
    hashes.append(UInt32(truncatingIfNeeded: hash))
    switch type.physical {
    case .string: addEntry(word: 0, wide: 0, text: local.dictionary.view(entry))
    case .int128:
      addEntry(word: 0, wide: local.wides[entry], text: UnsafeBufferPointer(start: nil, count: 0))
    default:
      addEntry(word: local.words[entry], wide: 0, text: UnsafeBufferPointer(start: nil, count: 0))
    }
    if count * 2 > mask { grow() }
    return code
  }

  @inline(__always)
  private func isEqual(_ code: Int, _ entry: Int, in local: DictionaryParser) -> Bool {
    switch type.physical {
    case .string:
      let start = textEnds[code - 1]
      let count = textEnds[code] - start
      let view = local.dictionary.view(entry)
      guard count == view.count, let other = view.baseAddress else { return count == view.count }
      return memcmp(bytes.start + start, other, count) == 0
    case .int128: return wides[code] == local.wides[entry]
    default: return words[code] == local.words[entry]
    }
  }

  private func grow() {
    let old = slots
    let oldCount = mask + 1
    mask = mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    for index in 0..<oldCount where old[index].code != 0 {
      let slot = old[index]
      var at = Int(hashes[Int(slot.code)]) & mask
      while slots[at].code != 0 { at = (at &+ 1) & mask }
      slots[at] = slot
    }
    old.deallocate()
  }
}
