import ColStore

/// The values of some ranks of each group: what quantiles of whole numbers, times and DOUBLEs are made
/// of.
///
/// Values are kept as keys of the same order. Where all keys that can occur are few, they are counted;
/// else they are kept as narrow as their bounds allow, put together by group in the end, and ranks are
/// found by selection.
final class RankAccumulator: BoundedAccumulator {
  /// Of each group how many values it has, and those of the wanted ranks, by rank.
  struct Found {
    let sizes: [Int]
    let rankCount: Int
    fileprivate let values: Buffer

    /// The value of wanted rank `rank` in a group that has values.
    func value<Element: BitwiseCopyable>(_ group: Int, _ rank: Int, _: Element.Type) -> Element {
      values.pointer(Element.self)[group * rankCount + rank]
    }
  }

  /// The ranks, from 0, that are wanted of so many values.
  typealias Ranks = @Sendable (_ size: Int) -> [Int]

  private let coding: RankKeyCoding
  private let ranks: Ranks
  private let rankCount: Int
  private let finishing: (Found) -> Vector
  private var store: RankStore

  /// - Parameter type: of the values; kept as `Int64` or `Double`.
  init(
    _ type: DataType, rankCount: Int, ranks: @escaping Ranks,
    finish: @escaping (Found) -> Vector
  ) {
    coding = type.physical == .double ? .double : .integer(low: .min)
    self.ranks = ranks
    self.rankCount = rankCount
    finishing = finish
    store = .wide(KeptRanks(coding))
  }

  func expect(values range: ClosedRange<Int64>, rowsMax: Int, groupLimit: Int?) {
    guard case .integer = coding else { return }
    let (width, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    guard !overflow, width < Int64(UInt32.max), rowsMax < Int(UInt32.max) else { return }
    let narrow = RankKeyCoding.integer(low: range.lowerBound)
    let (cells, tooMany) = (groupLimit ?? .max).multipliedReportingOverflow(by: Int(width) + 1)
    if !tooMany, cells <= min(CountedRanks.cellsMax, rowsMax) {
      store = .counted(CountedRanks(narrow, keyCount: Int(width) + 1))
    } else {
      store = .narrow(KeptRanks(narrow))
    }
  }

  func resize(to count: Int) {
    if case .counted(let counted) = store { counted.resize(to: count) }
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    switch store {
    case .counted(let counted): counted.update(groups, arguments[0], count)
    case .narrow(let kept): kept.update(groups, arguments[0], count)
    case .wide(let kept): kept.update(groups, arguments[0], count)
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? RankAccumulator else { return }
    switch (store, other.store) {
    case (.counted(let own), .counted(let theirs)): own.merge(theirs, mapping, count)
    case (.narrow(let own), .narrow(let theirs)): own.merge(theirs, mapping, count)
    case (.wide(let own), .wide(let theirs)): own.merge(theirs, mapping, count)
    default: preconditionFailure("accumulators of one call expect the same")
    }
  }

  func finish(count: Int) -> Vector {
    switch store {
    case .counted(let counted): finishing(counted.find(ranks, rankCount, groupCount: count))
    case .narrow(let kept): finishing(kept.find(ranks, rankCount, groupCount: count))
    case .wide(let kept): finishing(kept.find(ranks, rankCount, groupCount: count))
    }
  }
}

/// How values become keys, numbers without a sign in the order of the values.
private enum RankKeyCoding {
  /// By their distance from `low`.
  case integer(low: Int64)
  case double

  @inline(__always)
  func key<Key: FixedWidthInteger>(_ bits: Int64, _: Key.Type) -> Key {
    switch self {
    case .integer(let low): Key(truncatingIfNeeded: bits &- low)
    case .double:
      Key(
        truncatingIfNeeded: DoubleKey.ordered(Double(bitPattern: UInt64(bitPattern: bits)))
          &- .min)
    }
  }

  func bits(_ key: UInt64) -> Int64 {
    switch self {
    case .integer(let low): Int64(truncatingIfNeeded: key) &+ low
    case .double:
      Int64(bitPattern: DoubleKey.value(ordered: Int64(truncatingIfNeeded: key) &+ .min).bitPattern)
    }
  }
}

/// What is remembered of the values. Cases, not a protocol, so that the compiler knows the keys' type.
private enum RankStore {
  case counted(CountedRanks)
  case narrow(KeptRanks<UInt32>)
  case wide(KeptRanks<UInt64>)
}

/// How often each key occurs in each group.
private final class CountedRanks {
  /// The most counters: they stay in the caches.
  static let cellsMax = 1 << 22

  private let coding: RankKeyCoding
  private let keyCount: Int
  private let counts = StateArray<UInt32>()

  init(_ coding: RankKeyCoding, keyCount: Int) {
    self.coding = coding
    self.keyCount = keyCount
  }

  func resize(to count: Int) { counts.resize(to: count * keyCount) }

  func update(_ groups: UnsafePointer<UInt32>, _ vector: Vector, _ count: Int) {
    let (counts, keyCount) = (self.counts.states, self.keyCount)
    let last = UInt64(keyCount - 1)
    forEachValue(vector, Int64.self, count: count) { row, bits in
      let key = Int(min(coding.key(bits, UInt64.self), last))
      counts[Int(groups[row]) &* keyCount &+ key] &+= 1
    }
  }

  func merge(_ other: CountedRanks, _ mapping: UnsafePointer<UInt32>, _ count: Int) {
    for group in 0..<count {
      let own = counts.states + Int(mapping[group]) * keyCount
      let theirs = other.counts.states + group * keyCount
      for key in 0..<keyCount { own[key] &+= theirs[key] }
    }
  }

  func find(
    _ ranks: RankAccumulator.Ranks, _ rankCount: Int, groupCount: Int
  ) -> RankAccumulator.Found {
    let values = Buffer(Int64.self, count: groupCount * rankCount)
    let sizes = (0..<groupCount).map { group in
      let own = UnsafeBufferPointer(start: counts.states + group * keyCount, count: keyCount)
      let size = own.reduce(0) { $0 + Int($1) }
      if size == 0 { return 0 }
      let wanted = ranks(size)
      var (key, below) = (0, 0)
      for slot in wanted.indices.sorted(by: { wanted[$0] < wanted[$1] }) {
        while below + Int(own[key]) <= wanted[slot] {
          below += Int(own[key])
          key += 1
        }
        values.pointer(Int64.self)[group * rankCount + slot] = coding.bits(UInt64(key))
      }
      return size
    }
    return RankAccumulator.Found(sizes: sizes, rankCount: rankCount, values: values)
  }
}

/// The keys of all rows.
private final class KeptRanks<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private struct Part {
    let groups: Buffer
    let keys: Buffer
    var count = 0
    /// The numbers of the groups, where they have others by now.
    var mapping: [UInt32]?

    init(capacity: Int) {
      groups = Buffer(UInt32.self, count: capacity)
      keys = Buffer(Key.self, count: capacity)
    }

    var room: Int { groups.byteCount / MemoryLayout<UInt32>.stride - count }

    @inline(__always)
    func forEachKey(_ body: (_ group: Int, _ key: Key) -> Void) {
      let (group, key) = (groups.pointer(UInt32.self), keys.pointer(Key.self))
      if let mapping {
        for row in 0..<count { body(Int(mapping[Int(group[row])]), key[row]) }
      } else {
        for row in 0..<count { body(Int(group[row]), key[row]) }
      }
    }
  }

  private let coding: RankKeyCoding
  private var parts: [Part] = []

  init(_ coding: RankKeyCoding) { self.coding = coding }

  private static var capacities: ClosedRange<Int> { 1 << 12...1 << 20 }

  func update(_ groups: UnsafePointer<UInt32>, _ vector: Vector, _ count: Int) {
    if parts.last.map({ $0.mapping != nil || $0.room < count }) ?? true {
      let doubled = 2 * (parts.last.map { $0.count + $0.room } ?? 0)
      let capacity = min(max(doubled, Self.capacities.lowerBound), Self.capacities.upperBound)
      parts.append(Part(capacity: max(capacity, count)))
    }
    let last = parts.count - 1
    var next = parts[last].count
    let (group, key) = (
      parts[last].groups.pointer(UInt32.self), parts[last].keys.pointer(Key.self)
    )
    forEachValue(vector, Int64.self, count: count) { row, bits in
      group[next] = groups[row]
      key[next] = coding.key(bits, Key.self)
      next += 1
    }
    parts[last].count = next
  }

  func merge(_ other: KeptRanks, _ mapping: UnsafePointer<UInt32>, _ count: Int) {
    let numbers = Array(UnsafeBufferPointer(start: mapping, count: count))
    for part in other.parts {
      var part = part
      part.mapping = part.mapping.map { $0.map { numbers[Int($0)] } } ?? numbers
      parts.append(part)
    }
    other.parts = []
  }

  func find(
    _ ranks: RankAccumulator.Ranks, _ rankCount: Int, groupCount: Int
  ) -> RankAccumulator.Found {
    var sizes = [Int](repeating: 0, count: groupCount)
    for part in parts { part.forEachKey { group, _ in sizes[group] += 1 } }
    let rowCount = sizes.reduce(0, +)
    let keys = Buffer(Key.self, count: rowCount)
    let key = keys.pointer(Key.self)
    var next = [Int](repeating: 0, count: groupCount)
    for group in 1..<max(groupCount, 1) { next[group] = next[group - 1] + sizes[group - 1] }
    let starts = next
    for part in parts {
      part.forEachKey { group, value in
        key[next[group]] = value
        next[group] += 1
      }
    }
    let values = Buffer(Int64.self, count: groupCount * rankCount)
    let value = values.pointer(Int64.self)
    for group in 0..<groupCount where sizes[group] > 0 {
      let own = UnsafeMutableBufferPointer(start: key + starts[group], count: sizes[group])
      RankSelection.select(own, ranks: ranks(sizes[group])) { slot, found in
        value[group * rankCount + slot] = coding.bits(UInt64(found))
      }
    }
    return RankAccumulator.Found(sizes: sizes, rankCount: rankCount, values: values)
  }
}
