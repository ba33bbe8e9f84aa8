import CKernels

/// Words by number.
protocol WordTable {
  func word(_ index: Int) -> Int64
  /// All words in one piece, where they lie so.
  var flat: UnsafePointer<Int64>? { get }
}

extension StableArray: WordTable where Element == Int64 {
  var flat: UnsafePointer<Int64>? { nil }
  func word(_ index: Int) -> Int64 { self[index] }
}

extension UnsafePointer: WordTable where Pointee == Int64 {
  var flat: UnsafePointer<Int64>? { self }
  func word(_ index: Int) -> Int64 { self[index] }
}

/// What is said of a block, found while it is encoded.
extension BlockStatistics {
  /// The statistics of words: NULLs counted, the range without NULL and NaN, the sum where it fits.
  init(
    words: UnsafePointer<UInt64>, rows: Range<Int>, validity: UnsafePointer<UInt8>?, type: DataType
  ) {
    if type == .double {
      self.init(doubles: words, rows: rows, validity: validity)
      return
    }
    var nulls = 0
    var least = Int64.max
    var greatest = Int64.min
    var total = Int64(0)
    var isTooLarge = false
    for row in rows {
      if let validity, validity[row] == 0 {
        nulls += 1
        continue
      }
      let word = Int64(bitPattern: words[row])
      least = min(least, word)
      greatest = max(greatest, word)
      let (next, overflow) = total.addingReportingOverflow(word)
      total = next
      isTooLarge = isTooLarge || overflow
    }
    self.init(nullCount: nulls)
    if nulls < rows.count { range = .init(least: least, greatest: greatest) }
    if type.isNumeric && !isTooLarge { sum = total }
  }

  private init(
    doubles words: UnsafePointer<UInt64>, rows: Range<Int>, validity: UnsafePointer<UInt8>?
  ) {
    self.init()
    var least = Double.infinity
    var greatest = -Double.infinity
    var hasNumbers = false
    for row in rows {
      if let validity, validity[row] == 0 {
        nullCount += 1
        continue
      }
      let value = Double(bitPattern: words[row])
      if value.isNaN { continue }
      hasNumbers = true
      least = min(least, value)
      greatest = max(greatest, value)
    }
    guard hasNumbers else { return }
    range = .init(
      least: Int64(bitPattern: least.bitPattern), greatest: Int64(bitPattern: greatest.bitPattern))
  }

  /// The statistics of codes: of the values that they stand for where those are words, else of the
  /// codes themselves.
  ///
  /// - Parameter words: the words that codes stand for; nil where values are no words.
  init<Words: WordTable>(
    codes: UnsafePointer<UInt32>, count: Int, words: Words?, type: DataType
  ) {
    self.init()
    var nulls = 0
    var least = UInt32.max
    var greatest = UInt32(0)
    for row in 0..<count {
      let code = codes[row]
      nulls &+= code == 0 ? 1 : 0
      // NULL's code wraps to the greatest, and so is never the least.
      least = min(least, code &- 1)
      greatest = max(greatest, code)
    }
    nullCount = nulls
    guard greatest > 0 else { return }
    range = .init(least: Int64(least) + 1, greatest: Int64(greatest))
    guard let words else { return }
    let values: ClosedWords
    let total: Int64
    if nulls == 0, let flat = words.flat {
      let found = ecq_summarize_gathered_i64(flat, codes, count)
      values = ClosedWords(least: found.least, greatest: found.greatest)
      total = Int64(bitPattern: found.sum)
    } else {
      var (least, greatest, sum) = (Int64.max, Int64.min, Int64(0))
      var last: (code: UInt32, word: Int64) = (0, 0)
      for row in 0..<count where codes[row] != 0 {
        if codes[row] != last.code {
          last = (codes[row], words.word(Int(codes[row])))
          least = min(least, last.word)
          greatest = max(greatest, last.word)
        }
        sum &+= last.word
      }
      values = ClosedWords(least: least, greatest: greatest)
      total = sum
    }
    range = values
    // What so many words can add up to fits, or the sum is not said.
    let most = max(values.least.magnitude, values.greatest.magnitude)
    if type.isNumeric, !most.multipliedReportingOverflow(by: UInt64(count) * 2).overflow {
      sum = total
    }
  }
}

extension Vector {
  /// The statistics of a block that was read.
  var statistics: BlockStatistics {
    if let codes, let dictionary {
      let words = dictionary.pointer(Int64.self)
      return BlockStatistics(
        codes: codes, count: count, words: type.isStoredAsWords ? words : nil, type: type)
    }
    guard type.isStoredAsWords else {
      return BlockStatistics(nullCount: (0..<count).reduce(0) { $0 + (isNull($1) ? 1 : 0) })
    }
    let words = Buffer(UInt64.self, count: count)
    let output = words.pointer(UInt64.self)
    for row in 0..<count { output[row] = UInt64(bitPattern: word(at: row)) }
    return BlockStatistics(words: output, rows: 0..<count, validity: validity, type: type)
  }
}
