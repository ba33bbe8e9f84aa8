import CKernels
import ColStore
import ML

/// The inner loops of training.
enum TrainKernels {
  private static let rows = 1 << 22
  private static let block = 1 << 12
  private static let features = 8

  static func all() -> [Kernel] { boosting() + others() }

  private static func boosting() -> [Kernel] {
    var random = SplitMix64(seed: 4)
    let codes = filled(rows) { _ in random.next() }
    let pairs = filled(rows) { _ in SIMD2(Int64(random.next(below: 1 << 20)), 1 << 18) }
    let near = filled(rows) { UInt32($0) }
    let far = filled(rows / 8) { UInt32($0 * 8) }
    let margins = filled(rows) { _ in Double(random.next(below: 8000)) / 1000 - 4 }
    let weights = filled(rows) { _ in
      random.next(below: 16) == 0 ? SIMD2<Double>(0, 1) : SIMD2(1, 0)
    }
    let names = filled(features) { UInt8($0) }

    @Sendable func histogram(_ blocks: Range<Int>, _ list: Buffer, _ length: Int) {
      let sums = Buffer(SIMD2<Int64>.self, count: features * 256)
      sums.zero()
      for place in blocks {
        ecq_add_to_histogram(
          list.pointer(UInt32.self) + place * length, length, codes.pointer(UInt64.self),
          pairs.pointer(Int64.self), names.pointer(UInt8.self), features, 0, 0,
          sums.pointer(Int64.self))
      }
    }
    return [
      kernel("train: histogram of 8 features, all rows", bytesARow: 4 + 8 + 16) {
        histogram($0, near, block)
      },
      kernel("train: histogram of 8 features, each eighth row", count: rows / 8, bytesARow: 28) {
        histogram($0, far, block)
      },
      kernel("train: gradients of the log loss", bytesARow: 8 + 16 + 16) { blocks in
        for place in blocks {
          let first = place * block
          ecq_logistic_gradients(
            margins.pointer(Double.self) + first, weights.pointer(Double.self) + first * 2, block,
            1, 1, Double(1 << 20), pairs.pointer(Int64.self) + first * 2)
        }
      },
    ]
  }

  private static func others() -> [Kernel] {
    var random = SplitMix64(seed: 5)
    func number() -> Double { Double(random.next(below: 2000)) / 1000 - 1 }
    // Blocks of rows, in each the columns one after the other; points row by row.
    let columns = filled(rows * features) { _ in number() }
    let classes = filled(rows) { _ in 1.0 }
    let start = filled(features + 1) { _ in number() }
    let centers = filled(features * 8) { _ in number() }
    let list = filled(block) { UInt32($0) }
    return [
      kernel("train: logistic loss and gradient, 8 features", bytesARow: 8 * 10) { blocks in
        let sums = Buffer(Double.self, count: 128)
        sums.zero()
        for place in blocks {
          ecq_logistic_sums(
            columns.pointer(Double.self) + place * block * features, block, block, features,
            classes.pointer(Double.self) + place * block,
            classes.pointer(Double.self) + place * block, start.pointer(Double.self), 0,
            sums.pointer(Double.self))
        }
      },
      kernel("train: nearest of 8 centres, 8 features", bytesARow: 8 * 8 + 4) { blocks in
        let nearest = Buffer(Int32.self, count: block)
        let distances = Buffer(Double.self, count: 2 * block)
        for place in blocks {
          ecq_nearest_centers(
            columns.pointer(Double.self) + place * block * features, features,
            list.pointer(UInt32.self), block, centers.pointer(Double.self), 8,
            nearest.pointer(Int32.self), distances.pointer(Double.self),
            distances.pointer(Double.self) + block)
        }
      },
    ]
  }

  private static func kernel(
    _ name: String, count: Int = rows, bytesARow: Int,
    _ run: @escaping @Sendable (Range<Int>) -> Void
  ) -> Kernel {
    Kernel(
      name: name, kind: .train, items: "rows", itemCount: count, byteCount: count * bytesARow,
      blockLength: block, run: run)
  }
}
