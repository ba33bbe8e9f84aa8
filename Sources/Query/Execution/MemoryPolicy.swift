import CKernels

/// Tells the heap to keep the buffers of batches instead of handing them back to the system after
/// each use.
enum MemoryPolicy {
  /// Applied on first use.
  static let isApplied: Bool = {
    ecq_keep_freed_memory()
    return true
  }()
}
