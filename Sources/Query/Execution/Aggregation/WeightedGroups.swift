import ColStore

/// The groups and weights of some rows of a batch.
final class WeightedGroups {
  private let groupBuffer: Buffer
  private let weightBuffer: Buffer

  init(
    _ groups: UnsafePointer<UInt32>, _ weights: UnsafePointer<Int64>, _ selection: Selection
  ) {
    groupBuffer = Buffer(UInt32.self, count: selection.count)
    weightBuffer = Buffer(Int64.self, count: selection.count)
    GatherKernels.gather(
      groups, at: selection.pointer, into: groupBuffer.pointer(UInt32.self),
      count: selection.count)
    GatherKernels.gather(
      weights, at: selection.pointer, into: weightBuffer.pointer(Int64.self),
      count: selection.count)
  }

  var groups: UnsafePointer<UInt32> { UnsafePointer(groupBuffer.pointer(UInt32.self)) }
  var weights: UnsafePointer<Int64> { UnsafePointer(weightBuffer.pointer(Int64.self)) }
}
