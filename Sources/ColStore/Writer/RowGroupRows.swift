import Glibc

/// A row group's rows in store order, as far as several columns need them.
final class RowGroupRows: @unchecked Sendable {
  let data: RowGroupData
  let rowCount: Int
  private let order: RowOrder?
  /// The codes of the clustering column.
  let clusters: Buffer?
  /// The codes of columns that others are derived from, and of the clustering column.
  let parentCodes: [Int: Buffer]

  init(_ data: RowGroupData, rowCount: Int, clusterColumn: Int?) {
    self.data = data
    self.rowCount = rowCount
    let order = clusterColumn.map {
      RowOrder(clusterCodes: data.columns[$0].codes, count: rowCount, pool: data.pool)
    }
    self.order = order
    var parentCodes: [Int: Buffer] = [:]
    let parents = Set(data.columns.compactMap(\.plan.parent) + (clusterColumn.map { [$0] } ?? []))
    for parent in parents {
      parentCodes[parent] = Self.arranged(
        data.columns[parent].values, UInt32.self, order, rowCount, data.pool)
    }
    self.parentCodes = parentCodes
    clusters = clusterColumn.flatMap { parentCodes[$0] }
  }

  /// Gives the memory of a column back that no other needs.
  func release(_ column: Int) {
    if parentCodes[column] == nil { data.columns[column].release() }
  }

  /// Whether a column of codes follows from its parent's in every row.
  func follows(_ column: Int, from parent: Int, _ map: StableArray<UInt64>) -> Bool {
    let codes = data.columns[column].codes
    let expected = CodeMapping(
      data.columns[parent].codes, map, count: rowCount, pool: data.pool)
    return memcmp(codes, expected.codes, rowCount * MemoryLayout<UInt32>.stride) == 0
  }

  /// Values of rows in store order: where that is the order of the input, `values` itself.
  func arranged<Element: BitwiseCopyable>(_ values: Buffer, _ type: Element.Type) -> Buffer {
    Self.arranged(values, type, order, rowCount, data.pool)
  }

  private static func arranged<Element: BitwiseCopyable>(
    _ values: Buffer, _ type: Element.Type, _ order: RowOrder?, _ count: Int, _ pool: BufferPool
  ) -> Buffer {
    guard let order else { return values }
    let output = pool.buffer(Element.self, count: count)
    order.arrange(UnsafePointer(values.pointer(Element.self)), into: output.pointer(Element.self))
    return output
  }
}

/// The rows of a chunk that is being encoded, in store order.
struct ChunkRows {
  let count: Int
  let blockRows: Int
  let validity: UnsafePointer<UInt8>?
  let clusters: UnsafePointer<UInt32>?
  let pool: BufferPool

  var blocks: [Range<Int>] {
    stride(from: 0, to: count, by: blockRows).map { $0..<min($0 + blockRows, count) }
  }
}
