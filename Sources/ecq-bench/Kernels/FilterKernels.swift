import CKernels
import ColStore
import ML

/// From codes to the numbers of the rows that are wanted.
enum FilterKernels {
  static func all() -> [Kernel] {
    let block = Kernel.rowsABlock
    var random = SplitMix64(seed: 2)
    // 1.5 % of code 2, as purchases are among events.
    let kinds = filled(Kernel.rowCount) { _ in
      let drawn = random.next(below: 1000)
      return UInt8(drawn < 15 ? 2 : drawn < 50 ? 1 : 0)
    }
    let brands = filled(Kernel.rowCount) { _ in UInt16(random.next(below: 1 << 10)) }
    let wanted = filled(1 << 10) { UInt8($0 % 3 == 0 ? 1 : 0) }
    let rows = filled(Kernel.rowCount + block) { _ in UInt32(0) }
    return [
      Kernel("filter: equal, 8-bit codes, 1.5 % chosen", .filter, bytesARow: 1.06) { blocks in
        Kernel.eachBlock(blocks) {
          sink(
            UInt64(
              ecq_choose_equal(
                kinds.pointer(UInt8.self) + $0, block, 1, 2, rows.pointer(UInt32.self) + $0)))
        }
      },
      Kernel("filter: among 1024 codes of 16 bits, a third chosen", .filter, bytesARow: 3.33) {
        Kernel.eachBlock($0) {
          sink(
            UInt64(
              ecq_choose_codes(
                brands.pointer(UInt16.self) + $0, block, 2, wanted.pointer(UInt8.self), 1 << 10,
                rows.pointer(UInt32.self) + $0)))
        }
      },
    ]
  }
}
