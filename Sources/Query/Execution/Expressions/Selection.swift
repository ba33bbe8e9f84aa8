import CKernels
import ColStore

/// Ascending row numbers of a batch: the rows that something holds for.
struct Selection {
  let count: Int
  private let buffer: Buffer?
  /// Set where the selection is all of `0..<count`, without writing them down.
  private let isWhole: Bool
  private var shared: SelectedRows?

  static let none = Selection(buffer: nil, count: 0, isWhole: false)

  static func all(_ count: Int) -> Selection {
    if count > identityCount {
      let rows = Buffer(UInt32.self, count: count)
      for row in 0..<count { rows.pointer(UInt32.self)[row] = UInt32(row) }
      return Selection(buffer: rows, count: count, isWhole: true)
    }
    return Selection(buffer: nil, count: count, isWhole: true)
  }

  init(_ buffer: Buffer, count: Int) {
    self.init(buffer: buffer, count: count, isWhole: false)
  }

  init(_ rows: [UInt32]) {
    let buffer = Buffer(UInt32.self, count: rows.count)
    buffer.pointer(UInt32.self).update(from: rows, count: rows.count)
    self.init(buffer, count: rows.count)
  }

  init(_ rows: SelectedRows) {
    self.init(buffer: rows.memory, count: rows.count, isWhole: false)
    shared = rows
  }

  private init(buffer: Buffer?, count: Int, isWhole: Bool) {
    self.buffer = buffer
    self.count = count
    self.isWhole = isWhole
  }

  var coversAll: Bool { isWhole }

  /// The selection as the reader wants it: one object as long as the selection is the same.
  var selectedRows: SelectedRows {
    if let shared { return shared }
    return SelectedRows(buffer ?? Buffer(byteCount: 0), count: count)
  }

  /// The same rows, with ``selectedRows`` made once.
  func withRowsShared() -> Selection {
    if shared != nil || isWhole { return self }
    return Selection(selectedRows)
  }

  /// The row numbers; a whole selection writes them down first.
  var pointer: UnsafePointer<UInt32> {
    if let buffer { return UnsafePointer(buffer.pointer(UInt32.self)) }
    precondition(count <= Selection.identityCount, "a whole selection is of one batch")
    return UnsafePointer(Selection.identity.pointer(UInt32.self))
  }

  private static let identityCount = 4 * blockRowsMax

  /// 0, 1, 2 … for every batch size that occurs.
  private static let identity: Buffer = {
    let rows = Buffer(UInt32.self, count: identityCount)
    for row in 0..<identityCount { rows.pointer(UInt32.self)[row] = UInt32(row) }
    return rows
  }()

  /// The rows of a BOOLEAN vector whose value (2 where NULL) satisfies `test`.
  static func rows(of vector: Vector, where test: (UInt8) -> Bool, count: Int) -> Selection {
    if count == 0 { return .none }
    let wanted: (UInt8, UInt8, UInt8) = (
      test(0) ? 1 : 0, test(1) ? 1 : 0, test(2) ? 1 : 0
    )
    @inline(__always)
    func verdict(_ position: Int) -> UInt8 {
      if let validity = vector.validity, validity[position] == 0 { return wanted.2 }
      return vector.pointer(UInt8.self)[position] != 0 ? wanted.1 : wanted.0
    }
    if vector.layout == .constant { return verdict(0) != 0 ? .all(count) : .none }
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    if let window = vector.runs {
      var row = 0
      for run in window.indices {
        let end = window.end(run)
        if verdict(Int(window.runs.codes[run])) != 0 {
          while row < end {
            output[found] = UInt32(truncatingIfNeeded: row)
            found += 1
            row += 1
          }
        }
        row = end
      }
    } else if let codes = vector.codes, let dictionary = vector.dictionary,
      dictionary.count > count
    {
      // A verdict for each entry would cost more than one for each row.
      var row = 0
      while row < count {
        output[found] = UInt32(truncatingIfNeeded: row)
        found &+= Int(verdict(Int(codes[row])))
        row += 1
      }
    } else if let codes = vector.codes, let dictionary = vector.dictionary {
      let table = Buffer(UInt8.self, count: dictionary.count)
      let verdicts = table.pointer(UInt8.self)
      var any: UInt8 = 0
      var every: UInt8 = 1
      for code in 0..<dictionary.count {
        verdicts[code] = verdict(code)
        any |= verdicts[code]
        every &= verdicts[code]
      }
      if any == 0 { return .none }
      if every == 1 { return .all(count) }
      found = ecq_choose_codes(codes, count, 4, verdicts, dictionary.count, output)
      withExtendedLifetime(table) {}
    } else if vector.validity == nil, wanted.0 == wanted.1 {
      return wanted.0 == 1 ? .all(count) : .none
    } else if vector.validity == nil, wanted.1 == 1 {
      found = ecq_choose_true(vector.pointer(UInt8.self), count, output)
    } else if let validity = vector.validity {
      let values = vector.pointer(UInt8.self)
      var row = 0
      while row < count {
        output[found] = UInt32(truncatingIfNeeded: row)
        let value = values[row] != 0 ? wanted.1 : wanted.0
        found &+= Int(validity[row] != 0 ? value : wanted.2)
        row += 1
      }
    } else {
      found = ecq_choose_between(vector.pointer(UInt8.self), count, 1, 0, 0, output)
    }
    if found == 0 { return .none }
    if found == count { return .all(count) }
    return Selection(buffer, count: found)
  }

  /// The batch's rows that are selected.
  func narrow(_ batch: Batch) -> Batch {
    if isWhole { return batch }
    return batch.select(pointer, count: count)
  }

  /// The selected rows of `columns`, where no other column of the result will be looked at.
  func narrow(_ batch: Batch, columns: [Int]) -> Batch {
    if isWhole { return batch }
    var narrowed = batch.columns
    for column in columns { narrowed[column] = narrow(narrowed[column]) }
    return Batch(columns: narrowed, rowCount: count)
  }

  func narrow(_ vector: Vector) -> Vector {
    if isWhole { return vector }
    return vector.select(pointer, count: count)
  }

  /// `inner` selects among the rows of this selection; the result numbers the original rows.
  func compose(_ inner: Selection) -> Selection {
    if isWhole { return inner }
    if inner.isWhole { return self }
    let buffer = Buffer(UInt32.self, count: inner.count)
    GatherKernels.gather(
      pointer, at: inner.pointer, into: buffer.pointer(UInt32.self), count: inner.count)
    return Selection(buffer, count: inner.count)
  }

  /// Rows `start..<end` of the selection, by their place in it.
  func slice(_ start: Int, _ length: Int) -> Selection {
    let buffer = Buffer(UInt32.self, count: length)
    buffer.pointer(UInt32.self).update(from: pointer + start, count: length)
    return Selection(buffer, count: length)
  }
}

/// Puts the rows of several vectors back to their places in one.
enum Scatter {
  /// `parts` pair disjoint selections with the vectors of those rows; other rows are `fallback`'s.
  static func merge(
    _ parts: [(Selection, Vector)], type: DataType, count: Int, fallback: Vector
  ) -> Vector {
    if let numbers = numbers(parts, type: type, count: count) { return numbers }
    // All vectors end to end, and for each row the place of its value there.
    let sources = [fallback.slice(offset: 0, count: min(count, 1))] + parts.map(\.1)
    let joined = Vector.concatenate(sources, type: type).flat()
    let places = Buffer(UInt32.self, count: count)
    places.zero()
    let place = places.pointer(UInt32.self)
    var base = UInt32(min(count, 1))
    for (selection, vector) in parts {
      let rows = selection.pointer
      for index in 0..<selection.count {
        place[Int(rows[index])] = base + UInt32(index)
      }
      base += UInt32(vector.count)
    }
    return withExtendedLifetime(places) {
      Vector.gather(values: joined, at: UnsafePointer(place), count: count, keeping: joined)
    }
  }

  /// The same of codes, and of plain numbers without NULLs, where every row is of a part.
  private static func numbers(
    _ parts: [(Selection, Vector)], type: DataType, count: Int
  ) -> Vector? {
    guard parts.reduce(0, { $0 + $1.0.count }) == count else { return nil }
    if let dictionary = parts.first?.1.dictionary,
      parts.allSatisfy({ $0.1.dictionary === dictionary })
    {
      let codes = scattered(parts, UInt32.self, count: count) { $0.codes }
      return Vector(
        codes: UnsafePointer(codes.pointer(UInt32.self)), count: count, dictionary: dictionary,
        owners: [codes])
    }
    guard parts.allSatisfy({ $0.1.layout == .flat && $0.1.validity == nil }) else { return nil }
    let values: Buffer
    switch type.physical {
    case .int64, .double:
      values = scattered(parts, Int64.self, count: count) { $0.pointer(Int64.self) }
    case .int128: values = scattered(parts, Int128.self, count: count) { $0.pointer(Int128.self) }
    case .bool, .string, .interval, .list: return nil
    }
    return Vector(flat: type, count: count, values: values, validity: nil)
  }

  private static func scattered<Element: BitwiseCopyable>(
    _ parts: [(Selection, Vector)], _ element: Element.Type, count: Int,
    _ values: (Vector) -> UnsafePointer<Element>?
  ) -> Buffer {
    let output = Buffer(element, count: count)
    let place = output.pointer(element)
    for (selection, vector) in parts {
      guard let values = values(vector) else { continue }
      let rows = selection.pointer
      for index in 0..<selection.count { place[Int(rows[index])] = values[index] }
    }
    return output
  }
}
