import CKernels
import ColStore

/// count(DISTINCT x) of a column coded by one dictionary: a bit a code for each group.
final class CodeSetAccumulator: RepetitionBlindAccumulator {
  /// The most bits that all groups of one worker may take: 256 MB.
  static let bitsMax = 1 << 31

  private let dictionary: Vector
  private let wordsPerGroup: Int
  private let bits = StateArray<UInt64>()
  private let index: DictionaryIndex

  init(_ dictionary: Vector) {
    self.dictionary = dictionary
    wordsPerGroup = (dictionary.count + 63) / 64
    index = DictionaryIndex(dictionary)
  }

  func resize(to count: Int) { bits.resize(to: count * wordsPerGroup) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    if arguments[0].dictionary === dictionary, let window = arguments[0].runs {
      return update(groups: groups, window, count: count)
    }
    let words = bits.states
    let stride = wordsPerGroup
    forEachChange(arguments[0], groups, count) { row, code in
      words[Int(groups[row]) &* stride &+ code >> 6] |= 1 << UInt64(code & 63)
    }
  }

  /// The first row, and those of another code or group than the row before, with their codes.
  @inline(__always)
  private func forEachChange(
    _ vector: Vector, _ groups: UnsafePointer<UInt32>?, _ count: Int, _ body: (Int, Int) -> Void
  ) {
    guard count > 0 else { return }
    withCodes(vector, count) { codes in
      let changes = Buffer(UInt32.self, count: count)
      let rows = changes.pointer(UInt32.self)
      let found = ecq_choose_changes(groups ?? codes, codes, count, rows)
      body(0, Int(codes[0]))
      for index in 0..<found {
        let row = Int(rows[index])
        body(row, Int(codes[row]))
      }
      withExtendedLifetime(changes) {}
    }
  }

  /// Of the rows of a run those are enough that start it, or are of another group than the row before.
  private func update(groups: UnsafePointer<UInt32>, _ window: RunWindow, count: Int) {
    let words = bits.states
    let stride = wordsPerGroup
    let changes = Buffer(UInt32.self, count: count + 1)
    let change = changes.pointer(UInt32.self)
    change[ecq_choose_changes(groups, groups, count, change)] = .max
    var next = 0
    var row = 0
    for run in window.indices {
      let code = Int(window.runs.codes[run])
      let end = window.end(run)
      let word = words + code >> 6
      let bit: UInt64 = 1 << UInt64(code & 63)
      word[Int(groups[row]) &* stride] |= bit
      while change[next] < end {
        word[Int(groups[Int(change[next])]) &* stride] |= bit
        next += 1
      }
      row = end
    }
    withExtendedLifetime(changes) {}
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    if arguments[0].dictionary === dictionary, let window = arguments[0].runs {
      let words = bits.states
      for run in window.indices {
        let code = Int(window.runs.codes[run])
        words[code >> 6] |= 1 << UInt64(code & 63)
      }
      return
    }
    let words = bits.states
    forEachChange(arguments[0], nil, count) { _, code in
      words[code >> 6] |= 1 << UInt64(code & 63)
    }
  }

  private func withCodes(
    _ vector: Vector, _ count: Int, _ body: (UnsafePointer<UInt32>) -> Void
  ) {
    if vector.dictionary === dictionary, let codes = vector.codes {
      body(codes)
      return
    }
    let found = index.codes(of: vector, count: count)
    body(UnsafePointer(found.pointer(UInt32.self)))
    withExtendedLifetime(found) {}
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? CodeSetAccumulator else { return }
    for group in 0..<count {
      let from = other.bits.states + group * wordsPerGroup
      let to = bits.states + Int(mapping[group]) * wordsPerGroup
      var word = 0
      while word < wordsPerGroup {
        to[word] |= from[word]
        word += 1
      }
    }
  }

  func finish(count: Int) -> Vector {
    // Codes of NULL entries do not count.
    var nullCodes: [Int] = []
    if dictionary.mayHaveNulls {
      nullCodes = (0..<dictionary.count).filter { dictionary.isNull($0) }
    }
    let output = FlatBuilder<Int64>(count: count)
    for group in 0..<count {
      let words = bits.states + group * wordsPerGroup
      var found = 0
      var word = 0
      while word < wordsPerGroup {
        found &+= words[word].nonzeroBitCount
        word += 1
      }
      for code in nullCodes where words[code >> 6] >> UInt64(code & 63) & 1 == 1 { found -= 1 }
      output[group] = Int64(found)
    }
    return output.finish(.bigint)
  }
}
