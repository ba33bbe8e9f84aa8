import ColStore
import Glibc

/// Writes a synthetic clickstream of a shop, October and November 2019, in the shape of the public
/// REES46 files and calibrated to what is published about them.
///
/// The same rows and seed give the same bytes at any thread count. Memory does not grow with the
/// rows but for sessions in progress.
///
/// 1. The two months are cut into slices of about 65,536 rows (``SlicePlan``).
/// 2. Threads make slices: the sessions that begin in one, drawn from a random stream of its own.
/// 3. Events behind a slice's end are booked, in slice order, to the slice they fall into.
/// 4. A slice's own events and those booked to it are ordered, formatted and written in turn.
public struct ClickstreamGenerator: Sendable {
  /// The rows of the two real files.
  public static let fullRows = 109_950_743
  public static let defaultSeed: UInt64 = 42
  /// The files, in the order in which they are written.
  public static let fileNames = ["2019-Oct.csv", "2019-Nov.csv"]

  public let rows: Int
  public let seed: UInt64
  public let threads: Int

  /// Takes the rows of both files together, 0 or more.
  public init(
    rows: Int = fullRows, seed: UInt64 = defaultSeed, threads: Int = availableProcessors
  ) {
    precondition(rows >= 0, "the row count is not negative")
    precondition(threads >= 1, "there is at least one thread")
    self.rows = rows
    self.seed = seed
    self.threads = threads
  }

  /// The rows of the October file; the others are November's.
  public var octoberRows: Int { SlicePlan.rowsOfOctober(of: rows) }

  /// Makes `directory` and writes the two files; returns their bytes.
  ///
  /// `progress` is called with the number of rows written so far, from any thread, one at a time.
  /// Files take their names when both are complete; until then the old ones stay as they are.
  @discardableResult
  public func write(
    to directory: String, progress: @Sendable (_ rowsWritten: Int) -> Void = { _ in }
  ) throws -> Int {
    try OutputFile.makeDirectory(directory)
    var files = MonthFiles(
      october: try .create("\(directory)/\(Self.fileNames[0])"),
      november: try .create("\(directory)/\(Self.fileNames[1])"))
    try files.writeHeaders()
    let output = TurnTaking(files)
    let shop = Shop(rows: rows, seed: seed)
    let plan = SlicePlan(rows: rows, curve: shop.curve)
    let ledger = TurnTaking(SliceLedger(plan))
    let counter = WorkCounter(count: plan.slices.count)
    try runWorkers(min(threads, plan.slices.count)) { _ in
      do {
        var worker = SliceWorker(shop: shop, plan: plan, seed: seed)
        while let index = counter.next() {
          let slice = plan.slices[index]
          try worker.make(slice, ledger)
          try output.change { try worker.write(slice, to: &$0) }
          ledger.change { state in
            state.written = index + 1
            state.rowsWritten += worker.rowCount
            progress(state.rowsWritten)
          }
        }
      } catch {
        counter.cancel()
        ledger.change { $0.hasFailed = true }
        if !(error is Stopped) { throw error }
      }
    }
    return try output.change { try $0.complete() }
  }
}
