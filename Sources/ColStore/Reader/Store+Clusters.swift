extension Store {
  public var clusterColumn: Int? { footer.clusterColumn }

  public func distinctCount(ofColumn column: Int) -> Int? {
    footer.columns[column].dictionary.map { $0.entryCount - 1 }
  }

  /// Codes that are no greater than the greatest of the row groups before may have occurred there;
  /// they stand at the beginning of their row group, where codes ascend. A code that is new in its
  /// row group occurs in another only if it is one of those there.
  public func codesOfSeveralRowGroups() throws(StoreError) -> CodeSet? {
    try severalGroups.get { () throws(StoreError) in try findCodesOfSeveralRowGroups() }
  }

  private func findCodesOfSeveralRowGroups() throws(StoreError) -> CodeSet? {
    guard let column = footer.clusterColumn, let dictionary = footer.columns[column].dictionary
    else { return nil }
    let codes = CodeSet(limit: dictionary.entryCount)
    let reader = StoreReader(self)
    var greatest: UInt32?
    for (number, group) in footer.rowGroups.enumerated() {
      let blocks = (group.rowCount + footer.blockRows - 1) / footer.blockRows
      func morsel(_ block: Int) -> Morsel {
        Morsel(
          rowGroup: number, block: block,
          rowCount: min(footer.blockRows, group.rowCount - block * footer.blockRows))
      }
      if let known = greatest {
        var block = 0
        while block < blocks,
          try reader.forEachCode(
            column, morsel(block),
            { code in
              if code > known { return false }
              codes.insert(code)
              return true
            })
        {
          block += 1
        }
        // A row group that is not of new codes but for some makes grouping by runs pointless.
        if block > blocks / 4 + 1 { return nil }
      }
      var last: UInt32 = 0
      _ = try reader.forEachCode(column, morsel(blocks - 1)) { code in
        last = code
        return true
      }
      greatest = max(greatest ?? 0, last)
    }
    return codes
  }
}

extension StoreReader {
  /// Calls `body` with the code of each run of rows, until it returns false.
  fileprivate func forEachCode(
    _ column: Int, _ morsel: Morsel, _ body: (UInt32) -> Bool
  ) throws(StoreError) -> Bool {
    switch try codes(ofColumn: column, morsel) {
    case .runs(let runs):
      for run in 0..<runs.count where !body(runs.codes[run]) { return false }
    case .rows(let codes):
      for row in 0..<morsel.rowCount where !body(codes.pointer(UInt32.self)[row]) { return false }
    }
    return true
  }
}
