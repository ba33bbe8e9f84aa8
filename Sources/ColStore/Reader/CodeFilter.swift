import CKernels
import Synchronization

/// A condition on a coded column, told for each code beforehand.
///
/// On a derived column it becomes one on the parent's codes, once for all rows (``overParent(_:)``),
/// so that rows are found where the parent's codes are runs or repeats.
public final class CodeFilter: Sendable {
  /// Codes so few that looking for them beats looking at all.
  private static let membersMax = 1024
  private static let searchedMax = 4

  let column: Int
  let verdicts: Buffer
  let codeCount: Int
  /// The codes that the condition holds for, ascending, where they are few.
  let members: [UInt32]?
  private let translated = Mutex<CodeFilter?>(nil)

  /// `verdicts` has a byte for each of the `codeCount` codes: 1 where the condition holds, else 0.
  public init(column: Int, verdicts: Buffer, codeCount: Int) {
    self.column = column
    self.verdicts = verdicts
    self.codeCount = codeCount
    members = Self.members(verdicts, codeCount)
  }

  var flags: UnsafePointer<UInt8> { UnsafePointer(verdicts.pointer(UInt8.self)) }

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
      let flags = Buffer(byteCount: map.count)
      let output = flags.pointer(UInt8.self)
      if let members, members.count <= Self.searchedMax {
        flags.zero()
        for code in members { ecq_mark_equal_u32(map.codes, map.count, code, output) }
      } else {
        let own = self.flags
        var code = 0
        while code < map.count {
          output[code] = own[Int(map.codes[code])]
          code += 1
        }
      }
      let filter = CodeFilter(column: parent, verdicts: flags, codeCount: map.count)
      known = filter
      return filter
    }
  }
}
