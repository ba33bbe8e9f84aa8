import CKernels
import ColStore

/// Numbers the distinct ones of many words, in order of first appearance.
///
/// Rows are parted by the hash of their word, so that the words of a part are told apart in a cache (radix
/// partitioning; Manegold, Boncz, Kersten 2000), by one worker a part. A bit is set for the first row
/// of each word, and the bits before it are its number.
final class PartedWordTable: Sendable {
  /// Rows of tables that no cache holds.
  static let rowsMin = 1 << 19
  private static let rowsOfPart = 1 << 15
  private static let partsMax = 1 << 11
  /// Rows whose slots are asked for at once.
  private static let rowsAhead = 128

  let count: Int
  /// The words by number.
  private let words: Buffer
  /// Open addressing within a part: number + 1, 0 where free.
  private let slots: Buffer
  /// By part, where its slots begin; the last one's end behind them.
  private let starts: Buffer
  private let shift: UInt64

  /// Writes the number of each row to `numbers`, ``KeyTables/absent`` for NULL.
  init(_ keys: Vector, threads: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    let keys = keys.flat()
    var partCount = 2
    while partCount < min(keys.count / Self.rowsOfPart, Self.partsMax) { partCount *= 2 }
    shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let places = UncheckedPlaces(numbers)

    let rows = Unshared(
      (0..<max(threads, 1)).map { _ in
        PartedWords(
          partCount: partCount, keepsRows: true, expected: keys.count / max(threads, 1))
      })
    inParallel(rows.all.count) { worker in
      let first = keys.count * worker / rows.all.count
      let end = keys.count * (worker + 1) / rows.all.count
      Self.part(keys, first..<end, into: rows[worker], places.pointer)
    }

    let parts = Unshared((0..<partCount).map { _ in Part() })
    let isFirst = Buffer(UInt8.self, count: keys.count)
    isFirst.zero()
    let partsToNumber = WorkCounter(count: partCount)
    inParallel(rows.all.count) { _ in
      while let part = partsToNumber.next() {
        parts[part].number(part, of: rows.all, marking: isFirst.pointer())
      }
    }
    let ranks = RowRanks(marks: isFirst.pointer(), count: keys.count)
    count = ranks.count

    words = Buffer(UInt64.self, count: count)
    starts = Buffer(Int.self, count: partCount + 1)
    var slotCount = 0
    for part in 0..<partCount {
      starts.pointer(Int.self)[part] = slotCount
      slotCount += Part.slotCount(of: parts[part].count)
    }
    starts.pointer(Int.self)[partCount] = slotCount
    slots = Buffer(UInt32.self, count: slotCount)
    slots.useHugePages()
    let (words, slots, starts) = (words, slots, starts)
    let partsToWrite = WorkCounter(count: partCount)
    inParallel(rows.all.count) { _ in
      while let part = partsToWrite.next() {
        parts[part].write(
          part, of: rows.all, ranks, words: words.pointer(),
          slots: slots.pointer(UInt32.self) + starts.pointer(Int.self)[part], places.pointer)
      }
    }
    withExtendedLifetime(keys) {}
  }

  private static func part(
    _ keys: Vector, _ rows: Range<Int>, into parted: PartedWords,
    _ numbers: UnsafeMutablePointer<UInt32>
  ) {
    let values = keys.pointer(UInt64.self)
    var row = rows.lowerBound
    while row < rows.upperBound {
      var end = rows.upperBound
      if let valid = keys.validity {
        end = row
        while end < rows.upperBound && valid[end] != 0 { end += 1 }
      }
      parted.append(values + row, count: end - row, first: row)
      row = end
      while row < rows.upperBound && keys.isNull(row) {
        numbers[row] = KeyTables.absent
        row += 1
      }
    }
    parted.flush()
  }

  /// Writes the number of each row, ``KeyTables/absent`` for what has none.
  func find(_ keys: Vector, into numbers: UnsafeMutablePointer<UInt32>) {
    let flat = keys.flat()
    let keys = flat.pointer(UInt64.self)
    let words = words.pointer(UInt64.self)
    let (starts, slots) = (starts.pointer(Int.self), slots.pointer(UInt32.self))
    withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.rowsAhead) { ahead in
      for first in stride(from: 0, to: flat.count, by: Self.rowsAhead) {
        let count = min(Self.rowsAhead, flat.count - first)
        for row in 0..<count {
          let hash = PackedKeyHash.hash(keys[first &+ row])
          let part = Int(truncatingIfNeeded: hash &>> shift)
          let slot = starts[part] &+ Part.slot(hash, of: starts[part &+ 1] &- starts[part])
          ahead[row] = slot
          ecq_prefetch(slots + slot)
        }
        for row in 0..<count {
          let found = slots[ahead[row]]
          if found != 0 { ecq_prefetch(words + (Int(found) &- 1)) }
        }
        for row in 0..<count {
          let key = keys[first &+ row]
          var slot = ahead[row]
          var found = slots[slot]
          if found != 0 && words[Int(found) &- 1] != key {
            let part = Int(truncatingIfNeeded: PackedKeyHash.hash(key) &>> shift)
            repeat {
              slot += 1
              if slot == starts[part &+ 1] { slot = starts[part] }
              found = slots[slot]
            } while found != 0 && words[Int(found) &- 1] != key
          }
          numbers[first &+ row] = found == 0 ? KeyTables.absent : found &- 1
        }
      }
    }
    if let valid = flat.validity {
      for row in 0..<flat.count where valid[row] == 0 { numbers[row] = KeyTables.absent }
    }
    withExtendedLifetime(flat) {}
  }

  /// The words of one part.
  private final class Part {
    private(set) var count = 0
    /// By number within the part: the word, and its first row.
    private var words = Buffer(byteCount: 0)
    private var firstRows = Buffer(byteCount: 0)
    /// By row of the part, worker by worker.
    private var numbers = Buffer(byteCount: 0)

    /// Slots for so many words: a third of them stays free, and one at least.
    static func slotCount(of words: Int) -> Int { words + words / 2 + 1 }

    @inline(__always)
    static func slot(_ hash: UInt64, of count: Int) -> Int {
      Int(truncatingIfNeeded: ((hash & 0xFFFF_FFFF) &* UInt64(count)) >> 32)
    }

    /// Numbers the part's words, and marks the first row of each.
    func number(
      _ part: Int, of workers: [PartedWords], marking isFirst: UnsafeMutablePointer<UInt8>
    ) {
      let rowCount = workers.reduce(0) { $0 + $1.keys(of: part).count }
      let slotCount = Self.slotCount(of: rowCount)
      let table = Buffer(zeroed: UInt32.self, count: slotCount)
      let slots = table.pointer(UInt32.self)
      words = Buffer(UInt64.self, count: rowCount)
      firstRows = Buffer(UInt32.self, count: rowCount)
      numbers = Buffer(UInt32.self, count: rowCount)
      let (word, firstRow) = (words.pointer(UInt64.self), firstRows.pointer(UInt32.self))
      var output = numbers.pointer(UInt32.self)
      for worker in workers {
        let (keys, rows) = (worker.keys(of: part), worker.rows(of: part))
        for index in keys.indices {
          let key = keys[index]
          var slot = Self.slot(PackedKeyHash.hash(key), of: slotCount)
          while slots[slot] != 0 && word[Int(slots[slot]) &- 1] != key {
            slot = slot &+ 1 == slotCount ? 0 : slot &+ 1
          }
          if slots[slot] == 0 {
            word[count] = key
            firstRow[count] = rows[index]
            isFirst[Int(rows[index])] = 1
            count += 1
            slots[slot] = UInt32(truncatingIfNeeded: count)
          }
          output[index] = slots[slot] &- 1
        }
        output += keys.count
      }
    }

    /// Writes the words by their numbers among all, the slots, and the numbers of the rows.
    func write(
      _ part: Int, of workers: [PartedWords], _ ranks: RowRanks,
      words allWords: UnsafeMutablePointer<UInt64>, slots: UnsafeMutablePointer<UInt32>,
      _ output: UnsafeMutablePointer<UInt32>
    ) {
      let (word, firstRow) = (words.pointer(UInt64.self), firstRows.pointer(UInt32.self))
      let slotCount = Self.slotCount(of: count)
      slots.update(repeating: 0, count: slotCount)
      for index in 0..<count {
        let number = ranks.rank(of: Int(firstRow[index]))
        firstRow[index] = number
        allWords[Int(number)] = word[index]
        var slot = Self.slot(PackedKeyHash.hash(word[index]), of: slotCount)
        while slots[slot] != 0 { slot = slot &+ 1 == slotCount ? 0 : slot &+ 1 }
        slots[slot] = number &+ 1
      }
      var own = numbers.pointer(UInt32.self)
      for worker in workers {
        let rows = worker.rows(of: part)
        for index in rows.indices { output[Int(rows[index])] = firstRow[Int(own[index])] }
        own += rows.count
      }
      (words, firstRows, numbers) = (
        Buffer(byteCount: 0), Buffer(byteCount: 0), Buffer(byteCount: 0)
      )
    }
  }
}

/// Memory of which each place is written by one thread.
private struct UncheckedPlaces: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<UInt32>

  init(_ pointer: UnsafeMutablePointer<UInt32>) { self.pointer = pointer }
}
