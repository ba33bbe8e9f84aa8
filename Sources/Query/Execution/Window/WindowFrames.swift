import ColStore

/// The frame of each place of a window order: places `start[i]..<end[i]`.
struct WindowFrames {
  /// What EXCLUDE takes out of `start[i]..<end[i]`.
  private let exclusion: WindowCall.FrameExclusion
  private(set) var start: [Int]
  private(set) var end: [Int]
  /// Every frame starts at its partition's first place.
  let startsAtPartition: Bool
  /// Every frame ends at its partition's last place.
  let endsAtPartition: Bool

  init(
    _ call: WindowCall, _ partitions: WindowPartitions, _ batch: Batch, _ context: QueryContext
  ) throws(QueryError) {
    let count = partitions.count
    exclusion = call.frame.exclusion
    start = Array(repeating: 0, count: count)
    end = Array(repeating: 0, count: count)
    if case .unboundedPreceding = call.frame.start {
      startsAtPartition = true
    } else {
      startsAtPartition = false
    }
    if case .unboundedFollowing = call.frame.end {
      endsAtPartition = true
    } else {
      endsAtPartition = false
    }
    let low = try Bound(call.frame.start, call, partitions, batch, context, isStart: true)
    let high = try Bound(call.frame.end, call, partitions, batch, context, isStart: false)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      let groups = call.frame.unit == .groups ? PeerGroups(range, partitions) : nil
      for place in range {
        start[place] = low.place(of: place, range, partitions, groups)
        end[place] = max(start[place], high.place(of: place, range, partitions, groups))
      }
    }
  }

  var hasExclusion: Bool { exclusion != .nothing }

  /// The frame of a place in pieces, without what is excluded; none of them empty.
  func pieces(_ place: Int, _ partitions: WindowPartitions) -> [Range<Int>] {
    let frame = start[place]..<end[place]
    let peers = Int(partitions.peerStart[place])..<Int(partitions.peerEnd[place])
    let own = place..<place + 1
    let pieces: [Range<Int>]
    switch exclusion {
    case .nothing: pieces = [frame]
    case .currentRow: pieces = [Int.min..<own.lowerBound, own.upperBound..<Int.max]
    case .group: pieces = [Int.min..<peers.lowerBound, peers.upperBound..<Int.max]
    case .ties: pieces = [Int.min..<peers.lowerBound, own, peers.upperBound..<Int.max]
    }
    return pieces.map { $0.clamped(to: frame) }.filter { !$0.isEmpty }
  }

  /// Where the peer groups of a partition start.
  private final class PeerGroups {
    var starts: [Int] = []
    var number: [Int] = []

    init(_ range: Range<Int>, _ partitions: WindowPartitions) {
      for place in range {
        if Int(partitions.peerStart[place]) == place { starts.append(place) }
        number.append(starts.count - 1)
      }
      starts.append(range.upperBound)
    }
  }

  /// One end of the frames.
  private struct Bound {
    private let bound: WindowCall.FrameBound
    private let unit: WindowCall.FrameUnit
    private let isStart: Bool
    /// ROWS and GROUPS: the offset of each input row. RANGE: the bounding value of each input row.
    private var offsets: Vector?
    private var targets: Vector?
    private var key: SortColumn?

    init(
      _ bound: WindowCall.FrameBound, _ call: WindowCall, _ partitions: WindowPartitions,
      _ batch: Batch, _ context: QueryContext, isStart: Bool
    ) throws(QueryError) {
      self.bound = bound
      self.isStart = isStart
      unit = call.frame.unit
      let expression: Expression
      let isPreceding: Bool
      switch bound {
      case .preceding(let offset): (expression, isPreceding) = (offset, true)
      case .following(let offset): (expression, isPreceding) = (offset, false)
      default: return
      }
      let evaluator = Evaluator(context)
      if unit != .range {
        let vector = try evaluator.evaluate(CompiledExpression(expression), batch)
        let numbers = try Cast.cast(vector, to: .bigint).flat()
        for row in 0..<numbers.count
        where numbers.isNull(row) || numbers.pointer(Int64.self)[row] < 0 {
          throw QueryError(.value, "the offset of a frame is NULL or negative")
        }
        offsets = numbers
        return
      }
      guard call.orderBy.count == 1 else {
        throw QueryError(.type, "a RANGE frame with an offset wants one ORDER BY expression")
      }
      let sortKey = call.orderBy[0]
      let name = isPreceding != sortKey.descending ? "-" : "+"
      guard let function = FunctionRegistry.scalar(name) else { return }
      var literal: Value?
      if case .literal(let value, _) = expression { literal = value }
      let overload = try function.resolve(
        [sortKey.expression.type, expression.type], [nil, literal])
      let shifted = Expression.call(
        ScalarCall(
          overload: overload, arguments: [sortKey.expression, expression], position: nil))
      let target = try evaluator.evaluate(CompiledExpression(shifted), batch)
      targets = target
      let values = try evaluator.evaluate(CompiledExpression(sortKey.expression), batch)
      key = SortColumn(
        vector: try Cast.cast(values, to: target.type), descending: sortKey.descending,
        nullsFirst: sortKey.nullsFirst)
    }

    func place(
      of place: Int, _ range: Range<Int>, _ partitions: WindowPartitions, _ groups: PeerGroups?
    ) -> Int {
      switch bound {
      case .unboundedPreceding: return range.lowerBound
      case .unboundedFollowing: return range.upperBound
      case .currentRow:
        if unit == .rows { return isStart ? place : place + 1 }
        return Int(isStart ? partitions.peerStart[place] : partitions.peerEnd[place])
      case .preceding: return shifted(place, -1, range, partitions, groups)
      case .following: return shifted(place, 1, range, partitions, groups)
      }
    }

    private func shifted(
      _ place: Int, _ sign: Int, _ range: Range<Int>, _ partitions: WindowPartitions,
      _ groups: PeerGroups?
    ) -> Int {
      let row = Int(partitions.rows[place])
      if unit == .range { return search(row, place, range, partitions) }
      guard let offsets else { return place }
      let offset = sign * min(Int(offsets.pointer(Int64.self)[row]), Int(Int32.max))
      if let groups {
        let number = groups.number[place - range.lowerBound] + offset + (isStart ? 0 : 1)
        return groups.starts[min(max(number, 0), groups.starts.count - 1)]
      }
      let target = place + offset + (isStart ? 0 : 1)
      return min(max(target, range.lowerBound), range.upperBound)
    }

    /// The first place whose key is not before the bound, or (end) the first that is behind it.
    private func search(
      _ row: Int, _ place: Int, _ range: Range<Int>, _ partitions: WindowPartitions
    ) -> Int {
      guard let targets, let key else { return place }
      if targets.isNull(row) {
        return Int(isStart ? partitions.peerStart[place] : partitions.peerEnd[place])
      }
      var low = range.lowerBound
      var high = range.upperBound
      while low < high {
        let middle = (low + high) / 2
        let other = Int(partitions.rows[middle])
        var order: Int
        if key.vector.isNull(other) {
          order = key.nullsFirst ? -1 : 1
        } else {
          order = RowComparison.compare(key.vector, other, targets, row)
          if key.descending { order = -order }
        }
        if isStart ? order < 0 : order <= 0 { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
