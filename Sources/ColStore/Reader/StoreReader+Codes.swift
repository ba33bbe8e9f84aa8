import CKernels

/// The codes of one column of one morsel, as it was cheapest to have them.
enum DecodedCodes {
  case rows(Buffer)
  case runs(CodeRuns)

  /// A code a row; valid as long as `self`.
  var pointer: UnsafePointer<UInt32> {
    switch self {
    case .rows(let buffer): UnsafePointer(buffer.pointer(UInt32.self))
    case .runs(let runs): runs.expanded
    }
  }
}

/// The codes that a reader has decoded of the morsel that it is at.
struct MorselCodes {
  private var morsel: Morsel?
  private var whole: [Int: DecodedCodes] = [:]
  private var selection: SelectedRows?
  private var selected: [Int: Buffer] = [:]

  mutating func whole(_ column: Int, _ morsel: Morsel) -> DecodedCodes? {
    enter(morsel)
    return whole[column]
  }

  mutating func selected(_ column: Int, _ morsel: Morsel, _ rows: SelectedRows) -> Buffer? {
    enter(morsel)
    return selection === rows ? selected[column] : nil
  }

  /// Remembers codes of the morsel that was asked for last.
  mutating func keep(_ codes: DecodedCodes, _ column: Int) { whole[column] = codes }

  mutating func keep(_ codes: Buffer, _ column: Int, at rows: SelectedRows) {
    if selection !== rows {
      selected.removeAll(keepingCapacity: true)
      selection = rows
    }
    selected[column] = codes
  }

  private mutating func enter(_ next: Morsel) {
    guard morsel != next else { return }
    whole.removeAll(keepingCapacity: true)
    selected.removeAll(keepingCapacity: true)
    selection = nil
    morsel = next
  }
}

extension StoreReader {
  /// The codes of the whole morsel. Those that others only follow from are `passing`: they are not
  /// worth keeping beside these.
  func codes(
    ofColumn column: Int, _ morsel: Morsel, passing: Bool = false
  ) throws(StoreError) -> DecodedCodes {
    if let known = codesOfMorsel.whole(column, morsel) { return known }
    let codes: DecodedCodes
    switch store.blocks.block(column, morsel, by: number) {
    case .codes(let kept): codes = .rows(kept.wideCodes())
    case .runs(let kept): codes = .runs(kept.again())
    case .words, .values, nil:
      // A column that is newer than the row group has nothing worth keeping.
      let keeps =
        !passing && chunk(column, morsel) != nil
        && store.blocks.wants(column, morsel, by: number)
      codes = try decodeCodes(column, morsel, parentPasses: passing || keeps)
      if keeps { keep(codes, column, morsel) }
    }
    codesOfMorsel.keep(codes, column)
    return codes
  }

  private func keep(_ codes: DecodedCodes, _ column: Int, _ morsel: Morsel) {
    switch codes {
    case .rows(let rows):
      store.blocks.keep(.codes(.codes(rows, count: morsel.rowCount)), column, morsel, by: number)
    case .runs(let runs): store.blocks.keep(.runs(runs.again()), column, morsel, by: number)
    }
  }

  /// The morsel's codes as they are kept: decoded and kept first, if they are worth it; else nil.
  func keptCodes(_ column: Int, _ morsel: Morsel) throws(StoreError) -> DecodedBlock? {
    if let known = store.blocks.block(column, morsel, by: number) { return known }
    guard store.blocks.wants(column, morsel, by: number) else { return nil }
    _ = try codes(ofColumn: column, morsel)
    return store.blocks.block(column, morsel, by: number)
  }

  private func decodeCodes(
    _ column: Int, _ morsel: Morsel, parentPasses: Bool
  ) throws(StoreError) -> DecodedCodes {
    let count = morsel.rowCount
    guard let chunk = chunk(column, morsel) else {
      return .runs(Self.oneRun(of: 0, count: count))
    }
    var reader = try codeReader(chunk, morsel, scratch)
    if chunk.encoding == .derived, let parent = store.footer.columns[column].parent {
      return try derivedCodes(
        column, of: parent, morsel, &reader, scratch, parentPasses: parentPasses)
    }
    if let runs = try IntegerStream.decodeRuns(
      &reader, count: count, includingRepeats: false, scratch: scratch)
    {
      try check(runs.codes, count: runs.count, column)
      let codes = runs.vectorRuns()
      noteClusters(column, codes, morsel)
      return .runs(codes)
    }
    let output = Buffer(UInt32.self, count: count)
    try IntegerStream.decode(
      &reader, into: output.pointer(UInt32.self), count: count, scratch: scratch)
    try check(output, count: count, column)
    return .rows(output)
  }

  private func derivedCodes(
    _ column: Int, of parent: Int, _ morsel: Morsel, _ reader: inout ByteReader,
    _ scratch: DecodingScratch, parentPasses: Bool
  ) throws(StoreError) -> DecodedCodes {
    let parentCodes = try codes(ofColumn: parent, morsel, passing: parentPasses)
    let map = try store.derivedMap(ofColumn: column, scratch)
    let exceptions = try DerivedBlock.exceptions(
      &reader, UInt32.self, count: morsel.rowCount, scratch: scratch)
    if case .runs(let runs) = parentCodes, exceptions.count == 0 {
      try store.damagedMapEntries[column].check(runs.codes, count: runs.count)
      let codes = Buffer(UInt32.self, count: runs.count)
      ecq_gather_u32(map.codes, runs.codes, runs.count, codes.pointer(UInt32.self))
      try check(codes, count: runs.count, column)
      return .runs(runs.recoded(codes))
    }
    try store.damagedMapEntries[column].check(parentCodes.pointer, count: morsel.rowCount)
    let output = Buffer(UInt32.self, count: morsel.rowCount)
    let codes = output.pointer(UInt32.self)
    ecq_gather_u32(map.codes, parentCodes.pointer, morsel.rowCount, codes)
    for index in 0..<exceptions.count {
      codes[Int(exceptions.rows[index])] = exceptions.words[index]
    }
    withExtendedLifetime((exceptions, parentCodes)) {}
    try check(output, count: morsel.rowCount, column)
    return .rows(output)
  }

  /// The codes at `rows` alone.
  func codes(
    ofColumn column: Int, _ morsel: Morsel, at rows: SelectedRows
  ) throws(StoreError) -> Buffer {
    if let known = codesOfMorsel.selected(column, morsel, rows) { return known }
    let codes = try decodeCodes(column, morsel, at: rows)
    codesOfMorsel.keep(codes, column, at: rows)
    return codes
  }

  /// As ``codes(ofColumn:_:at:)``, without remembering them.
  func decodeCodes(
    _ column: Int, _ morsel: Morsel, at rows: SelectedRows
  ) throws(StoreError) -> Buffer {
    let output = Buffer(UInt32.self, count: rows.count)
    let codes = output.pointer(UInt32.self)
    guard let chunk = chunk(column, morsel) else {
      codes.update(repeating: 0, count: rows.count)
      return output
    }
    if let whole = codesOfMorsel.whole(column, morsel) {
      Self.pick(whole, rows.rows, rows.count, into: codes)
      return output
    }
    switch try keptCodes(column, morsel) {
    case .codes(let kept):
      kept.pick(rows.rows, rows.count, into: codes)
      return output
    case .runs(let kept):
      Self.pick(.runs(kept), rows.rows, rows.count, into: codes)
      return output
    case .words, .values, nil: break
    }
    var reader = try codeReader(chunk, morsel, scratch)
    if chunk.encoding == .derived, let parent = store.footer.columns[column].parent {
      let parentCodes = try self.codes(ofColumn: parent, morsel, at: rows)
      let map = try store.derivedMap(ofColumn: column, scratch)
      try store.damagedMapEntries[column].check(parentCodes.pointer(), count: rows.count)
      let exceptions = try DerivedBlock.exceptions(
        &reader, UInt32.self, count: morsel.rowCount, scratch: scratch)
      ecq_gather_u32(map.codes, parentCodes.pointer(UInt32.self), rows.count, codes)
      exceptions.forEach(at: rows) { index, code in codes[index] = code }
    } else if column == store.footer.clusterColumn {
      // Its runs are needed by others, and few.
      Self.pick(try self.codes(ofColumn: column, morsel), rows.rows, rows.count, into: codes)
    } else {
      try IntegerStream.decode(
        &reader, at: rows.rows, rows.count, into: codes, count: morsel.rowCount, scratch: scratch)
    }
    try check(output, count: rows.count, column)
    return output
  }

  /// The codes at ascending `rows` of codes that are known.
  static func pick(
    _ codes: DecodedCodes, _ rows: UnsafePointer<UInt32>, _ count: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    switch codes {
    case .rows(let buffer):
      let source = buffer.pointer(UInt32.self)
      for index in 0..<count { output[index] = source[Int(rows[index])] }
    case .runs(let runs): runs.pick(rows, count, into: output)
    }
  }

  func codeReader(
    _ chunk: StoreFooter.Chunk, _ morsel: Morsel, _ scratch: DecodingScratch
  ) throws(StoreError) -> ByteReader {
    var reader = ByteReader(try store.blob(chunk.blocks[morsel.block].blob))
    guard try ValidityStream.decode(&reader, count: morsel.rowCount, scratch: scratch) == nil
    else { throw StoreError("codes have a validity of their own") }
    return reader
  }

  private static func oneRun(of code: UInt32, count: Int) -> CodeRuns {
    let memory = Buffer(UInt32.self, count: 2)
    let pair = memory.pointer(UInt32.self)
    pair[0] = code
    pair[1] = UInt32(truncatingIfNeeded: count)
    return CodeRuns(
      codes: UnsafePointer(pair), ends: UnsafePointer(pair + 1), count: 1, owners: [memory])
  }

  private func check(_ codes: Buffer, count: Int, _ column: Int) throws(StoreError) {
    let limit = store.footer.columns[column].dictionary?.entryCount ?? 0
    guard Int(ecq_max_u32(codes.pointer(UInt32.self), count)) < limit else {
      throw StoreError("a code points outside its dictionary")
    }
    try store.damagedEntries[column].check(codes.pointer(UInt32.self), count: count)
  }

  /// Where the clusters of a morsel end.
  func clusterEnds(_ morsel: Morsel) throws(StoreError) -> ClusterEnds {
    guard let column = store.footer.clusterColumn else {
      throw StoreError("there is no clustering column")
    }
    switch try codes(ofColumn: column, morsel) {
    case .runs(let runs): return ClusterEnds(runs)
    case .rows(let codes): return ClusterEnds(codes: codes.pointer(), count: morsel.rowCount)
    }
  }

  private func noteClusters(_ column: Int, _ runs: CodeRuns, _ morsel: Morsel) {
    guard column == store.footer.clusterColumn else { return }
    for run in 1..<max(runs.count, 1) where runs.codes[run] <= runs.codes[run - 1] { return }
    store.noteClusters(morsel, first: runs.codes[0], last: runs.codes[runs.count - 1])
  }
}

extension Exceptions {
  /// Calls `body` with the place among `selected`, and the word, of each exception that is selected.
  @inline(__always)
  func forEach(at selected: SelectedRows, _ body: (Int, Word) -> Void) {
    guard count > 0 else { return }
    let wanted = selected.rows
    var next = 0
    for index in 0..<selected.count {
      while next < count && rows[next] < wanted[index] { next += 1 }
      if next == count { return }
      if rows[next] == wanted[index] { body(index, words[next]) }
    }
  }
}
