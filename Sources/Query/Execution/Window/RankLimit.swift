import ColStore

/// `row_number() <= k`, `rank() <= k` or `dense_rank() <= k` over few partitions: most rows are
/// dismissed before any is sorted.
///
/// 1. A pass over the partition and order keys alone keeps the k least ``OrderRanks`` of each partition.
/// 2. Rows of a greater rank than the last of these cannot be among the first k. The others go on to
///    the window, which numbers them as it would have. Of a table, only morsels that have such rows are
///    looked at again.
///
/// Of many partitions, whose ranks would not stay in the cache, the rows are better sorted part by part.
struct RankLimit: Sendable {
  /// The most rows of a partition that are worth finding this way.
  private static let limitMax = 64
  /// The most ranks that are kept.
  private static let ranksMax = 1 << 18

  private let partitions: [KeyDomain]
  private let partitionCount: Int
  private let ranks: OrderRanks
  private let limit: Int
  /// Whether equal ranks count once.
  private let isDense: Bool
  private let context: QueryContext

  /// Nil where the condition on a window's rows is another, or partitions may be many.
  init?(
    _ calls: [WindowCall], under predicate: Expression, over input: Pipeline,
    _ context: QueryContext
  ) {
    guard let call = calls.first, calls.count == 1, call.limitsRank, !call.orderBy.isEmpty,
      call.partitionBy.allSatisfy(\.isDeterministic),
      let limit = predicate.conjuncts.lazy.compactMap({ $0.limit(ofColumn: input.types.count) })
        .min(),
      1...RankLimit.limitMax ~= limit
    else { return nil }
    let groups = AggregateSink(
      input: input, keys: call.partitionBy.map { CompiledExpression($0) }, aggregates: [],
      context: context)
    guard let partitionCount = call.partitionBy.isEmpty ? 1 : groups.directGroupCount,
      partitionCount <= min(RankLimit.ranksMax, (input.rowLimit ?? .max) / 4) / limit,
      let ranks = OrderRanks(call.orderBy.map { CompiledSortKey($0) }, over: input, context)
    else { return nil }
    partitions = groups.domains.compactMap { $0 }
    self.partitionCount = partitionCount
    self.ranks = ranks
    self.limit = limit
    if case .denseRank = call.function { isDense = true } else { isDense = false }
    self.context = context
  }

  /// The rows of `input` that can be among the first, in their order.
  ///
  /// - Parameter isCheap: Whether the input may be run twice; else its rows are held.
  func pipeline(over input: Pipeline, isCheap: Bool) throws(QueryError) -> Pipeline {
    var input = isCheap ? input : try input.held(context)
    let least = try leastRanks(of: input)
    let filter = RankFilter(limit: self, bounds: least.bounds)
    if let scan = input.source as? ScanSource, let tasks = least.tasks {
      input = input.over(scan.scan(of: tasks.map { scan.morsels[$0] }))
    }
    return input.appending(filter, types: input.types, facts: input.facts)
  }

  private func leastRanks(of input: Pipeline) throws(QueryError) -> LeastRanks {
    let workers = input.workers(context)
    let kept = Unshared(
      (0..<workers).map { _ in LeastRanks(partitionCount, limit, isDense: isDense) })
    let evaluator = Evaluator(context)
    try input.run(context, workers: workers, sharing: .anyOrder) {
      worker, task, batch throws(QueryError) in
      kept[worker].add(
        try numbers(of: batch, evaluator), try ranks.ranks(of: batch, evaluator),
        count: batch.rowCount, task: task)
      return true
    }
    for other in kept.all.dropFirst() { kept[0].add(other) }
    return kept[0]
  }

  /// The partition of each row.
  fileprivate func numbers(of batch: Batch, _ evaluator: Evaluator) throws(QueryError) -> Buffer {
    let numbers = Buffer(UInt32.self, count: batch.rowCount)
    try partitions.assign(batch, into: numbers.pointer(UInt32.self), evaluator)
    return numbers
  }

  /// The rows whose rank is within the bound of their partition.
  fileprivate func selection(
    of batch: Batch, within bounds: Buffer, _ evaluator: Evaluator
  ) throws(QueryError) -> Selection {
    let numbers = try numbers(of: batch, evaluator)
    let ranks = try ranks.ranks(of: batch, evaluator)
    let partition = numbers.pointer(UInt32.self)
    let rank = ranks.pointer(Int64.self)
    let bound = bounds.pointer(Int64.self)
    let buffer = Buffer(UInt32.self, count: batch.rowCount)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    var row = 0
    while row < batch.rowCount {
      output[found] = UInt32(truncatingIfNeeded: row)
      found &+= rank[row] <= bound[Int(partition[row])] ? 1 : 0
      row += 1
    }
    withExtendedLifetime((numbers, ranks, bounds)) {}
    return found == batch.rowCount ? .all(found) : Selection(buffer, count: found)
  }
}

/// Passes on the rows that a limit leaves.
private struct RankFilter: StreamOperator {
  let limit: RankLimit
  let bounds: Buffer

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    let wanted = try limit.selection(of: batch, within: bounds, evaluator)
    if wanted.count == 0 { return true }
    return try emit(wanted.narrow(batch))
  }
}

/// The least ranks of each partition, ascending, among what has been added.
private final class LeastRanks {
  /// A row whose rank may be one of them.
  private struct Candidate {
    let partition: UInt32
    let task: UInt32
    let rank: Int64
  }

  /// The most candidates whose tasks are kept.
  private static let candidatesMax = 1 << 18

  private let limit: Int
  private let isDense: Bool
  private let partitionCount: Int
  private let kept: Buffer
  /// Nil once there were too many.
  private var candidates: [Candidate]? = []

  init(_ partitionCount: Int, _ limit: Int, isDense: Bool) {
    self.limit = limit
    self.isDense = isDense
    self.partitionCount = partitionCount
    kept = Buffer(Int64.self, count: partitionCount * limit)
    kept.pointer(Int64.self).update(repeating: .max, count: partitionCount * limit)
  }

  func add(_ numbers: Buffer, _ ranks: Buffer, count: Int, task: Int) {
    let partition = numbers.pointer(UInt32.self)
    let rank = ranks.pointer(Int64.self)
    let last = kept.pointer(Int64.self) + (limit - 1)
    if (candidates?.count ?? 0) > LeastRanks.candidatesMax { candidates = nil }
    var row = 0
    while row < count {
      let number = Int(partition[row])
      if rank[row] <= last[number * limit] {
        candidates?.append(
          Candidate(partition: partition[row], task: UInt32(task), rank: rank[row]))
        insert(rank[row], of: number)
      }
      row += 1
    }
    withExtendedLifetime((numbers, ranks)) {}
  }

  func add(_ other: LeastRanks) {
    let theirs = other.kept.pointer(Int64.self)
    for number in 0..<partitionCount {
      for place in number * limit..<(number + 1) * limit { insert(theirs[place], of: number) }
    }
    if let found = other.candidates {
      candidates?.append(contentsOf: found)
    } else {
      candidates = nil
    }
    withExtendedLifetime(other) {}
  }

  private func insert(_ rank: Int64, of number: Int) {
    let own = kept.pointer(Int64.self) + number * limit
    var place = limit - 1
    guard rank < own[place] else { return }
    if isDense {
      for known in 0..<limit where own[known] == rank { return }
    }
    while place > 0, own[place - 1] > rank {
      own[place] = own[place - 1]
      place -= 1
    }
    own[place] = rank
  }

  /// The greatest rank that is kept of each partition.
  var bounds: Buffer {
    let bounds = Buffer(Int64.self, count: partitionCount)
    let (bound, own) = (bounds.pointer(Int64.self), kept.pointer(Int64.self))
    for number in 0..<partitionCount { bound[number] = own[(number + 1) * limit - 1] }
    return withExtendedLifetime(kept) { bounds }
  }

  /// The tasks that have rows within the bounds, ascending; nil where that is not known.
  var tasks: [Int]? {
    guard let candidates else { return nil }
    let last = kept.pointer(Int64.self) + (limit - 1)
    let found = Set(
      candidates.lazy.filter { $0.rank <= last[Int($0.partition) * self.limit] }.map(\.task))
    return found.map { Int($0) }.sorted()
  }
}

extension WindowCall {
  /// Whether the results of the first rows of a partition do not depend on the others.
  fileprivate var limitsRank: Bool {
    switch function {
    case .rowNumber, .rank, .denseRank: true
    default: false
    }
  }
}

extension Expression {
  /// The most that the column, an integer, is where this holds; nil where it does not say.
  fileprivate func limit(ofColumn column: Int) -> Int? {
    guard case .call(let call) = self, call.arguments.count == 2,
      case .column(column, _) = call.arguments[0],
      case .literal(.int64(let value), let type) = call.arguments[1], type.isInteger
    else { return nil }
    switch call.overload.name {
    case "=", "<=": return Int(value)
    case "<": return value == .min ? nil : Int(value - 1)
    default: return nil
    }
  }
}
