import CKernels
import Glibc

/// The inner loops of growing trees.
enum HistogramKernels {
  typealias Histogram = UnsafeMutablePointer<GradientPair>

  /// Adds the derivatives of the rows listed to the sums of their codes.
  static func add(
    _ list: UnsafePointer<UInt32>, _ count: Int, of rows: BinnedRows,
    gradients: UnsafePointer<GradientPair>, to histogram: Histogram
  ) {
    if let arrangement = rows.arrangement {
      ecq_add_to_histogram(
        list, count, UnsafeRawPointer(rows.codes).assumingMemoryBound(to: UInt64.self),
        UnsafeRawPointer(gradients).assumingMemoryBound(to: Int64.self), arrangement.features,
        arrangement.features.count, arrangement.steadyCount, arrangement.steadyMask,
        UnsafeMutableRawPointer(histogram).assumingMemoryBound(to: Int64.self))
      return
    }
    let (codes, stride, featureCount) = (rows.codes, rows.stride, rows.featureCount)
    var place = 0
    while place < count {
      let row = Int(list[place])
      let pair = gradients[row]
      let start = codes + row &* stride
      var feature = 0
      var at = histogram
      while feature < featureCount {
        at[Int(start[feature])] &+= pair
        at += 256
        feature &+= 1
      }
      place &+= 1
    }
  }

  /// Parts the rows listed, in their order: those whose code `table` maps to 1 stay in front.
  ///
  /// - Returns: How many go left.
  static func part(
    _ list: UnsafeMutablePointer<UInt32>, _ count: Int, codes: UnsafePointer<UInt8>, stride: Int,
    table: UnsafePointer<UInt8>, scratch: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var left = 0
    var right = 0
    var place = 0
    while place < count {
      let row = list[place]
      let goesLeft = Int(table[Int(codes[Int(row) &* stride])])
      list[left] = row
      scratch[right] = row
      left &+= goesLeft
      right &+= 1 &- goesLeft
      place &+= 1
    }
    memcpy(list + left, scratch, right * 4)
    return left
  }

  static func sum(
    _ list: UnsafePointer<UInt32>, _ count: Int, _ gradients: UnsafePointer<GradientPair>
  ) -> GradientPair {
    var sum = GradientPair.zero
    var place = 0
    while place < count {
      sum &+= gradients[Int(list[place])]
      place &+= 1
    }
    return sum
  }

  static func count(
    _ list: UnsafePointer<UInt32>, _ count: Int, _ rowCounts: UnsafePointer<UInt32>?
  ) -> Int {
    guard let rowCounts else { return count }
    var sum = 0
    var place = 0
    while place < count {
      sum &+= Int(rowCounts[Int(list[place])])
      place &+= 1
    }
    return sum
  }

  static func add(_ other: UnsafePointer<GradientPair>, _ codes: Int, to histogram: Histogram) {
    var code = 0
    while code < codes {
      histogram[code] &+= other[code]
      code &+= 1
    }
  }

  static func subtract(
    _ other: UnsafePointer<GradientPair>, _ codes: Int, from histogram: Histogram
  ) {
    var code = 0
    while code < codes {
      histogram[code] &-= other[code]
      code &+= 1
    }
  }

  /// The codes below `binCount` of which there are rows, ascending.
  static func occupied(
    _ histogram: UnsafePointer<GradientPair>, _ binCount: Int,
    into bins: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var count = 0
    var bin = 0
    while bin < binCount {
      bins[count] = UInt8(truncatingIfNeeded: bin)
      count &+= histogram[bin] != .zero ? 1 : 0
      bin &+= 1
    }
    return count
  }
}
