import ColStore

/// Runs logical plans.
///
/// A plan becomes pipelines: a scan and the steps that need one batch at a time run together, morsel
/// by morsel on all workers; steps that need all their input (groups, sorts, windows, the build side
/// of a join) end a pipeline, and their output starts the next one.
public struct Executor: Sendable {
  let context: QueryContext

  public init(options: QueryOptions, cancellation: Cancellation? = nil) {
    self.init(options: options, cancellation: cancellation, profile: nil)
  }

  /// An executor that notes in `profile` what the nodes of the plan do.
  init(
    options: QueryOptions, cancellation: Cancellation? = nil, profile: PlanProfile?
  ) {
    MemoryPolicy.apply(options)
    context = QueryContext(options: options, cancellation: cancellation, profile: profile)
  }

  /// Runs `plan` and hands its rows to `sink` in order.
  public func run(_ plan: LogicalPlan, into sink: any ResultSink) throws(QueryError) {
    let profile = context.profile
    if profile?.isTimed ?? false { profile?.clock.hand(to: profile?.root) }
    context.willScan(plan)
    do { try sink.begin(schema: plan.schema) } catch { throw Executor.sinkError(error) }
    try stream(plan, into: sink)
    do { try sink.end() } catch { throw Executor.sinkError(error) }
  }

  private static func sinkError(_ error: any Error) -> QueryError {
    (error as? QueryError) ?? QueryError(.storage, "\(error)")
  }

  private func stream(_ plan: LogicalPlan, into sink: any ResultSink) throws(QueryError) {
    var plan = plan
    var limit: Int?
    var offset = 0
    if case .limit(let inner, let rows, let skipped) = plan {
      (plan, limit, offset) = (inner, rows, skipped)
    }
    if case .sort(let inner, let keys, let rows?, let skipped) = plan,
      SortSink.sortsAll(rows &+ skipped, context)
    {
      (plan, limit, offset) = (.sort(inner, keys: keys, limit: nil, offset: 0), rows, skipped)
    }
    if limit == 0 { return }
    let pipeline = try build(plan)
    let workers = pipeline.workers(context)
    let stream = ResultStream(
      sink: sink, windowTasks: 2 * workers, limit: limit, offset: offset)
    let gathered = TaskBatches(workers: workers)
    try pipeline.run(
      context, workers: workers, sharing: .anyOrder,
      endTask: { worker, task throws(QueryError) in
        _ = try stream.deliver(gathered.take(worker), task: task)
      }, onFailure: { stream.stop() },
      consume: { worker, _, batch throws(QueryError) in
        gathered.add(batch, worker)
        return !stream.isDone
      })
  }

  /// All rows of `plan`, batches in order.
  public func collect(_ plan: LogicalPlan) throws(QueryError) -> [Batch] {
    try build(plan).collect(context)
  }

  // MARK: Plans to pipelines

  private func pipeline(
    _ batches: [Batch], _ plan: LogicalPlan,
    facts: @escaping @Sendable (Int) -> ColumnFacts = { _ in .none }
  ) -> Pipeline {
    Pipeline(batches, types: plan.schema.map(\.type), context, facts: facts)
  }

  /// The pipeline whose output is that of `plan`; all that must end before it starts has run.
  ///
  /// - Parameter inOrder: Whether the order of the rows matters, which costs much where groups are many
  ///   or a join goes to files.
  /// - Parameter predicate: What the rows are filtered by right behind; others may be left out already.
  func build(
    _ plan: LogicalPlan, inOrder: Bool = true, under predicate: Expression? = nil
  ) throws(QueryError) -> Pipeline {
    guard let profile = context.profile else {
      return try makePipeline(plan, inOrder, predicate)
    }
    return try profile.measure(plan.headline) { node throws(QueryError) in
      let pipeline = try makePipeline(plan, inOrder, predicate)
      return profile.isTimed ? pipeline.traced(node, profile) : pipeline
    }
  }

  private func makePipeline(
    _ plan: LogicalPlan, _ inOrder: Bool, _ predicate: Expression?
  ) throws(QueryError) -> Pipeline {
    switch plan {
    case .scan(let table, let columns, let predicates):
      let scan = ScanSource(table: table.source, columns: columns, predicates: predicates)
      return Pipeline(
        source: scan, types: plan.schema.map(\.type), rowLimit: table.source.rowCount,
        facts: { scan.facts($0) })
    case .values(let rows, let schema):
      return pipeline([try values(rows, schema)], plan)
    case .filter(let input, let predicate):
      let child = try build(input, inOrder: inOrder, under: predicate)
      return child.appending(
        FilterOperator(predicate: CompiledExpression(predicate)), types: child.types,
        facts: child.facts)
    case .project(let input, let expressions):
      return project(try build(input, inOrder: inOrder), expressions)
    case .aggregate(let input, let keys, let aggregates, let sets):
      return try aggregate(input, keys, aggregates, sets, plan, inOrder)
    case .window(let input, let calls):
      let calls = calls.map(\.call)
      var child = try build(input)
      if let predicate, context.budget == nil || input.isCheap,
        let limit = RankLimit(calls, under: predicate, over: child, context)
      {
        child = try limit.pipeline(over: child, isCheap: input.isCheap)
      }
      return try WindowOperator(calls: calls, keepsOrder: inOrder, context: context).pipeline(
        over: child)
    case .unnest(let input, let lists):
      let child = try build(input)
      let width = child.types.count
      return child.appending(
        UnnestOperator(
          lists: lists.map { CompiledExpression($0.expression) },
          batchRows: context.options.batchRows), types: plan.schema.map(\.type), addsRows: true,
        facts: { $0 < width ? child.facts($0) : .none })
    case .sort(let input, let keys, let limit, let offset):
      if limit == 0 { return pipeline([], plan) }
      let wanted = limit.flatMap { limit -> Int? in
        let (wanted, overflow) = limit.addingReportingOverflow(offset)
        return overflow ? nil : wanted
      }
      let rows = try firstGroups(of: input, by: keys, wanted: wanted)
      let child = try build(
        rows ?? input, inOrder: !input.isUnique(in: Expression.columns(of: keys)))
      let sorted = try SortSink(
        input: child, keys: keys.map { CompiledSortKey($0) }, rowsWanted: wanted,
        context: context
      ).pipeline()
      guard limit != nil || offset > 0 else { return sorted }
      return pipeline(try limited(sorted, limit, offset), plan, facts: sorted.facts)
    case .limit(let input, let limit, let offset):
      let child = try build(input)
      return pipeline(try limited(child, limit, offset), plan, facts: child.facts)
    case .distinct(let input):
      return try AggregateSink.distinctRows(
        of: try build(input, inOrder: inOrder), keepsOrder: inOrder, context)
    case .setOperation(let operation, let left, let right, let all):
      return try setOperation(operation, left, right, all: all, plan)
    case .join(let kind, let left, let right, let equalities, let residual):
      var (partners, takesDistinct) = (right, false)
      if kind == .semi || kind == .anti, case .distinct(let rows) = right {
        // Which of them are partners may be known before they are made distinct.
        (partners, takesDistinct) = (rows, true)
      }
      let probe = try build(left)
      return try JoinBuilder(
        kind: kind, equalities: equalities, residual: residual, takesDistinct: takesDistinct,
        keepsOrder: inOrder, isLeftCheap: left.isCheap, context: context
      ).join(probe, try build(partners))
    case .operation(let operation, let inputs):
      var children: [Pipeline] = []
      for input in inputs { children.append(try self.build(input)) }
      return Pipeline(
        source: try operation.implementation.makeSource(
          children, columns: operation.columns, context), types: plan.schema.map(\.type))
    }
  }

  private func values(_ rows: [[Expression]], _ schema: [Field]) throws(QueryError) -> Batch {
    let one = Batch(columns: [], rowCount: 1)
    let evaluator = Evaluator(context)
    if schema.isEmpty { return Batch(columns: [], rowCount: rows.count) }
    var columns: [Vector] = []
    for (index, field) in schema.enumerated() {
      var vectors: [Vector] = []
      for row in rows {
        let vector = try evaluator.evaluate(CompiledExpression(row[index]), one)
        vectors.append(try Cast.cast(vector, to: field.type))
      }
      columns.append(
        vectors.isEmpty ? Vector(field.type, []) : Vector.concatenate(vectors, type: field.type))
    }
    return Batch(columns: columns, rowCount: rows.count)
  }

  private func project(_ child: Pipeline, _ expressions: [NamedExpression]) -> Pipeline {
    let compiled = expressions.map { CompiledExpression($0.expression) }
    return child.reading(compiled.flatMap(\.columns)).appending(
      ProjectOperator(expressions: compiled), types: compiled.map(\.type),
      facts: { index in
        if let column = compiled[index].bareColumn { return child.facts(column) }
        return ColumnFacts(
          dictionary: nil, range: ValueRange.of(compiled[index], child),
          isNeverNull: ValueRange.isNeverNull(compiled[index], child))
      })
  }

  private func aggregate(
    _ input: LogicalPlan, _ keys: [NamedExpression], _ aggregates: [NamedAggregate],
    _ sets: [[Int]]?, _ plan: LogicalPlan, _ inOrder: Bool
  ) throws(QueryError) -> Pipeline {
    let compiledKeys = keys.map { CompiledExpression($0.expression) }
    let calls = aggregates.map { CompiledAggregate($0.call) }
    guard let sets else {
      if context.options.usesBlockAnswers,
        let batch = try BlockAnswers.answer(input, compiledKeys, calls, context)
      {
        return pipeline([batch], plan)
      }
      let child = try build(
        input, inOrder: inOrder && !keys.isEmpty || calls.contains(where: \.needsOrder))
      let read = compiledKeys.flatMap(\.columns) + calls.flatMap(\.columns)
      let sink = AggregateSink(
        input: child.reading(read), keys: compiledKeys, aggregates: calls, keepsOrder: inOrder,
        context: context)
      return try sink.pipeline()
    }
    var batches: [Batch] = []
    for set in sets {
      let sink = AggregateSink(
        input: try build(input), keys: set.map { compiledKeys[$0] }, aggregates: calls,
        context: context)
      let groups = try sink.pipeline()
      let batch = Batch.concatenate(try groups.collect(context), types: groups.types)
      let keyColumns = compiledKeys.indices.map { key in
        set.firstIndex(of: key).map { batch.columns[$0] }
          ?? Vector.nulls(compiledKeys[key].type, count: batch.rowCount)
      }
      batches.append(
        Batch(columns: keyColumns + batch.columns.dropFirst(set.count), rowCount: batch.rowCount))
    }
    return pipeline(batches, plan)
  }

  private func limited(
    _ child: Pipeline, _ limit: Int?, _ offset: Int
  ) throws(QueryError) -> [Batch] {
    if limit == 0 { return [] }
    let wanted = limit.map { $0.addingReportingOverflow(offset) }
    let batches = try child.collect(
      context, rowsWanted: wanted.map { $0.overflow ? .max : $0.partialValue } ?? .max)
    var skip = offset
    var remaining = limit ?? .max
    var output: [Batch] = []
    for batch in batches where remaining > 0 {
      let skipped = min(skip, batch.rowCount)
      skip -= skipped
      let count = min(batch.rowCount - skipped, remaining)
      remaining -= count
      if count > 0 { output.append(batch.slice(offset: skipped, count: count)) }
    }
    return output
  }

  private func setOperation(
    _ operation: SetOperation, _ left: LogicalPlan, _ right: LogicalPlan, all: Bool,
    _ plan: LogicalPlan
  ) throws(QueryError) -> Pipeline {
    let first = try build(left)
    let second = try build(right)
    switch operation {
    case .union:
      let both =
        if let rows = ConcatenatedSource([first, second]) {
          Pipeline(source: rows, types: first.types)
        } else {
          pipeline(try first.collect(context) + second.collect(context), plan)
        }
      return all ? both : try AggregateSink.distinctRows(of: both, context)
    case .intersect, .except:
      guard let (left, right) = try bothSides(first, second) else {
        return try PartitionedSetOperation(
          operation: operation, all: all, types: first.types, context: context
        ).run(first.repeated ?? first, second.repeated ?? second)
      }
      let matched = SetMatching(left: left, right: right, types: first.types)
      return pipeline([matched.rows(operation, all: all)], plan)
    }
  }

  /// All rows of both sides; nil where they are to go to files.
  private func bothSides(
    _ left: Pipeline, _ right: Pipeline
  ) throws(QueryError) -> (Batch, Batch)? {
    guard let budget = context.budget else {
      return (
        Batch.concatenate(try left.collect(context), types: left.types),
        Batch.concatenate(try right.collect(context), types: left.types)
      )
    }
    // What runs only once cannot be tried.
    let part = PartitionedSetOperation.part
    guard left.repeated != nil, right.repeated != nil,
      let lefts = try left.collect(context, within: budget, part: part),
      let rights = try right.collect(context, within: budget, part: part)
    else { return nil }
    return (
      Batch.concatenate(lefts, types: left.types), Batch.concatenate(rights, types: left.types)
    )
  }
}

/// The batches of the task that each worker is at; each worker touches its own.
private final class TaskBatches: @unchecked Sendable {
  private final class Held {
    var batches: [Batch] = []
  }

  private let held: [Held]

  init(workers: Int) { held = (0..<workers).map { _ in Held() } }

  func add(_ batch: Batch, _ worker: Int) { held[worker].batches.append(batch) }

  func take(_ worker: Int) -> [Batch] {
    defer { held[worker].batches = [] }
    return held[worker].batches
  }
}
