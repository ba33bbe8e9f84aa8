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
  /// Rows of tables: those that the plan scans, and those that have been looked at.
  private let rowsToScan = Atomic<Int>(0)
  private let rowsScanned = Atomic<Int>(0)

  init(
    options: QueryOptions, cancellation: Cancellation? = nil,
    profile: PlanProfile? = nil
  ) {
    self.options = options
    self.cancellation = cancellation ?? Cancellation(options)
    memo = DictionaryMemo(entriesMax: options.memoryLimit.map { $0 / 256 } ?? .max)
    self.profile = profile ?? options.memoryLimit.map { _ in PlanProfile(isTimed: false) }
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
    let total = rowsToScan.load(ordering: .relaxed)
    // What runs again, as a recursion does, scans more than was told beforehand.
    if scanned <= total { onProgress(scanned, total) }
  }

  /// Called before and after each task: ends the statement where it was interrupted, where its time
  /// is over, or where the process holds more private memory than it may.
  package func check() throws(QueryError) {
    try cancellation.check()
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

/// Stops a statement: a flag that another thread raises, somebody who is asked, or the time that the
/// statement may take. Looked at once a morsel, and once a batch where one morsel becomes many.
public final class Cancellation: Sendable {
  private let raised = Atomic<Bool>(false)
  private let isRequested: (@Sendable () -> Bool)?
  /// Seconds that the statement may take, and those that it has taken.
  private let timeout: (seconds: Double, taken: Stopwatch)?

  public init() {
    isRequested = nil
    timeout = nil
  }

  /// As the options say, the time beginning now.
  init(_ options: QueryOptions) {
    isRequested = options.isCancelled
    timeout = options.timeout.map { ($0, Stopwatch()) }
  }

  public func cancel() { raised.store(true, ordering: .relaxed) }

  public var isCancelled: Bool {
    raised.load(ordering: .relaxed) || isRequested.map { $0() } ?? false
  }

  func check() throws(QueryError) {
    if isCancelled { throw QueryError(.cancelled, "the statement was interrupted") }
    if let timeout, timeout.taken.seconds > timeout.seconds {
      throw QueryError(.timeout, "the statement took longer than \(timeout.seconds) s")
    }
  }
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
