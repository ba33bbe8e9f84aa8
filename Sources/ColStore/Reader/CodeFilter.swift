import CKernels
import Synchronization

/// A condition on a coded column, told for each code beforehand.
///
/// On a derived column it becomes one on the parent's codes, once for all rows (``overParent(_:_:)``),
/// so that rows are found where the parent's codes are runs or repeats. Few codes are kept as a list,
/// and a verdict for each code is made of it only when asked for.
public final class CodeFilter: Sendable {
  /// Codes so few that looking for them beats looking at all.
  private static let membersMax = 1024
  private static let searchedMax = 4

  let column: Int
  let codeCount: Int
  /// The codes that the condition holds for, ascending, where they are few.
  let members: [UInt32]?
  private let verdicts: Mutex<Buffer?>
  private let translated = Mutex<CodeFilter?>(nil)

  /// `verdicts` has a byte for each of the `codeCount` codes: 1 where the condition holds, else 0.
  public init(column: Int, verdicts: Buffer, codeCount: Int) {
    self.column = column
    self.verdicts = Mutex(verdicts)
    self.codeCount = codeCount
    members = Self.members(verdicts, codeCount)
  }

  /// Holds where the column, whose dictionary is of words, has that value.
  public convenience init(column: Int, value: Int64, dictionary: Vector) {
    let values = dictionary.pointer(Int64.self)
    var members: [UInt32] = []
    Self.forEachPlace(of: UInt64(bitPattern: value), among: values, dictionary.count, bytes: 8) {
      if !dictionary.isNull(Int($0)) { members.append($0) }
      return true
    }
    self.init(column: column, members: members, codeCount: dictionary.count)
  }

  /// Holds for ascending `members`.
  init(column: Int, members: [UInt32], codeCount: Int) {
    self.column = column
    self.codeCount = codeCount
    self.members = members
    verdicts = Mutex(nil)
  }

  /// A byte a code, 1 where the condition holds; valid as long as the filter.
  var flags: UnsafePointer<UInt8> {
    verdicts.withLock { known in
      if let known { return UnsafePointer(known.pointer(UInt8.self)) }
      let flags = Buffer(zeroed: UInt8.self, count: codeCount)
      for code in members ?? [] { flags.pointer(UInt8.self)[Int(code)] = 1 }
      known = flags
      return UnsafePointer(flags.pointer(UInt8.self))
    }
  }

  /// Holds where both do, which are conditions on one column.
  public func intersection(_ other: CodeFilter) -> CodeFilter {
    let (own, their) = (flags, other.flags)
    if let members {
      return CodeFilter(
        column: column, members: members.filter { their[Int($0)] != 0 }, codeCount: codeCount)
    }
    let verdicts = Buffer(byteCount: codeCount)
    let output = verdicts.pointer(UInt8.self)
    for code in 0..<codeCount { output[code] = own[code] & their[code] }
    return withExtendedLifetime((self, other)) {
      CodeFilter(column: column, verdicts: verdicts, codeCount: codeCount)
    }
  }

  /// Whether the condition holds for no code.
  public var isNever: Bool { members?.isEmpty ?? false }

  private static func members(_ verdicts: Buffer, _ count: Int) -> [UInt32]? {
    let flags = verdicts.pointer(UInt8.self)
    let words = UnsafeRawPointer(verdicts.base)
    var members: [UInt32] = []
    var code = 0
    while code < count {
      if code + 8 <= count && words.loadUnaligned(fromByteOffset: code, as: UInt64.self) == 0 {
        code += 8
        continue
      }
      let end = min(code + 8, count)
      while code < end {
        if flags[code] != 0 {
          if members.count == membersMax { return nil }
          members.append(UInt32(truncatingIfNeeded: code))
        }
        code += 1
      }
    }
    return members
  }

  /// Whether a code from `first` to `last` may satisfy the condition.
  func mayHold(first: UInt32, last: UInt32) -> Bool {
    guard let members else { return true }
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) >> 1
      if members[middle] < first { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low] <= last
  }

  /// The same condition on the codes of `parent`, of which `map` gives this column's codes.
  func overParent(_ parent: Int, _ map: DerivedMap) -> CodeFilter {
    translated.withLock { known in
      if let known { return known }
      let filter = searched(parent, map) ?? lookedUp(parent, map)
      known = filter
      return filter
    }
  }

  /// Looks for the parents of few codes; nil where they are not few.
  private func searched(_ parent: Int, _ map: DerivedMap) -> CodeFilter? {
    guard let members, members.count <= Self.searchedMax else { return nil }
    var parents: [UInt32] = []
    for code in members {
      Self.forEachPlace(of: UInt64(code), among: map.codes, map.count, bytes: 4) {
        parents.append($0)
        return parents.count <= Self.membersMax
      }
      if parents.count > Self.membersMax { return nil }
    }
    return CodeFilter(column: parent, members: parents.sorted(), codeCount: map.count)
  }

  /// Calls `body` with the places of a number among `count` unsigned ones of `bytes` each, ascending,
  /// until it returns false.
  private static func forEachPlace(
    of number: UInt64, among numbers: UnsafeRawPointer, _ count: Int, bytes: Int,
    _ body: (UInt32) -> Bool
  ) {
    // The search writes a little behind the places that it finds.
    let stretch = 1 << 14
    let room = Buffer(UInt32.self, count: stretch + runSlack)
    defer { withExtendedLifetime(room) {} }
    let places = room.pointer(UInt32.self)
    for start in stride(from: 0, to: count, by: stretch) {
      let found = ecq_choose_between(
        numbers + start * bytes, min(stretch, count - start), Int32(bytes), number, 0, places)
      for index in 0..<found where !body(UInt32(start) + places[index]) { return }
    }
  }

  private func lookedUp(_ parent: Int, _ map: DerivedMap) -> CodeFilter {
    let verdicts = Buffer(byteCount: map.count)
    let output = verdicts.pointer(UInt8.self)
    let own = flags
    var code = 0
    while code < map.count {
      output[code] = own[Int(map.codes[code])]
      code += 1
    }
    return CodeFilter(column: parent, verdicts: verdicts, codeCount: map.count)
  }
}
