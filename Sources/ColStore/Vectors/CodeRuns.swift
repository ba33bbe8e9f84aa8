import CKernels
import Synchronization

/// The rows of a coded column as runs of one code each. The codes of single rows are written down
/// when somebody asks for them.
public final class CodeRuns: @unchecked Sendable {
  /// The code of each run; neighbours may be equal.
  public let codes: UnsafePointer<UInt32>
  /// For each run, one past its last row, ascending.
  public let ends: UnsafePointer<UInt32>
  public let count: Int
  private let owners: [AnyObject]
  private let rowCodes = Mutex<Buffer?>(nil)
  /// Finds the run of a row; made when it is first of use.
  private let index = Mutex<Buffer?>(nil)

  /// `count` runs, at least one, over memory that `owners` keep alive.
  public init(
    codes: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>, count: Int, owners: [AnyObject]
  ) {
    precondition(count > 0, "rows make at least one run")
    self.codes = codes
    self.ends = ends
    self.count = count
    self.owners = owners
  }

  public var rowCount: Int { Int(ends[count - 1]) }

  /// A code a row, for as long as the runs live.
  var expanded: UnsafePointer<UInt32> {
    rowCodes.withLock { known in
      if let known { return UnsafePointer(known.pointer(UInt32.self)) }
      let output = Buffer(UInt32.self, count: rowCount + runSlack)
      ecq_expand_ends_u32(codes, ends, count, output.pointer(UInt32.self))
      known = output
      return UnsafePointer(output.pointer(UInt32.self))
    }
  }

  /// The same runs, with memory of their own for the codes of single rows.
  func again() -> CodeRuns { CodeRuns(codes: codes, ends: ends, count: count, owners: [self]) }

  /// Of fewer rows, looking for their runs costs less than an index.
  private static let indexedRowsMin = 64

  var isExpanded: Bool { rowCodes.withLock { $0 != nil } }

  /// Writes the codes of some rows, counted from row `first`.
  func pick(
    _ rows: UnsafePointer<UInt32>, _ rowCount: Int, from first: UInt32 = 0,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    guard rowCount >= Self.indexedRowsMin else {
      var (run, before) = (0, UInt32(0))
      for place in 0..<rowCount {
        let row = first &+ rows[place]
        run = self.run(of: row, from: row < before ? 0 : run)
        before = row
        output[place] = codes[run]
      }
      return
    }
    if first > 0 {
      let shifted = Buffer(UInt32.self, count: rowCount)
      for place in 0..<rowCount { shifted.pointer(UInt32.self)[place] = first &+ rows[place] }
      pick(shifted.pointer(), rowCount, into: output)
      return withExtendedLifetime(shifted) {}
    }
    let known = index.withLock { known in
      if let known { return known }
      let fresh = Buffer(UInt32.self, count: self.rowCount / Int(ECQ_INDEX_STRETCH) + 1)
      ecq_index_runs(ends, count, fresh.pointer(UInt32.self))
      known = fresh
      return fresh
    }
    ecq_pick_runs(codes, ends, count, known.pointer(UInt32.self), rows, rowCount, output)
    withExtendedLifetime(known) {}
  }

  /// Writes the codes of consecutive rows.
  func write(_ rows: Range<Int>, into output: UnsafeMutablePointer<UInt32>) {
    guard !rows.isEmpty else { return }
    var run = self.run(of: UInt32(rows.lowerBound), from: 0)
    var place = 0
    while place < rows.count {
      let end = min(Int(ends[run]) - rows.lowerBound, rows.count)
      (output + place).update(repeating: codes[run], count: end - place)
      place = end
      run += 1
    }
  }

  /// The run of a row, which is `first` or a later one: steps double until they are too long.
  private func run(of row: UInt32, from first: Int) -> Int {
    if ends[first] > row { return first }
    var low = first + 1
    var step = 1
    while low + step < count && ends[low + step - 1] <= row {
      low += step
      step *= 2
    }
    var high = min(low + step - 1, count - 1)
    while low < high {
      let middle = (low + high) >> 1
      if ends[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Writes the rows with that code; returns how many there are.
  func choose(code: UInt32, into rows: UnsafeMutablePointer<UInt32>) -> Int {
    let chosen = Buffer(UInt32.self, count: count + runSlack)
    let numbers = chosen.pointer(UInt32.self)
    let chosenCount = ecq_choose_equal(codes, count, 4, code, numbers)
    var found = 0
    for index in 0..<chosenCount {
      let run = Int(numbers[index])
      for row in (run == 0 ? 0 : ends[run - 1])..<ends[run] {
        rows[found] = row
        found += 1
      }
    }
    return withExtendedLifetime(chosen) { found }
  }

  /// The same runs with other codes.
  func recoded(_ codes: Buffer) -> CodeRuns {
    CodeRuns(
      codes: UnsafePointer(codes.pointer(UInt32.self)), ends: ends, count: count,
      owners: [codes, self])
  }
}

/// The runs of some consecutive rows.
public struct RunWindow {
  public let runs: CodeRuns
  /// The first of the rows, by its number among the runs.
  public let start: Int
  public let rowCount: Int
  /// The runs that the rows touch; the first and the last may reach beyond them.
  public let indices: Range<Int>

  init(_ runs: CodeRuns, start: Int, rowCount: Int) {
    self.runs = runs
    self.start = start
    self.rowCount = rowCount
    guard rowCount > 0 else {
      indices = 0..<0
      return
    }
    if start == 0 && rowCount == runs.rowCount {
      indices = 0..<runs.count
      return
    }
    let first = RunWindow.run(of: start, runs, from: 0)
    indices = first..<RunWindow.run(of: start + rowCount - 1, runs, from: first) + 1
  }

  private static func run(of row: Int, _ runs: CodeRuns, from first: Int) -> Int {
    var (low, high) = (first, runs.count)
    while low < high {
      let middle = (low + high) >> 1
      if Int(runs.ends[middle]) <= row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// One past the last row of a run, counted from the window's first row.
  @inline(__always)
  public func end(_ run: Int) -> Int { min(Int(runs.ends[run]) &- start, rowCount) }
}
