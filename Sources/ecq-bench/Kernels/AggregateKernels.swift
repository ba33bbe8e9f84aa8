import ColStore
import ML
import Query

/// The accumulators of the engine, each thread with its own.
enum AggregateKernels {
  static func all() -> [Kernel] {
    var random = SplitMix64(seed: 3)
    let price = DataType.decimal(precision: 9, scale: 2)
    let prices = filled(Kernel.rowCount) { _ in Int64(random.next(below: 257_407)) }
    return [4, 1 << 10, 1 << 20].flatMap { groupCount in
      let groups = filled(Kernel.rowCount) { _ in UInt32(random.next(below: groupCount)) }
      return [
        kernel("count(*)", [], groups, prices, groupCount, bytesARow: 4),
        kernel("sum(price)", [price], groups, prices, groupCount, bytesARow: 12),
        kernel("max(price)", [price], groups, prices, groupCount, bytesARow: 12),
      ]
    }
  }

  private static func kernel(
    _ call: String, _ types: [DataType], _ groups: Buffer, _ prices: Buffer, _ groupCount: Int,
    bytesARow: Double
  ) -> Kernel {
    let name = String(call.prefix { $0 != "(" })
    return Kernel(
      "aggregate: \(call) by \(groupCount) groups", .aggregate, bytesARow: bytesARow
    ) { blocks in
      do {
        let accumulator = try makeAccumulator(of: name, over: types)
        accumulator.resize(to: groupCount)
        try Kernel.eachBlock(blocks) { first in
          let arguments = types.map {
            Vector(
              flat: $0, count: Kernel.rowsABlock,
              values: UnsafeRawPointer(prices.pointer(Int64.self) + first), owners: [prices])
          }
          try accumulator.update(
            groups: groups.pointer(UInt32.self) + first, arguments: arguments,
            count: Kernel.rowsABlock)
        }
      } catch {
        preconditionFailure("numbers can be aggregated: \(error)")
      }
    }
  }
}
