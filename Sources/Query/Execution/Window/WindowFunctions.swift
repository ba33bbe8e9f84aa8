import ColStore

/// Evaluates one window call along its window order.
struct WindowFunctions {
  private let call: WindowCall
  private let batch: Batch
  private let partitions: WindowPartitions
  private let context: QueryContext
  private let evaluator: Evaluator

  init(
    _ call: WindowCall, _ batch: Batch, _ partitions: WindowPartitions, _ context: QueryContext
  ) {
    self.call = call
    self.batch = batch
    self.partitions = partitions
    self.context = context
    evaluator = Evaluator(context)
  }

  func evaluate() throws(QueryError) -> Vector {
    switch call.function {
    case .rowNumber: return integers { place, range in Int64(place - range.lowerBound + 1) }
    case .rank:
      let peerStart = partitions.peerStart
      return integers { place, range in Int64(Int(peerStart[place]) - range.lowerBound + 1) }
    case .denseRank: return denseRank()
    case .percentRank:
      let peerStart = partitions.peerStart
      return doubles { place, range in
        range.count == 1
          ? 0 : Double(Int(peerStart[place]) - range.lowerBound) / Double(range.count - 1)
      }
    case .cumulativeDistribution:
      let peerEnd = partitions.peerEnd
      return doubles { place, range in
        Double(Int(peerEnd[place]) - range.lowerBound) / Double(range.count)
      }
    case .ntile(let tiles): return try ntile(tiles)
    case .lag(let value, let offset, let fallback, let ignoreNulls):
      return try shifted(value, offset, fallback, -1, ignoreNulls)
    case .lead(let value, let offset, let fallback, let ignoreNulls):
      return try shifted(value, offset, fallback, 1, ignoreNulls)
    case .firstValue(let value, let ignoreNulls):
      return try picked(value, ignoreNulls) { _ in 1 }
    case .lastValue(let value, let ignoreNulls):
      return try picked(value, ignoreNulls) { _ in -1 }
    case .nthValue(let value, let position, let ignoreNulls):
      let vector = try Cast.cast(try vector(position), to: .bigint)
      return try picked(value, ignoreNulls) { row in
        vector.isNull(row) ? 0 : max(Int(vector.pointer(Int64.self)[vector.position(of: row)]), 0)
      }
    case .sessionize(let time, let gap): return sessions(try vector(time), gap: UInt64(gap))
    case .aggregate(let aggregate):
      return try WindowAggregate(
        aggregate, call, batch, partitions, context
      ).evaluate()
    }
  }

  private func vector(_ expression: Expression) throws(QueryError) -> Vector {
    try evaluator.evaluate(CompiledExpression(expression), batch)
  }

  private func integers(_ value: (Int, Range<Int>) -> Int64) -> Vector {
    let output = FlatBuilder<Int64>(count: partitions.count)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      for place in range { output[Int(partitions.rows[place])] = value(place, range) }
    }
    return output.finish(.bigint)
  }

  private func doubles(_ value: (Int, Range<Int>) -> Double) -> Vector {
    let output = FlatBuilder<Double>(count: partitions.count)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      for place in range { output[Int(partitions.rows[place])] = value(place, range) }
    }
    return output.finish(.double)
  }

  private func denseRank() -> Vector {
    let peerStart = partitions.peerStart
    var rank: Int64 = 0
    return integers { place, range in
      if place == range.lowerBound {
        rank = 1
      } else if Int(peerStart[place]) == place {
        rank += 1
      }
      return rank
    }
  }

  /// Numbers the sessions of each partition: 1, and one more wherever the time is more than `gap` away
  /// from the row before. Rows without a time have no session, and do not part others.
  private func sessions(_ times: Vector, gap: UInt64) -> Vector {
    var output = FlatBuilder<Int64>(count: partitions.count)
    let values = Rows<Int64>(times)
    for index in 0..<partitions.starts.count - 1 {
      var session: Int64 = 0
      var last: Int64 = 0
      for place in partitions.starts[index]..<partitions.starts[index + 1] {
        let row = Int(partitions.rows[place])
        if values.isNull(row) {
          output.setNull(row, filler: 0)
          continue
        }
        let time = values[row]
        let distance = UInt64(bitPattern: max(time, last) &- min(time, last))
        if session == 0 || distance > gap { session += 1 }
        last = time
        output[row] = session
      }
    }
    withExtendedLifetime(times) {}
    return output.finish(.bigint)
  }

  /// Tiles differ by at most one row, the larger ones first.
  private func ntile(_ tiles: Expression) throws(QueryError) -> Vector {
    let vector = try Cast.cast(try vector(tiles), to: .bigint)
    var output = FlatBuilder<Int64>(count: partitions.count)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      for place in range {
        let row = Int(partitions.rows[place])
        if vector.isNull(row) {
          output.setNull(row, filler: 0)
          continue
        }
        let wanted = vector.pointer(Int64.self)[vector.position(of: row)]
        guard wanted > 0 else {
          throw QueryError(.value, "ntile wants a number of tiles above 0, not \(wanted)")
        }
        let count = min(Int(wanted), range.count)
        let small = range.count / count
        let larger = range.count % count
        let at = place - range.lowerBound
        let inLarger = larger * (small + 1)
        output[row] = Int64(
          at < inLarger ? at / (small + 1) + 1 : larger + (at - inLarger) / small + 1)
      }
    }
    return output.finish(.bigint)
  }

  /// lag and lead: the value `offset` rows away, or the fallback outside the partition; with
  /// `ignoreNulls` only rows with a value are counted.
  private func shifted(
    _ value: Expression, _ offset: Expression, _ fallback: Expression, _ sign: Int,
    _ ignoreNulls: Bool
  ) throws(QueryError) -> Vector {
    let values = try vector(value)
    let offsets = try Cast.cast(try vector(offset), to: .bigint)
    let fallbacks = try Cast.cast(try vector(fallback), to: values.type)
    let joined = Vector.concatenate([values.flat(), fallbacks.flat()], type: values.type)
    let places = Buffer(UInt32.self, count: partitions.count)
    let place = places.pointer(UInt32.self)
    for index in 0..<partitions.starts.count - 1 {
      let range = partitions.starts[index]..<partitions.starts[index + 1]
      let present = ignoreNulls ? presentPlaces(values, range) : nil
      for at in range {
        let row = Int(partitions.rows[at])
        var target = -1
        if !offsets.isNull(row) {
          let given = offsets.pointer(Int64.self)[offsets.position(of: row)]
          if given.magnitude < 1 << 40 {
            let step = sign * Int(given)
            target =
              present.map { Self.place(step, from: at, among: $0, at - range.lowerBound) }
              ?? at + step
          }
        }
        place[row] =
          range.contains(target) ? partitions.rows[target] : UInt32(partitions.count + row)
      }
    }
    return withExtendedLifetime(places) {
      Vector.gather(
        values: joined, at: UnsafePointer(place), count: partitions.count, keeping: joined)
    }
  }

  /// The places of a range that have a value, and how many lie before each place, and before its end.
  private func presentPlaces(
    _ values: Vector, _ range: Range<Int>
  ) -> (places: [Int], before: [Int]) {
    var places: [Int] = []
    var before: [Int] = []
    for at in range {
      before.append(places.count)
      if !values.isNull(Int(partitions.rows[at])) { places.append(at) }
    }
    before.append(places.count)
    return (places, before)
  }

  /// The place `step` places with a value away from `at`; -1 where there is none.
  private static func place(
    _ step: Int, from at: Int, among present: (places: [Int], before: [Int]), _ index: Int
  ) -> Int {
    if step == 0 { return at }
    let before = present.before[index]
    let isPresent = before < present.places.count && present.places[before] == at
    let target = step < 0 ? before + step : before + (isPresent ? step : step - 1)
    return present.places.indices.contains(target) ? present.places[target] : -1
  }

  /// first_value (`nth` 1), last_value (-1), nth_value: a row of the frame, or NULL.
  private func picked(
    _ value: Expression, _ ignoreNulls: Bool, _ nth: (Int) -> Int
  ) throws(QueryError) -> Vector {
    let values = try vector(value)
    let frames = try WindowFrames(call, partitions, batch, context)
    let joined = Vector.concatenate(
      [values.flat(), Vector.nulls(values.type, count: 1).flat()], type: values.type)
    let places = Buffer(UInt32.self, count: partitions.count)
    let place = places.pointer(UInt32.self)
    let present = ignoreNulls ? presentPlaces(values, 0..<partitions.count) : nil
    for at in 0..<partitions.count {
      let row = Int(partitions.rows[at])
      let wanted = nth(row)
      var found = -1
      if wanted != 0 {
        if frames.hasExclusion {
          found = scan(values, frames.pieces(at, partitions), wanted, ignoreNulls)
        } else if let present {
          let first = present.before[frames.start[at]]
          let end = present.before[frames.end[at]]
          let target = wanted > 0 ? first + wanted - 1 : end + wanted
          if target >= first && target < end { found = present.places[target] }
        } else {
          let target = wanted > 0 ? frames.start[at] + wanted - 1 : frames.end[at] + wanted
          if target >= frames.start[at] && target < frames.end[at] { found = target }
        }
      }
      place[row] = found >= 0 ? partitions.rows[found] : UInt32(partitions.count)
    }
    return withExtendedLifetime(places) {
      Vector.gather(
        values: joined, at: UnsafePointer(place), count: partitions.count, keeping: joined)
    }
  }

  /// The place of the nth value in the pieces of a frame, from the end where `nth` is negative.
  private func scan(
    _ values: Vector, _ pieces: [Range<Int>], _ nth: Int, _ ignoreNulls: Bool
  ) -> Int {
    var remaining = nth.magnitude
    for piece in nth > 0 ? pieces : pieces.reversed() {
      var at = nth > 0 ? piece.lowerBound : piece.upperBound - 1
      while piece.contains(at) {
        if !ignoreNulls || !values.isNull(Int(partitions.rows[at])) {
          remaining -= 1
          if remaining == 0 { return at }
        }
        at += nth > 0 ? 1 : -1
      }
    }
    return -1
  }
}
