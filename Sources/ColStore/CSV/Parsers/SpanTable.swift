import CKernels
import Glibc

/// The distinct texts of some adjacent fields — a key and the fields that follow from it, or one
/// field alone — each looked up as a whole and parsed once.
///
/// One worker keeps a table from chunk to chunk, so that of values that come again nothing but the
/// text is looked at. What it has forgotten it parses anew: that changes how fast things go, never
/// what comes out.
final class SpanTable {
  /// The fields' numbers in a row.
  let fields: Range<Int>
  /// A column a field.
  let columns: [SpanColumn]
  private let rows: SpanRows
  /// Spans with the number 0, which stands for none.
  private(set) var count = 1
  /// The first span that is new in this chunk.
  private var firstNew = 1

  private var slots: Buffer
  private var mask: UInt32
  private let keyBytesMax: Int
  private var hashes = GrowableArray<UInt32>(capacity: 1 << 12)
  /// Of a row whose text was copied: what tells its span from all others.
  private var copiedKey = GrowableArray<UInt8>()
  private var hasUnresolved = false
  private var newRows = GrowableArray<UInt32>()
  /// The spans that are new in the piece.
  private var newSpans = GrowableArray<NewSpan>()

  /// A span that is new: the first row with it, counted within the piece, and where in the keys its
  /// text lies.
  struct NewSpan: BitwiseCopyable {
    let row: Int
    let textOffset: Int
  }

  private static let slotsMin = 1 << 12
  /// Above so many spans the table is forgotten if a chunk brings many new ones.
  private static let fewSpans = 1 << 15
  private static let spansMax = 1 << 18
  /// Readable bytes past the texts, which comparing needs.
  private static let slack = 64

  init(firstField: Int, plans: [ColumnPlan], keyBytesMax: Int) {
    let rows = SpanRows()
    self.rows = rows
    fields = firstField..<firstField + plans.count
    columns = plans.map { SpanColumn($0, rows) }
    self.keyBytesMax = keyBytesMax
    slots = Self.emptySlots(Self.slotsMin)
    mask = UInt32(Self.slotsMin - 1)
    rows.keys.reserve(Self.slack)
  }

  /// Goes on to the next chunk.
  func startChunk() {
    let newCount = count - firstNew
    let isOfNoUse = count > Self.fewSpans && newCount * 8 > rows.numbers.count
    if hasUnresolved || isOfNoUse || count > Self.spansMax || rows.keys.count > keyBytesMax {
      forget()
    }
    firstNew = count
    rows.numbers.count = 0
    rows.firstRows.count = 0
    for column in columns { column.startChunk() }
  }

  private func forget() {
    slots.zero()
    rows.keys.count = 0
    count = 1
    hasUnresolved = false
    for column in columns { column.forget() }
  }

  /// Adds the rows of a piece.
  func parse(_ index: FieldIndex) {
    let rowCount = index.rowCount
    let output = rows.numbers.reserve(rowCount)
    newSpans.count = 0
    if let quoted = index.quotedFields {
      for row in 0..<rowCount { output[row] = number(ofCopied: row, index, quoted) }
    } else {
      numberInPlace(index, output)
    }
    let firstRow = Int32(truncatingIfNeeded: rows.numbers.count)
    for span in 0..<newSpans.count {
      rows.firstRows.append(firstRow &+ Int32(truncatingIfNeeded: newSpans[span].row))
    }
    for (field, column) in columns.enumerated() {
      column.add(newSpans.start, newSpans.count, of: index, fields, field: field)
      column.addRows(rowCount)
    }
    rows.numbers.count += rowCount
  }

  private func numberInPlace(_ index: FieldIndex, _ output: UnsafeMutablePointer<UInt32>) {
    let rowCount = index.rowCount
    let ends = index.fieldEnds + fields.lowerBound - 1
    var spans = ecq_spans(
      text: index.text, ends: ends, stride: index.columnCount, width: fields.count,
      trims: index.trimsCarriageReturn && fields.upperBound == index.columnCount ? 1 : 0)
    let hashes = self.hashes.reserve(rowCount)
    ecq_hash_spans(&spans, rowCount, hashes)
    let newRows = self.newRows.reserve(rowCount)
    makeRoom(rowCount)
    let textCount = Int(index.fieldEnds[rowCount * index.columnCount - 1])
    rows.keys.reserve(textCount + Self.slack)
    var table = ecq_span_table(
      slots: slots.pointer(), mask: mask, count: UInt32(truncatingIfNeeded: count),
      keys: rows.keys.start, key_bytes: rows.keys.count)
    let newCount = ecq_number_spans(&spans, rowCount, hashes, &table, output, newRows)
    let added = newSpans.reserve(newCount)
    var offset = rows.keys.count
    for new in 0..<newCount {
      let row = Int(newRows[new])
      added[new] = NewSpan(row: row, textOffset: offset)
      offset += Int(spans.length(ofRow: row))
    }
    newSpans.count = newCount
    count += newCount
    rows.keys.count = table.key_bytes
  }

  // MARK: - Copied text

  /// Text that was copied has lost its quotes: where fields end, and which were quoted, is part of
  /// the key. It begins with a newline, which no other key has.
  private func number(
    ofCopied row: Int, _ index: FieldIndex, _ quoted: UnsafePointer<UInt8>
  ) -> UInt32 {
    let firstField = row * index.columnCount + fields.lowerBound
    let ends = index.fieldEnds + firstField
    let start = ends[-1] &+ 1
    copiedKey.count = 0
    copiedKey.append(CSVDialect.newline)
    for field in 0..<columns.count {
      for shift: UInt32 in [0, 8, 16, 24] {
        copiedKey.append(UInt8(truncatingIfNeeded: (ends[field] &- start) >> shift))
      }
      copiedKey.append(quoted[firstField + field])
    }
    let textStart = copiedKey.count
    let textCount = Int(ends[columns.count - 1] - start)
    memcpy(copiedKey.reserve(textCount + Self.slack), index.text + Int(start), textCount)
    copiedKey.count += textCount
    let key = UnsafeBufferPointer(start: copiedKey.start, count: copiedKey.count)
    let hash = UInt32(truncatingIfNeeded: ecq_hash_span(copiedKey.start, copiedKey.count))
    if let number = find(key, hash) { return number }
    newSpans.append(NewSpan(row: row, textOffset: rows.keys.count + textStart))
    return add(key, hash)
  }

  private func find(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32? {
    let slots = self.slots.pointer(ecq_span_slot.self)
    var at = hash & mask
    while slots[Int(at)].number != 0 {
      let slot = slots[Int(at)]
      if slot.hash == hash, Int(slot.length) == key.count,
        ecq_equal_bytes(rows.keys.start + Int(slot.offset), key.baseAddress, key.count) != 0
      {
        return slot.number
      }
      at = (at &+ 1) & mask
    }
    return nil
  }

  private func add(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt32) -> UInt32 {
    makeRoom(1)
    let number = UInt32(truncatingIfNeeded: count)
    insert(
      ecq_span_slot(
        hash: hash, number: number, offset: UInt32(truncatingIfNeeded: rows.keys.count),
        length: UInt32(truncatingIfNeeded: key.count)))
    if let start = key.baseAddress {
      memcpy(rows.keys.reserve(key.count + Self.slack), start, key.count)
    }
    rows.keys.count += key.count
    count += 1
    return number
  }

  private func insert(_ slot: ecq_span_slot) {
    let slots = self.slots.pointer(ecq_span_slot.self)
    var at = slot.hash & mask
    while slots[Int(at)].number != 0 { at = (at &+ 1) & mask }
    slots[Int(at)] = slot
  }

  /// Makes room for `extra` more spans: at least every second slot stays empty.
  private func makeRoom(_ extra: Int) {
    let oldCount = Int(mask) + 1
    var newCount = oldCount
    while (count + extra) * 2 > newCount { newCount *= 2 }
    guard newCount > oldCount else { return }
    let old = slots
    slots = Self.emptySlots(newCount)
    mask = UInt32(newCount - 1)
    let oldSlots = old.pointer(ecq_span_slot.self)
    for index in 0..<oldCount where oldSlots[index].number != 0 { insert(oldSlots[index]) }
    withExtendedLifetime(old) {}
  }

  private static func emptySlots(_ count: Int) -> Buffer {
    let slots = Buffer(ecq_span_slot.self, count: count)
    slots.useHugePages()
    slots.zero()
    return slots
  }

  // MARK: - The chunk's end

  /// Called once when all pieces are in.
  func finish() {
    for column in columns {
      column.finish(numbers: rows.numbers.start, keys: rows.keys.start)
      if !column.misfitRows.isEmpty { hasUnresolved = true }
    }
  }

  /// Leaves out some rows, ascending: spans that no other row has are not taken in.
  func remove(_ removed: [Int]) {
    ColumnParser.compact(rows.numbers.start, count: rows.numbers.count, without: removed)
    rows.numbers.count -= removed.count
    for index in 0..<rows.firstRows.count { rows.firstRows[index] = -1 }
    for row in 0..<rows.numbers.count where Int(rows.numbers[row]) >= firstNew {
      let index = Int(rows.numbers[row]) - firstNew
      if rows.firstRows[index] < 0 { rows.firstRows[index] = Int32(truncatingIfNeeded: row) }
    }
    for index in 0..<rows.firstRows.count where rows.firstRows[index] < 0 {
      for column in columns { column.leaveOut(firstNew + index) }
    }
    hasUnresolved = true
  }
}

extension ecq_spans {
  /// The bytes of a row's span.
  fileprivate func length(ofRow row: Int) -> UInt32 {
    let ends = self.ends + row * stride
    var end = ends[width]
    if trims != 0 && end != ends[width - 1] &+ 1 && text[Int(end) - 1] == CSVDialect.carriageReturn
    {
      end -= 1
    }
    return end &- (ends[0] &+ 1)
  }
}

/// The rows of a chunk by the spans that they have.
final class SpanRows {
  /// The number of each row's span.
  var numbers = GrowableArray<UInt32>(capacity: 1 << 12)
  /// Of each span that is new in the chunk the first row with it; -1 where no row has it any more.
  var firstRows = GrowableArray<Int32>()
  /// The texts of the spans, one after the other.
  var keys = GrowableArray<UInt8>(capacity: 1 << 12)
}
