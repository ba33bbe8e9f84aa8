import CKernels
import ColStore

/// From the text of a CSV file to its fields.
enum ParseKernels {
  private static let bytesABlock = 1 << 20

  static func all() -> [Kernel] {
    let line =
      Array(
        "2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,".utf8)
      + Array("72d76fde-8bb3-4e00-8c23-a032dfed738c\n".utf8)
    let byteCount = 1 << 27
    let text = filled(byteCount) { line[$0 % line.count] }
    return [
      Kernel(
        name: "parse: commas and line ends of CSV", kind: .parse, items: "bytes",
        itemCount: byteCount, byteCount: byteCount, blockLength: bytesABlock
      ) { blocks in
        let ends = Buffer(UInt32.self, count: bytesABlock + 64)
        for block in blocks {
          let found = ecq_index_separators(
            text.pointer(UInt8.self) + block * bytesABlock, bytesABlock, UInt8(ascii: ","),
            ends.pointer(UInt32.self))
          sink(UInt64(found.count))
        }
      }
    ]
  }
}
