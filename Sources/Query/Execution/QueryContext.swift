import ColStore
import Glibc
import Synchronization

/// What all operators of one running statement share.
package final class QueryContext: Sendable {
  package let options: QueryOptions
  let memo: DictionaryMemo
  let cancellation: Cancellation
  /// Who does what; nil where nobody asks.
  let profile: PlanProfile?
  /// When the statement is stopped, in seconds of the clock that only goes on.
  private let deadline: Double?
  /// Rows of tables: those that the plan scans, and those that have been looked at.
  private let rowsToScan = Atomic<Int>(0)
  private let rowsScanned = Atomic<Int>(0)

  init(
    options: QueryOptions, cancellation: Cancellation = Cancellation(),
    profile: PlanProfile? = nil
  ) {
    self.options = options
    self.cancellation = cancellation
    memo = DictionaryMemo(entriesMax: options.memoryLimit.map { $0 / 256 } ?? .max)
    self.profile = profile ?? options.memoryLimit.map { _ in PlanProfile(isTimed: false) }
    deadline = options.timeout.map { QueryContext.now() + $0 }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Called once a plan, before it runs.
  func willScan(_ plan: LogicalPlan) {
    if options.onProgress != nil {
      rowsToScan.add(plan.scannedRows, ordering: .relaxed)
    }
  }

  /// Called after each task of a source.
  func didScan(rows: Int) {
    guard let onProgress = options.onProgress, rows > 0 else { return }
    let scanned = rowsScanned.add(rows, ordering: .relaxed).newValue
    // A source that runs again, as in a recursion, scans more than was told beforehand.
    onProgress(scanned, max(scanned, rowsToScan.load(ordering: .relaxed)))
  }

  /// Called before and after each task: ends the statement where it was interrupted, where its time
  /// is over, or where the process holds more private memory than it may.
  package func check() throws(QueryError) {
    try cancellation.check()
    if options.isCancelled?() ?? false { throw Cancellation.error }
    if let deadline, let seconds = options.timeout, QueryContext.now() > deadline {
      throw QueryError(.timeout, "the statement took longer than \(seconds) s")
    }
    guard let limit = options.memoryLimit else { return }
    guard privateMemoryBytes() > limit else { return }
    // What was freed a moment ago may still count.
    returnFreedMemory()
    let held = privateMemoryBytes()
    guard held > limit else { return }
    let holders = profile?.holders ?? ""
    throw QueryError(
      .memory, "\(held >> 10) KiB of memory are in use, and the limit is \(limit >> 10) KiB",
      hint: holders.isEmpty ? "raise the limit, or use fewer threads" : "held by \(holders)")
  }
}

extension LogicalPlan {
  /// The rows of all tables that the plan reads.
  fileprivate var scannedRows: Int {
    if case .scan(let table, _, _) = self { return table.source.rowCount }
    return inputs.reduce(0) { $0 + $1.scannedRows }
  }
}

/// A flag that another thread raises to stop a statement; looked at once a morsel.
public final class Cancellation: Sendable {
  private let raised = Atomic<Bool>(false)

  public init() {}

  public func cancel() { raised.store(true, ordering: .relaxed) }

  public var isCancelled: Bool { raised.load(ordering: .relaxed) }

  func check() throws(QueryError) {
    if isCancelled { throw Cancellation.error }
  }

  static var error: QueryError { QueryError(.cancelled, "the statement was interrupted") }
}

/// Results of expressions over whole dictionaries, computed once a statement.
///
/// A dictionary much larger than the rows that are looked at is not worth evaluating: an expression
/// is first asked as many times as the dictionary has entries.
final class DictionaryMemo: Sendable {
  private struct Key: Hashable {
    let expression: ObjectIdentifier
    let dictionary: ObjectIdentifier
  }

  private struct Entry {
    /// Both are kept so that their identities are not reused.
    let expression: CompiledExpression
    let dictionary: Vector
    var result: Vector?
    var failed = false
    var rowsAsked = 0
  }

  private let entries = Mutex<[Key: Entry]>([:])
  /// Larger dictionaries are not worth their memory.
  private let entriesMax: Int

  init(entriesMax: Int = .max) { self.entriesMax = entriesMax }

  /// The result for `dictionary`, or nil where rows are to be evaluated on their own.
  func result(
    of expression: CompiledExpression, over dictionary: Vector, rows: Int,
    compute: () throws(QueryError) -> Vector
  ) -> Vector? {
    guard dictionary.count <= entriesMax else { return nil }
    let key = Key(
      expression: ObjectIdentifier(expression), dictionary: ObjectIdentifier(dictionary))
    // Evaluated under the lock: other workers need the same result and would compute it again.
    return entries.withLock { entries in
      var entry = entries[key] ?? Entry(expression: expression, dictionary: dictionary)
      if let result = entry.result { return result }
      if entry.failed { return nil }
      entry.rowsAsked += rows
      if entry.rowsAsked * 4 >= dictionary.count {
        do throws(QueryError) { entry.result = try compute().flat() } catch {
          // An entry that no row uses may fail; rows are then evaluated alone.
          entry.failed = true
        }
      }
      entries[key] = entry
      return entry.result
    }
  }
}
