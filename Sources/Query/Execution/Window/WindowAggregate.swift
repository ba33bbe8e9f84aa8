import ColStore

/// An aggregate over window frames.
///
/// Frames that are whole partitions are groups. Of others, sums, counts and extremes are found without
/// looking at each frame's rows (``FrameFolding``). For what is left, frames that start with their
/// partition grow, and one accumulator follows them; others are aggregated one by one.
struct WindowAggregate {
  private let aggregate: CompiledAggregate
  private let call: WindowCall
  private let batch: Batch
  private let partitions: WindowPartitions
  private let context: QueryContext

  init(
    _ aggregate: AggregateCall, _ call: WindowCall, _ batch: Batch,
    _ partitions: WindowPartitions, _ context: QueryContext
  ) {
    self.aggregate = CompiledAggregate(aggregate)
    self.call = call
    self.batch = batch
    self.partitions = partitions
    self.context = context
  }

  func evaluate() throws(QueryError) -> Vector {
    let frames = try WindowFrames(call, partitions, batch, context)
    let evaluator = Evaluator(context)
    // Arguments and filter in window order, so that frames are slices.
    var arguments: [Vector] = []
    for argument in aggregate.arguments {
      arguments.append(partitions.ordered(try evaluator.evaluate(argument, batch)))
    }
    for key in aggregate.orderBy {
      arguments.append(partitions.ordered(try evaluator.evaluate(key.expression, batch)))
    }
    var passes: Vector?
    if let filter = aggregate.filter {
      passes = partitions.ordered(try evaluator.evaluate(filter, batch))
    }
    if frames.startsAtPartition && frames.endsAtPartition && !frames.hasExclusion {
      return partitions.scatter(try wholePartitions(arguments, passes))
    }
    if let folding = FrameFolding(aggregate, arguments, passes, count: partitions.count) {
      return partitions.scatter(try folding.results(of: frames, partitions))
    }
    if frames.hasExclusion {
      return partitions.scatter(try inPieces(frames, arguments, passes))
    }
    return partitions.scatter(try perFrame(frames, arguments, passes))
  }

  private func wholePartitions(
    _ arguments: [Vector], _ passes: Vector?
  ) throws(QueryError) -> Vector {
    let groupCount = partitions.starts.count - 1
    let groups = Buffer(UInt32.self, count: partitions.count)
    let group = groups.pointer(UInt32.self)
    for index in 0..<groupCount {
      for place in partitions.starts[index]..<partitions.starts[index + 1] {
        group[place] = UInt32(index)
      }
    }
    let accumulator = aggregate.makeAccumulator()
    accumulator.resize(to: groupCount)
    if let passes {
      let holds = Selection.rows(of: passes, where: { $0 == 1 }, count: partitions.count)
      let selected = Buffer(UInt32.self, count: holds.count)
      GatherKernels.gather(
        UnsafePointer(group), at: holds.pointer, into: selected.pointer(UInt32.self),
        count: holds.count)
      try accumulator.update(
        groups: UnsafePointer(selected.pointer(UInt32.self)),
        arguments: arguments.map { holds.narrow($0) }, count: holds.count)
      withExtendedLifetime(selected) {}
    } else {
      try accumulator.update(
        groups: UnsafePointer(group), arguments: arguments, count: partitions.count)
    }
    let results = try accumulator.finish(count: groupCount).flat()
    return withExtendedLifetime(groups) {
      Vector.gather(
        values: results, at: UnsafePointer(group), count: partitions.count, keeping: results)
    }
  }

  /// Frames with holes, one by one.
  private func inPieces(
    _ frames: WindowFrames, _ arguments: [Vector], _ passes: Vector?
  ) throws(QueryError) -> Vector {
    var results = Results(aggregate.overload.resultType)
    for place in 0..<partitions.count {
      try context.cancellation.check()
      let accumulator = aggregate.makeAccumulator()
      accumulator.resize(to: 1)
      for piece in frames.pieces(place, partitions) {
        try add(accumulator, arguments, passes, piece)
      }
      results.append(try accumulator.finish(count: 1))
    }
    return results.finish()
  }

  private func perFrame(
    _ frames: WindowFrames, _ arguments: [Vector], _ passes: Vector?
  ) throws(QueryError) -> Vector {
    var results = Results(aggregate.overload.resultType)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      var accumulator = aggregate.makeAccumulator()
      accumulator.resize(to: 1)
      var from = range.lowerBound
      var to = range.lowerBound
      var last: Vector?
      for place in range {
        try context.cancellation.check()
        let (start, end) = (frames.start[place], frames.end[place])
        if let last, start == from, end == to {
          results.append(last)
          continue
        }
        if start != from || end < to {
          accumulator = aggregate.makeAccumulator()
          accumulator.resize(to: 1)
          from = start
          to = start
        }
        try add(accumulator, arguments, passes, to..<end)
        to = end
        let result = try accumulator.finish(count: 1)
        last = result
        results.append(result)
      }
    }
    return results.finish()
  }

  private func add(
    _ accumulator: any Accumulator, _ arguments: [Vector], _ passes: Vector?, _ range: Range<Int>
  ) throws(QueryError) {
    if range.isEmpty { return }
    let slices = arguments.map { $0.slice(offset: range.lowerBound, count: range.count) }
    guard let passes else {
      try accumulator.updateOnlyGroup(arguments: slices, count: range.count)
      return
    }
    let holds = Selection.rows(
      of: passes.slice(offset: range.lowerBound, count: range.count), where: { $0 == 1 },
      count: range.count)
    if holds.count == 0 { return }
    try accumulator.updateOnlyGroup(
      arguments: slices.map { holds.narrow($0) }, count: holds.count)
  }

  /// Results of one frame each, put together now and then, so that few stand alone.
  private struct Results {
    private static let loneMax = 2048
    private let type: DataType
    private var together: [Vector] = []
    private var lone: [Vector] = []

    init(_ type: DataType) { self.type = type }

    mutating func append(_ result: Vector) {
      lone.append(result)
      if lone.count == Results.loneMax { gather() }
    }

    private mutating func gather() {
      together.append(Vector.concatenate(lone, type: type))
      lone.removeAll(keepingCapacity: true)
    }

    mutating func finish() -> Vector {
      gather()
      return Vector.concatenate(together, type: type)
    }
  }
}
