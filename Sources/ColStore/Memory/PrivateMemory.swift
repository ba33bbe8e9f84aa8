import CKernels
import Glibc

/// Bytes of memory that this process has for itself alone: resident, and not pages of files.
/// Read from `/proc/self/statm`; 0 where that cannot be read.
public func privateMemoryBytes() -> Int {
  let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return 0 }
  defer { close(descriptor) }
  return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { text in
    let count = read(descriptor, text.baseAddress, text.count)
    // Pages: size, resident, shared, …
    var fields = [0, 0, 0]
    var field = 0
    for byte in text.prefix(max(count, 0)) {
      if byte == UInt8(ascii: " ") {
        field += 1
        if field == fields.count { break }
      } else if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
        fields[field] = fields[field] &* 10 &+ Int(byte - UInt8(ascii: "0"))
      }
    }
    return max(fields[1] - fields[2], 0) * sysconf(Int32(_SC_PAGESIZE))
  }
}

/// Bytes of memory that this machine has.
let physicalMemoryBytes =
  max(sysconf(Int32(_SC_PHYS_PAGES)), 0) * max(sysconf(Int32(_SC_PAGESIZE)), 0)

/// Bytes of the heap that are in use, without those that were freed and are kept for later; 0 where
/// that is not known.
public func heapBytesInUse() -> Int { ecq_heap_bytes_in_use() + LargeMemory.bytesTaken }

/// Hands freed memory back to the system.
public func returnFreedMemory() {
  LargeMemory.returnSpare()
  ecq_return_freed_memory()
}

/// Keeps freed memory for the next use, or hands it back to the system at once.
public func keepFreedMemory(_ keeps: Bool) {
  LargeMemory.keep(keeps)
  if keeps { ecq_keep_freed_memory() } else { ecq_return_memory_when_freed() }
}
