import Glibc

/// The inner loops of growing trees.
enum HistogramKernels {
  typealias Histogram = UnsafeMutablePointer<GradientPair>

  /// Adds the derivatives of the rows listed to the sums of their codes.
  static func add(
    _ list: UnsafePointer<UInt32>, _ count: Int, codes: UnsafePointer<UInt8>, stride: Int,
    featureCount: Int, gradients: UnsafePointer<GradientPair>, to histogram: Histogram
  ) {
    if stride == 8 {
      switch featureCount {
      case 1: addWords(list, count, codes, 1, gradients, histogram)
      case 2: addWords(list, count, codes, 2, gradients, histogram)
      case 3: addWords(list, count, codes, 3, gradients, histogram)
      case 4: addWords(list, count, codes, 4, gradients, histogram)
      case 5: addWords(list, count, codes, 5, gradients, histogram)
      case 6: addWords(list, count, codes, 6, gradients, histogram)
      case 7: addWords(list, count, codes, 7, gradients, histogram)
      default: addWords(list, count, codes, 8, gradients, histogram)
      }
      return
    }
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

  /// A row's codes are one word; with a constant number of features the loop over them unrolls.
  @inline(__always)
  private static func addWords(
    _ list: UnsafePointer<UInt32>, _ count: Int, _ codes: UnsafePointer<UInt8>,
    _ featureCount: Int, _ gradients: UnsafePointer<GradientPair>, _ histogram: Histogram
  ) {
    let words = UnsafeRawPointer(codes)
    var place = 0
    while place < count {
      let row = Int(list[place])
      var word = words.load(fromByteOffset: row &* 8, as: UInt64.self)
      let pair = gradients[row]
      var feature = 0
      while feature < featureCount {
        histogram[feature &* 256 &+ Int(truncatingIfNeeded: word & 0xFF)] &+= pair
        word >>= 8
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
