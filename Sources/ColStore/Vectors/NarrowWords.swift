import CKernels
import Synchronization

/// Words of consecutive rows in fewer bytes each: word = reference + kept × scale. They are written out
/// when somebody asks for them.
public final class NarrowWords: @unchecked Sendable {
  public let count: Int
  /// A number a row, of so many bytes: 1, 2 or 4.
  public let kept: UnsafeRawPointer
  public let bytes: Int
  /// No number is greater.
  public let greatest: UInt32
  public let scale: UInt64
  public let reference: UInt64
  private let owner: AnyObject
  private let written = Mutex<Buffer?>(nil)

  /// `count` numbers, none greater than `greatest`, in memory that `owner` keeps alive.
  public init(
    kept: UnsafeRawPointer, count: Int, bytes: Int, greatest: UInt32, scale: UInt64 = 1,
    reference: UInt64, owner: AnyObject
  ) {
    precondition([1, 2, 4].contains(bytes), "narrow words have one, two or four bytes")
    self.kept = kept
    self.count = count
    self.bytes = bytes
    self.greatest = greatest
    self.scale = scale
    self.reference = reference
    self.owner = owner
  }

  /// A word a row, for as long as these words live.
  var words: UnsafeRawPointer {
    written.withLock { known in
      if let known { return UnsafeRawPointer(known.base) }
      let output = Buffer(UInt64.self, count: count)
      ecq_widen_u64(kept, count, Int32(bytes), scale, reference, output.pointer(UInt64.self))
      known = output
      return UnsafeRawPointer(output.base)
    }
  }

  var areWritten: Bool { written.withLock { $0 != nil } }

  /// The words of some rows.
  public func pick(
    _ rows: UnsafePointer<UInt32>, _ rowCount: Int, into output: UnsafeMutablePointer<UInt64>
  ) {
    ecq_pick_u64(kept, Int32(bytes), scale, reference, rows, rowCount, output)
  }

  func slice(offset: Int, count: Int) -> NarrowWords {
    NarrowWords(
      kept: kept + offset * bytes, count: count, bytes: bytes, greatest: greatest, scale: scale,
      reference: reference, owner: owner)
  }
}
