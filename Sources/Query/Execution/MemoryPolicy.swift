import ColStore

/// Tells the heap to keep the buffers of batches instead of handing them back to the system after
/// each use.
enum MemoryPolicy {
  /// Where memory is limited, it goes back, so that what the process holds is what it uses.
  static func apply(_ options: QueryOptions) {
    _ = options.memoryLimit == nil ? keepsFreedMemory : returnsFreedMemory
  }

  private static let returnsFreedMemory: Bool = {
    keepFreedMemory(false)
    return true
  }()

  /// Applied on first use.
  private static let keepsFreedMemory: Bool = {
    keepFreedMemory(true)
    return true
  }()
}
