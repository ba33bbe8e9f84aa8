/// One column of a ``SpanTable``: its value for each distinct span.
final class SpanColumn: ColumnParser, @unchecked Sendable {
  /// What stands for a value whose code is not known yet.
  static let pending = UInt32.max

  let usesDictionary: Bool
  /// Which span each row has.
  let rows: SpanRows
  /// Of a dictionary column the store's code of each span's value, as far as it is known; of
  /// others the word.
  private(set) var codes = GrowableArray<UInt32>(capacity: 1 << 10)
  private(set) var words = GrowableArray<Int64>(capacity: 1 << 10)
  /// Of a dictionary column the values of the chunk's new spans, by physical type: a word, a wide,
  /// or the place of a text in the table's keys; and what finds them in a dictionary.
  private(set) var newWords = GrowableArray<Int64>()
  private(set) var newWides = GrowableArray<Int128>()
  private(set) var newTexts = GrowableArray<TextPlace>()
  private(set) var newHashes = GrowableArray<UInt64>()

  struct TextPlace: BitwiseCopyable {
    let offset: Int
    let count: Int
  }

  /// The number of the first span that is new in the chunk.
  private var firstNew = 1
  /// 1 for spans where a word is NULL.
  private var nulls = GrowableArray<UInt8>()
  private var hasNulls = false
  private var misfitTexts: [UInt32: TextPlace] = [:]
  private var largest: UInt64 = 0
  private let physical: PhysicalType

  init(_ plan: ColumnPlan, _ rows: SpanRows) {
    self.rows = rows
    usesDictionary = plan.usesDictionary
    physical = plan.type.physical
    super.init(type: plan.type)
    forget()
  }

  /// Forgets all spans.
  func forget() {
    codes.count = 0
    words.count = 0
    nulls.count = 0
    hasNulls = false
    codes.append(0)
    words.append(0)
    nulls.append(0)
  }

  override func startChunk() {
    super.startChunk()
    firstNew = usesDictionary ? codes.count : words.count
    newWords.count = 0
    newWides.count = 0
    newTexts.count = 0
    newHashes.count = 0
    misfitTexts = [:]
    largest = 0
  }

  /// Adds the values of new spans: field `field` of the table's `fields`.
  func add(
    _ spans: UnsafePointer<SpanTable.NewSpan>, _ count: Int, of index: FieldIndex,
    _ fields: Range<Int>, field: Int
  ) {
    guard count > 0 else { return }
    let trims = index.trimsCarriageReturn && fields.lowerBound + field == index.columnCount - 1
    let ends = index.fieldEnds + fields.lowerBound
    let quoted = index.quotedFields.map { $0 + fields.lowerBound }
    for span in 0..<count {
      let row = spans[span].row &* index.columnCount
      let start = ends[row &+ field &- 1] &+ 1
      let bytes = index.text + Int(start)
      var length = Int(ends[row &+ field] &- start)
      if trims && length > 0 && bytes[length &- 1] == CSVDialect.carriageReturn { length &-= 1 }
      let isNull = length == 0 && (quoted == nil || quoted.unsafelyUnwrapped[row &+ field] == 0)
      let place = TextPlace(
        offset: spans[span].textOffset &+ Int(start &- (ends[row &- 1] &+ 1)), count: length)
      add(UnsafeBufferPointer(start: bytes, count: length), place, isNull: isNull)
    }
  }

  @inline(__always)
  private func add(_ bytes: UnsafeBufferPointer<UInt8>, _ place: TextPlace, isNull: Bool) {
    var fits = true
    if usesDictionary {
      fits = isNull ? addNullEntry() : addEntry(bytes, place)
      codes.append(isNull || !fits ? 0 : Self.pending)
    } else {
      let word = isNull ? 0 : WordParser.word(bytes, type)
      words.append(word ?? 0)
      largest = max(largest, (word ?? 0).magnitude)
      nulls.append(isNull ? 1 : 0)
      hasNulls = hasNulls || isNull
      fits = word != nil
    }
    if !fits {
      let number = UInt32(truncatingIfNeeded: (usesDictionary ? codes.count : words.count) - 1)
      misfitTexts[number] = place
    }
  }

  /// Adds a value to be found in the dictionary; false where it is none of the column's type.
  @inline(__always)
  private func addEntry(_ bytes: UnsafeBufferPointer<UInt8>, _ place: TextPlace) -> Bool {
    switch physical {
    case .string:
      newTexts.append(place)
      newHashes.append(bytes.baseAddress.map { HashMixing.hash($0, count: bytes.count) } ?? 0)
      return isValidUTF8(bytes)
    case .int128:
      let value =
        type == .uuid
        ? TextReading.uuid(bytes) : TextReading.decimal128(bytes, scale: type.scale)
      newWides.append(value ?? 0)
      newHashes.append(HashMixing.hash(value ?? 0))
      return value != nil
    default:
      let word = type == .bigint ? Self.integer(bytes) : WordParser.word(bytes, type)
      newWords.append(word ?? 0)
      newHashes.append(HashMixing.hash(UInt64(bitPattern: word ?? 0)))
      largest = max(largest, (word ?? 0).magnitude)
      return word != nil
    }
  }

  /// `TextReading.integer` of a text that is readable 16 bytes from its start.
  @inline(__always)
  private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let start = bytes.baseAddress, bytes.count > 0, bytes.count <= 16,
      bytes.count == 1 || start[0] != UInt8(ascii: "0")
    else { return TextReading.integer(bytes) }
    let raw = UnsafeRawPointer(start)
    let first = raw.loadUnaligned(as: UInt64.self)
    if bytes.count <= 8 { return digits(first, bytes.count) ?? TextReading.integer(bytes) }
    let second = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let count = bytes.count - 8
    guard let high = digits(first, 8), let low = digits(second, count) else {
      return TextReading.integer(bytes)
    }
    var unit: Int64 = 1
    for _ in 0..<count { unit &*= 10 }
    return high &* unit &+ low
  }

  /// The number of `count` digits, from 1 to 8, that are the first bytes of a word; nil where one is
  /// no digit.
  @inline(__always)
  private static func digits(_ bytes: UInt64, _ count: Int) -> Int64? {
    let unused = UInt64(64 - 8 * count)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    // The digits move to the last bytes, with zeros before them.
    let text = UInt64(littleEndian: bytes) &<< unused | (zeros & ((1 &<< unused) &- 1))
    let tens = text &+ 0x0606_0606_0606_0606
    let highs: UInt64 = 0xf0f0_f0f0_f0f0_f0f0
    guard text & highs == zeros, tens & highs == zeros else { return nil }
    let pairs = ((text &- zeros) &* 10 &+ ((text &- zeros) &>> 8)) & 0x00ff_00ff_00ff_00ff
    let quads = (pairs &* 100 &+ (pairs &>> 16)) & 0x0000_ffff_0000_ffff
    return Int64((quads &* 10_000 &+ (quads &>> 32)) & 0xffff_ffff)
  }

  private func addNullEntry() -> Bool {
    switch physical {
    case .string: newTexts.append(TextPlace(offset: 0, count: 0))
    case .int128: newWides.append(0)
    default: newWords.append(0)
    }
    newHashes.append(0)
    return true
  }

  /// The codes of the chunk's new spans, and how many there are.
  var newCodes: (start: UnsafeMutablePointer<UInt32>, count: Int) {
    (codes.start + firstNew, codes.count - firstNew)
  }

  /// Says that no row has the new span `number`.
  func leaveOut(_ number: Int) { if usesDictionary { codes[number] = 0 } }

  /// Finds the rows of misfits and of NULLs, where there are any.
  func finish(numbers: UnsafePointer<UInt32>, keys: UnsafePointer<UInt8>) {
    if !misfitTexts.isEmpty {
      for row in 0..<rowCount {
        guard let place = misfitTexts[numbers[row]] else { continue }
        addMisfit(
          row: row, UnsafeBufferPointer(start: keys + place.offset, count: place.count))
      }
    }
    guard hasNulls else { return }
    for row in 0..<rowCount where nulls[Int(numbers[row])] != 0 {
      nullRows.append(Int32(truncatingIfNeeded: row))
    }
  }

  override var integerDigits: Int {
    if usesDictionary { return physical == .int64 ? String(largest).utf8.count : 0 }
    return WordParser.integerDigits(ofLargest: largest, type)
  }
}
