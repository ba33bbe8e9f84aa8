import Glibc

/// Columns of a sample, and columns whose values come in vectors: each distinct value gets a code.
/// Fields of a file are taken as texts.
final class DictionaryParser: ColumnParser, @unchecked Sendable {
  /// A code a row into `dictionary`; 0 is NULL.
  private(set) var codes = GrowableArray<UInt32>(capacity: 1 << 12)
  private(set) var dictionary = LocalDictionary()
  /// Each entry's value, by the column's physical type; texts stay in `dictionary`.
  private(set) var words = GrowableArray<Int64>()
  private(set) var wides = GrowableArray<Int128>()
  private lazy var recent = RecentCodes()

  override init(type: DataType) {
    super.init(type: type)
    // Entry 0 is NULL's.
    words.append(0)
    wides.append(0)
  }

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    let output = codes.reserve(fields.rowCount)
    // One access for the loop: each access to a class's storage is checked for exclusivity.
    withUnsafeMutablePointer(to: &dictionary) { dictionary in
      withUnsafeMutablePointer(to: &nullRows) { nullRows in
        fields.forEach { row, bytes, count in
          output[row] = dictionary.pointee.code(of: bytes, count: count)
        } null: { row in
          output[row] = 0
          nullRows.pointee.append(Int32(truncatingIfNeeded: firstRow &+ row))
        }
      }
    }
    codes.count += fields.rowCount
  }

  override func parseValues(_ vector: Vector) {
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
    } else if vector.type.physical == .int64 && vector.layout == .flat {
      parseWords(vector.pointer(Int64.self), vector.validity, count: vector.count, into: output)
    } else {
      for row in 0..<vector.count {
        output[row] = vector.isNull(row) ? 0 : code(of: vector, at: vector.position(of: row))
      }
    }
    codes.count += vector.count
  }

  private func parseWords(
    _ values: UnsafePointer<Int64>, _ validity: UnsafePointer<UInt8>?, count: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    let recent = self.recent
    for row in 0..<count {
      if let validity, validity[row] == 0 {
        output[row] = 0
        continue
      }
      let value = values[row]
      output[row] = recent.code(of: value) { code(ofWord: value) }
    }
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
    default: return code(ofWord: vector.word(at: position))
    }
  }

  private func code(ofWord value: Int64) -> UInt32 {
    let code = code(ofBytesOf: value)
    if Int(code) == words.count { words.append(value) }
    return code
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

  /// Rows with a text that is not valid become misfits.
  override func finish() {
    guard type.physical == .string else { return }
    var misfitEntries: Set<UInt32> = []
    for entry in 1..<max(dictionary.count, 1) where !isValidUTF8(dictionary.view(entry)) {
      misfitEntries.insert(UInt32(entry))
    }
    if misfitEntries.isEmpty { return }
    for row in 0..<codes.count where misfitEntries.contains(codes[row]) {
      addMisfit(row: row, dictionary.view(Int(codes[row])))
      codes[row] = 0
    }
  }

  override func remove(rows: [Int]) {
    Self.compact(codes.start, count: codes.count, without: rows)
    codes.count -= rows.count
    // An entry that only left rows had stays; its first row is looked up anew.
    super.remove(rows: rows)
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

/// The codes of numbers that were looked up lately: a number is known by its lowest bits, so that
/// counts, hours and other small numbers do not push each other out.
private final class RecentCodes {
  private struct Slot: BitwiseCopyable {
    var value: Int64
    /// 0, which stands for NULL, where the slot is empty.
    var code: UInt32
  }

  private static let count = 1024
  private let slots: UnsafeMutablePointer<Slot>

  init() {
    slots = .allocate(capacity: Self.count)
    slots.initialize(repeating: Slot(value: 0, code: 0), count: Self.count)
  }

  deinit { slots.deallocate() }

  @inline(__always)
  func code(of value: Int64, lookUp: () -> UInt32) -> UInt32 {
    let slot = slots + (Int(truncatingIfNeeded: value) & (Self.count - 1))
    if slot.pointee.value == value && slot.pointee.code != 0 { return slot.pointee.code }
    slot.pointee = Slot(value: value, code: lookUp())
    return slot.pointee.code
  }
}
