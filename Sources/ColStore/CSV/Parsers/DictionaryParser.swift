import Glibc

/// Columns with many repeats: each distinct text gets a code and is parsed once.
final class DictionaryParser: ColumnParser, @unchecked Sendable {
  /// A code a row into `dictionary`; 0 is NULL.
  private(set) var codes = GrowableArray<UInt32>(capacity: 1 << 12)
  private(set) var dictionary: LocalDictionary
  /// Each entry's value, by the column's physical type; texts stay in `dictionary`.
  private(set) var words = GrowableArray<Int64>()
  private(set) var wides = GrowableArray<Int128>()
  /// The column whose value says which to expect here.
  var parent: DictionaryParser?
  /// By the parent's code: the code that was last seen with it, 0 where none was.
  private var expected = GrowableArray<UInt32>()
  private let sizeHint: SizeHint?

  init(type: DataType, sizeHint: SizeHint? = nil) {
    self.sizeHint = sizeHint
    dictionary = LocalDictionary(capacity: sizeHint?.value ?? 0)
    super.init(type: type)
  }

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    if let parent { return parseFields(fields, firstRow: firstRow, following: parent) }
    let output = codes.reserve(fields.rowCount)
    // One access for the loop: each access to a class's storage is checked for exclusivity.
    withUnsafeMutablePointer(to: &dictionary) { dictionary in
      withUnsafeMutablePointer(to: &nullRows) { nullRows in
        var last: (bytes: UnsafePointer<UInt8>, count: Int, code: UInt32)?
        let hasRuns = fields.repeatsOften
        fields.forEach { row, bytes, count in
          if hasRuns, let last, last.count == count,
            HashMixing.equal(last.bytes, bytes, count: count)
          {
            output[row] = last.code
            return
          }
          let code = dictionary.pointee.code(of: bytes, count: count)
          output[row] = code
          if hasRuns { last = (bytes, count, code) }
        } null: { row in
          output[row] = 0
          nullRows.pointee.append(Int32(truncatingIfNeeded: firstRow &+ row))
        }
      }
    }
    codes.count += fields.rowCount
  }

  override func parseValues(_ vector: Vector) {
    // Entry 0 is NULL's.
    if words.count == 0 { words.append(0) }
    if wides.count == 0 { wides.append(0) }
    let output = codes.reserve(vector.count)
    if let entries = vector.dictionary, let entryOfRow = vector.codes,
      entries.count <= vector.count
    {
      // Each entry that occurs is looked up once.
      var known = [UInt32](repeating: UInt32.max, count: entries.count)
      for row in 0..<vector.count {
        let entry = Int(entryOfRow[row])
        if known[entry] == UInt32.max {
          known[entry] = vector.isNull(row) ? 0 : code(of: vector, at: entry)
        }
        output[row] = known[entry]
      }
    } else {
      for row in 0..<vector.count {
        output[row] = vector.isNull(row) ? 0 : code(of: vector, at: vector.position(of: row))
      }
    }
    codes.count += vector.count
  }

  /// The code of the value at a place of the vector's values. What stands for a number in the
  /// dictionary are its bytes.
  private func code(of vector: Vector, at position: Int) -> UInt32 {
    switch vector.type.physical {
    case .string:
      let view = vector.pointer(StringView.self)[position]
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: view.count + 8) { copy in
        guard let start = copy.baseAddress else { return 0 }
        memcpy(start, view.start, view.count)
        return dictionary.code(of: start, count: view.count)
      }
    case .int128:
      let value = vector.pointer(Int128.self)[position]
      let code = code(ofBytesOf: value)
      if Int(code) == wides.count { wides.append(value) }
      return code
    default:
      let value = vector.word(at: position)
      let code = code(ofBytesOf: value)
      if Int(code) == words.count { words.append(value) }
      return code
    }
  }

  private func code<Number: FixedWidthInteger>(ofBytesOf value: Number) -> UInt32 {
    // Eight bytes more, which the dictionary may read.
    withUnsafeBytes(of: (value, UInt64(0))) { raw in
      guard let start = raw.bindMemory(to: UInt8.self).baseAddress else { return 0 }
      return dictionary.code(of: start, count: MemoryLayout<Number>.size)
    }
  }

  override func fillNulls(_ count: Int, firstRow: Int) {
    codes.reserve(count).update(repeating: 0, count: count)
    codes.count += count
    addNullRows(firstRow..<firstRow + count)
  }

  /// The same for a column that nearly follows from another: comparing a text with the one that is
  /// expected is far cheaper than looking it up.
  private func parseFields(
    _ fields: FieldColumn, firstRow: Int, following parent: DictionaryParser
  ) {
    let output = codes.reserve(fields.rowCount)
    let parentCodes = parent.codes.start + firstRow
    let unseen = max(parent.dictionary.count - expected.count, 0)
    expected.reserve(unseen).update(repeating: 0, count: unseen)
    expected.count += unseen
    let expected = expected.start
    withUnsafeMutablePointer(to: &dictionary) { dictionary in
      withUnsafeMutablePointer(to: &nullRows) { nullRows in
        fields.forEach { row, bytes, count in
          let slot = expected + Int(parentCodes[row])
          if slot.pointee == 0 || !dictionary.pointee.holds(slot.pointee, bytes, count: count) {
            slot.pointee = dictionary.pointee.code(of: bytes, count: count)
          }
          output[row] = slot.pointee
        } null: { row in
          output[row] = 0
          nullRows.pointee.append(Int32(truncatingIfNeeded: firstRow &+ row))
        }
      }
    }
    codes.count += fields.rowCount
  }

  /// Parses the distinct texts; rows with a text that is no value become misfits.
  override func finish() {
    sizeHint?.update(dictionary.count)
    words.reserve(dictionary.count)
    var misfitEntries: Set<UInt32> = []
    for entry in 0..<dictionary.count {
      let bytes = dictionary.view(entry)
      var fits = true
      switch type.physical {
      case .string: fits = entry == 0 || isValidUTF8(bytes)
      case .int128:
        let value =
          type == .uuid ? TextReading.uuid(bytes) : TextReading.decimal128(bytes, scale: 0)
        wides.append(value ?? 0)
        fits = value != nil
      default:
        let value = word(bytes)
        words.append(value ?? 0)
        fits = value != nil
      }
      if !fits && entry > 0 { misfitEntries.insert(UInt32(entry)) }
    }
    if misfitEntries.isEmpty { return }
    for row in 0..<codes.count where misfitEntries.contains(codes[row]) {
      addMisfit(row: row, dictionary.view(Int(codes[row])))
      codes[row] = 0
    }
  }

  private func word(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    switch type {
    case .bigint: return TextReading.integer(bytes)
    case .integer: return TextReading.integer(bytes).flatMap { Int32(exactly: $0).map(Int64.init) }
    case .date: return TextReading.date(bytes)
    case .timestamp: return TextReading.timestampOrDate(bytes)
    case .decimal(let precision, let scale):
      return TextReading.decimal(bytes, precision: precision, scale: scale)
    default: preconditionFailure("\(type) is not kept in dictionaries")
    }
  }

  override func remove(rows: [Int]) {
    Self.compact(codes.start, count: codes.count, without: rows)
    codes.count -= rows.count
    // An entry that only left rows had stays; its first row is looked up anew.
    super.remove(rows: rows)
  }

  override var integerDigits: Int {
    guard type.physical == .int64 else { return 0 }
    var largest: UInt64 = 0
    for entry in 0..<words.count { largest = max(largest, words[entry].magnitude) }
    return String(largest).utf8.count
  }

  /// The first row of each entry that a row has, -1 for others. Entries are in order of first
  /// appearance, so a single pass finds them.
  func firstRows() -> [Int32] {
    var first = [Int32](repeating: -1, count: dictionary.count)
    let codes = self.codes.start
    for row in 0..<self.codes.count where first[Int(codes[row])] < 0 {
      first[Int(codes[row])] = Int32(row)
    }
    return first
  }
}
