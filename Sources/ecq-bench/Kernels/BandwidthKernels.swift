import ColStore
import Glibc
import Synchronization

/// What the memory can do, which no kernel over data in memory can exceed.
enum BandwidthKernels {
  private static let byteCount = 1 << 28
  private static let bytesABlock = 1 << 20

  static func all() -> [Kernel] {
    let source = filled(byteCount / 8) { UInt64($0) }
    let target = Buffer(byteCount: byteCount)
    target.zero()
    return [
      kernel("memory: read", bytes: byteCount) { offset in
        sink(sum(source.base + offset, bytesABlock))
      },
      kernel("memory: write", bytes: byteCount) { offset in
        memset(target.base + offset, 1, bytesABlock)
      },
      kernel("memory: copy", bytes: 2 * byteCount) { offset in
        memcpy(target.base + offset, source.base + offset, bytesABlock)
      },
    ]
  }

  private static func kernel(
    _ name: String, bytes: Int, _ body: @escaping @Sendable (Int) -> Void
  ) -> Kernel {
    Kernel(
      name: name, kind: .bandwidth, items: "bytes", itemCount: byteCount, byteCount: bytes,
      blockLength: bytesABlock
    ) { blocks in
      for block in blocks { body(block * bytesABlock) }
    }
  }

  private static func sum(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> UInt64 {
    let words = bytes.assumingMemoryBound(to: SIMD8<UInt64>.self)
    var first = SIMD8<UInt64>.zero
    var second = SIMD8<UInt64>.zero
    var place = 0
    while place < count / 64 {
      first &+= words[place]
      second &+= words[place &+ 1]
      place &+= 2
    }
    return (first &+ second).wrappedSum()
  }
}

/// Takes what a kernel found, so that finding it is not left out.
func sink(_ value: UInt64) { taken.wrappingAdd(value, ordering: .relaxed) }

private let taken = Atomic<UInt64>(0)
