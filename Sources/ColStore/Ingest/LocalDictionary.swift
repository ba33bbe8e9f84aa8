import Glibc

/// The distinct texts of one column in one chunk, numbered from 1 in order of first appearance;
/// 0 is NULL.
///
/// Texts are known by their bytes, so that each distinct text is parsed once, however often it
/// appears. The bytes are copied: entries outlive the piece of text they came from.
struct LocalDictionary: ~Copyable {
  private var index: HashIndex
  /// Entry e's bytes are `bytes[offsets[e] ..< offsets[e + 1]]`; entry 0, NULL, is empty.
  private var offsets = GrowableArray<Int>(capacity: 256)
  private(set) var hashes = GrowableArray<UInt64>(capacity: 256)
  private var bytes = GrowableArray<UInt8>(capacity: 1 << 12)

  /// - Parameter capacity: how many entries are expected.
  init(capacity: Int = 0) {
    index = HashIndex(capacity: capacity)
    offsets.append(0)
    offsets.append(0)
    hashes.append(0)
  }

  /// Entries with NULL's.
  var count: Int { hashes.count }

  func view(_ entry: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: bytes.start + offsets[entry], count: offsets[entry + 1] - offsets[entry])
  }

  /// Whether entry `entry` is a text, which is readable eight bytes further.
  @inline(__always)
  func holds(_ entry: UInt32, _ text: UnsafePointer<UInt8>, count length: Int) -> Bool {
    let start = offsets[Int(entry)]
    return offsets[Int(entry) &+ 1] &- start == length
      && HashMixing.equal(bytes.start + start, text, count: length)
  }

  /// The code of a text, which is readable eight bytes further; new texts are added.
  @inline(__always)
  mutating func code(of text: UnsafePointer<UInt8>, count length: Int) -> UInt32 {
    let hash = HashMixing.hash(text, count: length)
    let offsets = self.offsets.start
    let bytes = self.bytes.start
    let (code, isNew) = index.findOrAdd(hash) { entry in
      let start = offsets[entry]
      return offsets[entry &+ 1] &- start == length
        && HashMixing.equal(bytes + start, text, count: length)
    }
    if isNew { add(text, length, hash) }
    return code
  }

  @inline(never)
  private mutating func add(_ text: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64) {
    // Eight bytes more, which comparisons may read.
    memcpy(bytes.reserve(length + 8), text, length)
    bytes.count += length
    offsets.append(bytes.count)
    hashes.append(hash)
  }
}
