/// Who visits: users of several degrees of loyalty, each present for a stretch of the two months.
///
/// The users of a class arrive one after the other at even distances on the session clock (the
/// share of all sessions begun so far), some of them before the first day, and stay for the class's
/// lifetime. A visit at a time belongs to a user who arrived one lifetime ago at most; how often
/// one user is drawn varies by chance alone, and how loyal, by class. No table of users is needed.
struct Population: Sendable {
  private struct Kind: Sendable {
    /// Share of all visits.
    var share: Double
    /// Users in the full two months, those that arrived before and left visits behind included.
    var users: Double
    /// Stay, as a share of the two months; 0 for users who come once.
    var lifetime: Double
  }

  private static let kinds = [
    Kind(share: 0.0475, users: 0, lifetime: 0),
    Kind(share: 0.0475, users: 0, lifetime: 0),
    Kind(share: 0.120, users: 2_300_000, lifetime: 1.1),
    Kind(share: 0.160, users: 1_400_000, lifetime: 1.2),
    Kind(share: 0.200, users: 800_000, lifetime: 1.5),
    Kind(share: 0.205, users: 410_000, lifetime: 2.0),
    Kind(share: 0.130, users: 115_000, lifetime: 2.2),
    Kind(share: 0.070, users: 26_000, lifetime: 2.2),
    Kind(share: 0.020, users: 2_800, lifetime: 2.2),
  ]

  private let draws: AliasTable
  /// Users of each class at this row count, and the number of those in the classes before.
  private let counts: [Int]
  private let before: [Int]
  private let total: Int
  private let seed: UInt64
  /// Visits by one-time users of a class for the whole of the session clock.
  private let singleVisits: Double

  init(rows: Int, seed: UInt64) {
    let scale = Double(rows) / Double(ClickstreamGenerator.fullRows)
    let visits = scale * Self.visitsAtFullSize
    singleVisits = max(1, visits * Self.kinds[0].share)
    counts = Self.kinds.map {
      max(1, Int($0.lifetime == 0 ? 1.05 * visits * $0.share : $0.users * scale))
    }
    var sum = 0
    before = counts.map { count in
      defer { sum += count }
      return sum
    }
    total = sum
    draws = AliasTable(weights: Self.kinds.map(\.share))
    self.seed = seed ^ 0x05E2_5EED
  }

  /// A user of the shop: the identifier, and how inclined to buy.
  struct User {
    var identifier: UInt32
    /// Multiplies the chance of buying; 1 on the average over sessions.
    var inclination: Double
  }

  /// Draws the user of a visit at `clock`, the share of all sessions begun.
  ///
  /// `singles` counts the one-time users of the caller's slice, which began at `sliceClock`.
  func draw(
    at clock: Double, sliceClock: Double, singles: inout [Int], _ random: inout RandomStream
  ) -> User {
    let kind = draws.draw(&random)
    let lifetime = Self.kinds[kind].lifetime
    let count = counts[kind]
    let index: Int
    let arrival: Double
    if lifetime == 0 {
      index = min(count - 1, Int(sliceClock * singleVisits) + singles[kind])
      singles[kind] += 1
      arrival = clock
    } else {
      let drawn = clock - random.unit() * lifetime
      index = min(count - 1, max(0, Int((drawn + lifetime) / (1 + lifetime) * Double(count))))
      arrival = Double(index) / Double(count) * (1 + lifetime) - lifetime
    }
    let word = scrambled(seed ^ UInt64(before[kind] + index) &* 0x9E37_79B9_7F4A_7C15)
    let isNew = arrival > 0 && word & 1_023 < 500
    let identifier =
      isNew ? newIdentifier(arrival, kind, count, word) : oldIdentifier(before[kind] + index)
    let group = (word >> 10) & 1_023
    let inclination = group < 717 ? 0.12 : group < 922 ? 1.4 : 6.36
    return User(identifier: UInt32(identifier), inclination: inclination)
  }

  /// Identifiers of users who came in the two months grow with their arrival; each class has its
  /// own residue, so that no two users share one.
  @inline(__always)
  private func newIdentifier(_ arrival: Double, _ kind: Int, _ count: Int, _ word: UInt64) -> Int {
    let slots = Double(Self.newIdentifiers / 16)
    let room = max(1, Int(slots / Double(count) * (1 + Self.kinds[kind].lifetime)))
    let slot = Int(arrival * slots) + Int(word >> 40) % room
    return Self.newestBefore + slot * 16 + kind
  }

  /// Identifiers of older users: a permutation of all users, spread as the published quantiles.
  @inline(__always)
  private func oldIdentifier(_ number: Int) -> Int {
    let rank = Int((UInt64(number) &* 2_654_435_761) % UInt64(total))
    let position = (Double(rank) + 0.5) / Double(total)
    var upper = 1
    while Self.oldQuantiles[upper].share < position { upper += 1 }
    let (low, high) = (Self.oldQuantiles[upper - 1], Self.oldQuantiles[upper])
    let part = (position - low.share) / (high.share - low.share)
    return Int(low.identifier + part * (high.identifier - low.identifier))
  }

  private static let visitsAtFullSize = 18_300_000.0
  private static let newestBefore = 555_470_000
  private static let newIdentifiers = 24_500_000
  private static let oldQuantiles: [(share: Double, identifier: Double)] = [
    (0, 205e6), (0.002, 480e6), (0.01, 512.38e6), (0.11, 513.3e6), (0.30, 516.3e6),
    (0.55, 531.5e6), (0.8, 546e6), (1, 555.46e6),
  ]
}
