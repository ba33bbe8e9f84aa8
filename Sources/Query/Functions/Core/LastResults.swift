import ColStore

/// The last results of a function of whole numbers, by their lowest bits: for calendars, whose days
/// come again and again.
struct LastResults<Result: BitwiseCopyable> {
  private static var slotCount: Int { 256 }
  private let arguments: Buffer
  private let results: Buffer

  init(filler: Result) {
    arguments = Buffer(Int64.self, count: Self.slotCount)
    results = Buffer(Result.self, count: Self.slotCount)
    // No number lies in the slot of its complement.
    for slot in 0..<Self.slotCount { arguments.pointer(Int64.self)[slot] = ~Int64(slot) }
    results.pointer(Result.self).update(repeating: filler, count: Self.slotCount)
  }

  /// `make()`, unless it was made for `argument` a moment ago.
  @inline(__always)
  func of<Failure>(
    _ argument: Int64, make: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let slot = Int(truncatingIfNeeded: argument) & (Self.slotCount - 1)
    if arguments.pointer(Int64.self)[slot] != argument {
      results.pointer(Result.self)[slot] = try make()
      arguments.pointer(Int64.self)[slot] = argument
    }
    return results.pointer(Result.self)[slot]
  }
}
