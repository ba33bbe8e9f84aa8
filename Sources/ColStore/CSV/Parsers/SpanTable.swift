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

  private static let slotsMin = 1 << 12
  /// Above so many spans the table is forgotten if a chunk brings many new ones.
  private static let fewSpans = 1 << 16
  private static let spansMax = 1 << 18
  /// Readable bytes past the texts, which comparing needs.
  private static let slack = 64

  init(firstField: Int, plans: [ColumnPlan], keyBytesMax: Int) {
    let rows = SpanRows()
    self.rows = rows
    fields = firstField..<firstField + plans.count
    columns = plans.map { SpanColumn($0, rows) }
    self.keyBytesMax = keyBytesMax
    slots = Buffer(zeroed: ecq_span_slot.self, count: Self.slotsMin)
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
    if let quoted = index.quotedFields {
      for row in 0..<rowCount { output[row] = number(ofCopied: row, index, quoted) }
    } else {
      var spans = ecq_spans(
        text: index.text, ends: index.fieldEnds + fields.lowerBound - 1,
        stride: index.columnCount, width: fields.count,
        trims: index.trimsCarriageReturn && fields.upperBound == index.columnCount ? 1 : 0)
      let hashes = self.hashes.reserve(rowCount)
      ecq_hash_spans(&spans, rowCount, hashes)
      var row = 0
      while true {
        row = ecq_find_spans(
          &spans, row, rowCount, hashes, slots.pointer(), mask, rows.keys.start, output)
        if row == rowCount { break }
        output[row] = add(row, of: index, spans, hash: hashes[row])
        row += 1
      }
    }
    rows.numbers.count += rowCount
    for column in columns { column.addRows(rowCount) }
  }

  // MARK: - New spans

  private func add(
    _ row: Int, of index: FieldIndex, _ spans: ecq_spans, hash: UInt32
  ) -> UInt32 {
    let ends = spans.ends + row * spans.stride
    let start = ends[0] &+ 1
    var end = ends[spans.width]
    if spans.trims != 0 && end != ends[spans.width - 1] &+ 1
      && index.text[Int(end) - 1] == CSVDialect.carriageReturn
    {
      end -= 1
    }
    let key = addKey(
      UnsafeBufferPointer(start: index.text + Int(start), count: Int(end - start)), hash, row)
    for (field, column) in columns.enumerated() {
      let first = ends[field] &+ 1
      let last = field == columns.count - 1 ? end : ends[field + 1]
      column.add(
        rows.keys.start, at: key.offset + Int(first - start), count: Int(last - first),
        isNull: first == last)
    }
    return key.number
  }

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
      for shift in [0, 8, 16, 24] {
        copiedKey.append(UInt8(truncatingIfNeeded: (ends[field] &- start) >> UInt32(shift)))
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
    let added = addKey(key, hash, row)
    for (field, column) in columns.enumerated() {
      let first = ends[field - 1] &+ 1
      column.add(
        rows.keys.start, at: added.offset + textStart + Int(first - start),
        count: Int(ends[field] - first),
        isNull: first == ends[field] && quoted[firstField + field] == 0)
    }
    return added.number
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

  private func addKey(
    _ key: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ row: Int
  ) -> (number: UInt32, offset: Int) {
    let offset = rows.keys.count
    let number = UInt32(truncatingIfNeeded: count)
    if let start = key.baseAddress {
      memcpy(rows.keys.reserve(key.count + Self.slack), start, key.count)
    }
    rows.keys.count += key.count
    count += 1
    rows.firstRows.append(Int32(truncatingIfNeeded: rows.numbers.count + row))
    if count * 2 > Int(mask) { growSlots() }
    insert(
      ecq_span_slot(
        hash: hash, number: number, offset: UInt32(truncatingIfNeeded: offset),
        length: UInt32(truncatingIfNeeded: key.count)))
    return (number, offset)
  }

  private func insert(_ slot: ecq_span_slot) {
    let slots = self.slots.pointer(ecq_span_slot.self)
    var at = slot.hash & mask
    while slots[Int(at)].number != 0 { at = (at &+ 1) & mask }
    slots[Int(at)] = slot
  }

  private func growSlots() {
    let old = slots
    let oldCount = Int(mask) + 1
    slots = Buffer(zeroed: ecq_span_slot.self, count: oldCount * 2)
    mask = UInt32(oldCount * 2 - 1)
    let oldSlots = old.pointer(ecq_span_slot.self)
    for index in 0..<oldCount where oldSlots[index].number != 0 { insert(oldSlots[index]) }
    withExtendedLifetime(old) {}
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

/// The rows of a chunk by the spans that they have.
final class SpanRows {
  /// The number of each row's span.
  var numbers = GrowableArray<UInt32>(capacity: 1 << 12)
  /// Of each span that is new in the chunk the first row with it; -1 where no row has it any more.
  var firstRows = GrowableArray<Int32>()
  /// The texts of the spans, one after the other.
  var keys = GrowableArray<UInt8>(capacity: 1 << 12)
}
