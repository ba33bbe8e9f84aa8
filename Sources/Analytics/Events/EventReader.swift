import ColStore
import Query

/// What was left out of an analysis.
public struct LeftOut: Sendable, Equatable {
  /// Rows without a session, or a user.
  public var withoutUnit = 0
  public var withoutTime = 0
  /// Rows whose price is 0, negative or missing.
  public var withoutPrice = 0

  static func += (left: inout LeftOut, right: LeftOut) {
    left.withoutUnit += right.withoutUnit
    left.withoutTime += right.withoutTime
    left.withoutPrice += right.withoutPrice
  }
}

/// Turns batches into lanes of events, for one worker.
final class EventReader {
  private let source: EventSource
  private(set) var leftOut = LeftOut()
  /// The latest time of any row, counted or not.
  private(set) var lastTime = Int64.min

  // What the last batch is in; valid until the next.
  private(set) var units: UnsafePointer<UInt32>
  private(set) var lanes: EventLanes
  /// 1 for the rows that count; nil where all do.
  private(set) var kept: UnsafePointer<UInt8>?

  private var owners: [AnyObject] = []
  private let lanePointers: UnsafeMutablePointer<UnsafePointer<UInt32>>
  private let none = Buffer(byteCount: 64)

  /// Forgets what was counted.
  func reset() {
    leftOut = LeftOut()
    lastTime = .min
  }

  init(_ source: EventSource) {
    self.source = source
    units = UnsafePointer(none.pointer(UInt32.self))
    lanePointers = .allocate(capacity: max(1, source.layout.laneCount))
    lanePointers.initialize(
      repeating: UnsafePointer(none.pointer(UInt32.self)), count: max(1, source.layout.laneCount))
    lanes = EventLanes(
      count: 0, times: UnsafePointer(none.pointer(Int64.self)),
      prices: UnsafePointer(none.pointer(Int64.self)), codes: UnsafePointer(lanePointers))
  }

  deinit { lanePointers.deallocate() }

  /// Reads a batch: ``units``, ``lanes`` and ``kept`` are about it until the next.
  func read(_ batch: Batch) {
    let count = batch.rowCount
    let layout = source.layout
    owners.removeAll(keepingCapacity: true)
    kept = nil
    let (unitCodes, unitOwner) = source.unit.codes(of: batch.columns[0])
    owners.append(unitOwner)
    units = unitCodes
    for lane in 0..<layout.codedColumns {
      let (codes, owner) = source.coded[lane].codes(of: batch.columns[layout.firstCoded + lane])
      owners.append(owner)
      lanePointers[lane] = codes
    }
    if layout.conditions > 0 { lanePointers[layout.conditionLane] = conditionBits(batch) }
    let times = flat(batch.columns[1])
    let timePointer = times.pointer(Int64.self)
    let prices = layout.hasPrice ? pricePointer(batch.columns[2]) : timePointer
    lanes = EventLanes(
      count: count, times: timePointer, prices: prices, codes: UnsafePointer(lanePointers))
    mark(times, count)
  }

  /// Finds the rows that do not count, by the first reason that holds.
  private func mark(_ times: Vector, _ count: Int) {
    var marks: UnsafeMutablePointer<UInt8>?
    func drop(_ row: Int) -> Bool {
      let all: UnsafeMutablePointer<UInt8>
      if let marks {
        all = marks
      } else {
        let buffer = Buffer(UInt8.self, count: count)
        buffer.pointer(UInt8.self).update(repeating: 1, count: count)
        owners.append(buffer)
        all = buffer.pointer(UInt8.self)
        marks = all
      }
      defer { all[row] = 0 }
      return all[row] == 1
    }
    if let nullUnit = source.unit.nullCode {
      for row in 0..<count where units[row] == nullUnit {
        if drop(row) { leftOut.withoutUnit += 1 }
      }
    }
    if let lane = source.rules.requiredLane, let null = source.coded[lane].nullCode {
      let codes = lanes.lane(lane)
      for row in 0..<count where codes[row] == null {
        if drop(row) { leftOut.withoutUnit += 1 }
      }
    }
    let timePointer = lanes.times
    if let valid = times.validity {
      for row in 0..<count {
        if valid[row] == 0 {
          if drop(row) { leftOut.withoutTime += 1 }
        } else {
          lastTime = max(lastTime, timePointer[row])
        }
      }
    } else {
      var latest = lastTime
      for row in 0..<count { latest = max(latest, timePointer[row]) }
      lastTime = latest
    }
    if source.rules.needsPrice {
      let prices = lanes.prices
      if source.priceIsDouble {
        for row in 0..<count {
          // NaN is above all numbers, as in SQL.
          let price = Double(bitPattern: UInt64(bitPattern: prices[row]))
          if !(price > 0 || price.isNaN), drop(row) { leftOut.withoutPrice += 1 }
        }
      } else {
        for row in 0..<count where prices[row] <= 0 {
          if drop(row) { leftOut.withoutPrice += 1 }
        }
      }
    }
    if source.rules.needsCondition {
      let bits = lanes.lane(source.layout.conditionLane)
      for row in 0..<count where bits[row] == 0 { _ = drop(row) }
    }
    kept = marks.map { UnsafePointer($0) }
  }

  private func flat(_ vector: Vector) -> Vector {
    let result = vector.layout == .flat ? vector : vector.flat()
    owners.append(result)
    return result
  }

  /// Prices with ``noPrice`` for NULL.
  private func pricePointer(_ vector: Vector) -> UnsafePointer<Int64> {
    let flat = flat(vector)
    let count = flat.count
    let values = flat.pointer(Int64.self)
    let isDouble = source.priceIsDouble
    guard isDouble || flat.validity != nil else { return values }
    let buffer = Buffer(Int64.self, count: count)
    owners.append(buffer)
    let output = buffer.pointer(Int64.self)
    for row in 0..<count {
      // -0.0 has the bit pattern that stands for NULL.
      output[row] = isDouble && values[row] == noPrice ? 0 : values[row]
      if let valid = flat.validity, valid[row] == 0 { output[row] = noPrice }
    }
    return UnsafePointer(output)
  }

  /// Bit k of a row is set where condition k is TRUE.
  private func conditionBits(_ batch: Batch) -> UnsafePointer<UInt32> {
    let count = batch.rowCount
    let buffer = Buffer(UInt32.self, count: count)
    owners.append(buffer)
    let bits = buffer.pointer(UInt32.self)
    bits.update(repeating: 0, count: count)
    for condition in 0..<source.layout.conditions {
      let vector = batch.columns[source.layout.firstCondition + condition]
      let truths = vector.pointer(UInt8.self)
      let bit = UInt32(1) << UInt32(condition)
      func isTrue(_ position: Int) -> Bool {
        truths[position] != 0 && (vector.validity.map { $0[position] != 0 } ?? true)
      }
      switch vector.layout {
      case .constant: if isTrue(0) { for row in 0..<count { bits[row] |= bit } }
      case .flat: for row in 0..<count where isTrue(row) { bits[row] |= bit }
      case .dictionary:
        guard let codes = vector.codes, let entries = vector.dictionary else { continue }
        // A condition on one column has an entry for each of that column's values.
        if entries.count <= 256 {
          withUnsafeTemporaryAllocation(of: UInt32.self, capacity: entries.count) { table in
            for entry in 0..<entries.count { table[entry] = isTrue(entry) ? bit : 0 }
            for row in 0..<count { bits[row] |= table[Int(codes[row])] }
          }
        } else {
          for row in 0..<count where isTrue(Int(codes[row])) { bits[row] |= bit }
        }
      }
    }
    return UnsafePointer(bits)
  }
}
