import CKernels

extension StoreReader {
  func choose(_ filter: CodeFilter, of morsel: Morsel) throws(StoreError) -> RowChoice? {
    guard store.footer.columns[filter.column].dictionary?.entryCount == filter.codeCount else {
      return nil
    }
    return try locating(filter.column, morsel) { () throws(StoreError) in
      try chosen(by: filter, morsel)
    }
  }

  /// By the numbers as they are kept; where they are not, their words are to be looked at.
  func choose(
    _ range: ClosedRange<Int64>, ofColumn column: Int, of morsel: Morsel
  ) throws(StoreError) -> RowChoice? {
    guard store.footer.columns[column].dictionary == nil, let chunk = chunk(column, morsel) else {
      return nil
    }
    return try locating(column, morsel) { () throws(StoreError) -> RowChoice? in
      guard case .words(let numbers, let validity, _) = try keptBlock(column, morsel, chunk) else {
        return nil
      }
      let buffer = Buffer(UInt32.self, count: morsel.rowCount)
      let rows = buffer.pointer(UInt32.self)
      var found = numbers.choose(range, into: rows)
      if let validity {
        let valid = validity.pointer(UInt8.self)
        var present = 0
        for index in 0..<found {
          rows[present] = rows[index]
          present += valid[Int(rows[index])] != 0 ? 1 : 0
        }
        found = present
      }
      return .of(buffer, count: found, total: morsel.rowCount)
    }
  }

  private func chosen(by filter: CodeFilter, _ morsel: Morsel) throws(StoreError) -> RowChoice {
    if filter.isNever { return .nothing }
    let (column, count) = (filter.column, morsel.rowCount)
    guard let chunk = chunk(column, morsel) else { return filter.flags[0] != 0 ? .all : .nothing }
    if let known = codesOfMorsel.whole(column, morsel) { return choose(filter, known, count) }
    // Clusters ascend: a block's first and last tell as much as a sieve.
    let isClustering = column == store.footer.clusterColumn
    if isClustering ? isRuledOut(filter, morsel) : store.sieves.ruleOut(filter, morsel) {
      return .nothing
    }
    if let kept = try keptCodes(column, morsel) {
      if !isClustering { store.sieves.note(kept, of: filter, morsel) }
      switch kept {
      case .codes(let codes): return choose(filter, codes)
      case .runs(let runs): return choose(filter, .runs(runs), count)
      case .words, .values: break
      }
    }
    if try isRuledOut(filter, byParentOf: chunk, morsel) { return .nothing }
    if chunk.encoding == .derived, let parent = store.footer.columns[column].parent {
      return try chosen(by: filter, chunk, of: parent, morsel)
    }
    // Repeats are looked at by run here, and decoded by row where all rows are wanted.
    var reader = try codeReader(chunk, morsel, scratch)
    let ahead = reader
    if try IntegerStream.isRepeats(ahead),
      let runs = try IntegerStream.decodeRuns(
        &reader, count: count, includingRepeats: true, scratch: scratch)
    {
      guard Int(ecq_max_u32(runs.codes.pointer(UInt32.self), runs.count)) < filter.codeCount else {
        throw StoreError("a code points outside its dictionary")
      }
      return choose(filter, .runs(runs.vectorRuns()), count)
    }
    return choose(filter, try codes(ofColumn: column, morsel), count)
  }

  /// Whether the clusters of a morsel have none of the codes of a filter on the clustering column.
  private func isRuledOut(_ filter: CodeFilter, _ morsel: Morsel) -> Bool {
    guard let (first, last) = store.clusters(of: morsel) else { return false }
    return !filter.mayHold(first: first, last: last)
  }

  /// Whether few codes are wanted of a column that follows from the clustering column without
  /// exceptions, and the morsel's clusters have none that they follow from.
  private func isRuledOut(
    _ filter: CodeFilter, byParentOf chunk: StoreFooter.Chunk, _ morsel: Morsel
  ) throws(StoreError) -> Bool {
    guard let cluster = store.footer.clusterColumn, filter.members != nil,
      chunk.encoding == .derived, store.footer.columns[filter.column].parent == cluster,
      store.clusters(of: morsel) != nil, try !hasExceptions(chunk, morsel)
    else { return false }
    let map = try store.derivedMap(ofColumn: filter.column, scratch)
    return isRuledOut(filter.overParent(cluster, map), morsel)
  }

  /// Whether some row of a derived block is not what the map says.
  private func hasExceptions(
    _ chunk: StoreFooter.Chunk, _ morsel: Morsel
  ) throws(StoreError) -> Bool {
    var reader = try codeReader(chunk, morsel, scratch)
    return try reader.count(atMost: morsel.rowCount) > 0
  }

  /// Rows of a derived column: those of its parent, but for the exceptions.
  private func chosen(
    by filter: CodeFilter, _ chunk: StoreFooter.Chunk, of parent: Int, _ morsel: Morsel
  ) throws(StoreError) -> RowChoice {
    var reader = try codeReader(chunk, morsel, scratch)
    let exceptions = try DerivedBlock.exceptions(
      &reader, UInt32.self, count: morsel.rowCount, scratch: scratch)
    let map = try store.derivedMap(ofColumn: filter.column, scratch)
    let expected = try chosen(by: filter.overParent(parent, map), morsel)
    if exceptions.count == 0 { return expected }
    for index in 0..<exceptions.count where Int(exceptions.words[index]) >= filter.codeCount {
      throw StoreError("a code points outside its dictionary")
    }
    return patch(expected, exceptions, filter, morsel.rowCount)
  }

  /// `expected`, with each exception taken out or put in as its own code says.
  private func patch(
    _ expected: RowChoice, _ exceptions: Exceptions<UInt32>, _ filter: CodeFilter, _ count: Int
  ) -> RowChoice {
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    var next = 0
    func putException() {
      if filter.flags[Int(exceptions.words[next])] != 0 {
        output[found] = exceptions.rows[next]
        found += 1
      }
      next += 1
    }
    func put(_ row: UInt32) {
      while next < exceptions.count && exceptions.rows[next] < row { putException() }
      if next < exceptions.count && exceptions.rows[next] == row { return putException() }
      output[found] = row
      found += 1
    }
    switch expected {
    case .nothing: break
    case .all: for row in 0..<count { put(UInt32(truncatingIfNeeded: row)) }
    case .rows(let rows): for index in 0..<rows.count { put(rows.rows[index]) }
    }
    while next < exceptions.count { putException() }
    return .of(buffer, count: found, total: count)
  }

  private func choose(_ filter: CodeFilter, _ codes: NarrowNumbers) -> RowChoice {
    let buffer = Buffer(UInt32.self, count: codes.count + runSlack)
    let output = buffer.pointer(UInt32.self)
    let found: Int
    if let members = filter.members, members.count == 1 {
      found = codes.choose(code: members[0], into: output)
    } else {
      found = codes.choose(filter.flags, filter.codeCount, into: output)
    }
    return .of(buffer, count: found, total: codes.count)
  }

  private func choose(_ filter: CodeFilter, _ codes: DecodedCodes, _ count: Int) -> RowChoice {
    let buffer = Buffer(UInt32.self, count: count + runSlack)
    let output = buffer.pointer(UInt32.self)
    let found: Int
    switch codes {
    case .rows(let codes):
      found = ecq_choose_codes(
        codes.pointer(UInt32.self), count, 4, filter.flags, filter.codeCount, output)
    case .runs(let runs):
      if let members = filter.members, members.count == 1 {
        found = runs.choose(code: members[0], into: output)
      } else {
        found = ecq_choose_runs(runs.codes, runs.ends, runs.count, filter.flags, output)
      }
    }
    return .of(buffer, count: found, total: count)
  }
}

extension IntegerStream {
  static func isRepeats(_ reader: ByteReader) throws(StoreError) -> Bool {
    var reader = reader
    guard reader.remaining > 0 else { return false }
    return try reader.byte() == IntegerEncoding.repeats.rawValue
  }
}
