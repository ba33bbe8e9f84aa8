import ColStore
import Synchronization

/// The features of all rows as bin codes, one byte a cell, each feature's after another's.
public struct BinnedColumns: Sendable {
  public let names: [String]
  public let rowCount: Int
  let borders: [BinBorders]
  private let codes: [Buffer]

  /// How features are cut into bins.
  struct Binning: Sendable {
    var side = BinBorders.Side.belowCut
    var binsMax = 256
    /// Features whose values are category codes 0, 1, …, each a bin of its own.
    var categorical: Set<Int> = []
  }

  /// Cuts at borders found among `training` rows (nil: all), and codes all rows. Features are worked
  /// on in parallel; as many lie in memory as doubles as there are threads.
  init(
    _ features: any FeatureSource, training: [UInt32]?, binning: Binning, threads: Int
  ) throws(ModelError) {
    names = features.names
    rowCount = features.rowCount
    let rowCount = rowCount
    let results = Mutex([Int: (BinBorders, Buffer)]())
    let work = WorkCounter(count: names.count)
    do {
      try runWorkers(max(1, min(threads, names.count))) { _ in
        while let feature = work.next() {
          let column = try features.column(at: feature)
          let codes = Buffer(UInt8.self, count: rowCount)
          let borders = column.withValues { values in
            Self.code(
              values, training, binning, isCategorical: binning.categorical.contains(feature),
              into: codes.pointer(UInt8.self))
          }
          results.withLock { $0[feature] = (borders, codes) }
        }
      }
    } catch {
      throw (error as? ModelError) ?? ModelError("\(error)")
    }
    let found = results.withLock { $0 }
    let ordered = names.indices.compactMap { found[$0] }
    borders = ordered.map(\.0)
    codes = ordered.map(\.1)
  }

  private static func code(
    _ values: UnsafeBufferPointer<Double>, _ training: [UInt32]?, _ binning: Binning,
    isCategorical: Bool, into codes: UnsafeMutablePointer<UInt8>
  ) -> BinBorders {
    let counts = ValueCounts(values, rows: training, asFloat: binning.side == .belowCut)
    if isCategorical {
      let borders = BinBorders.categories(of: counts, binsMax: binning.binsMax)
      borders.writeCategories(values, into: codes)
      return borders
    }
    let borders: BinBorders
    switch binning.side {
    case .belowCut:
      borders = .quantiles(of: counts, binsMax: binning.binsMax)
    case .atMostCut: borders = .greedy(of: counts, binsMax: binning.binsMax)
    }
    var table: [UInt8]?
    if counts.isSmallRange, borders.maximum >= borders.minimum {
      var bin = 0
      table = (0...Int(borders.maximum - borders.minimum)).map { offset in
        let value = borders.minimum + Double(offset)
        while bin < borders.cuts.count,
          borders.side == .belowCut ? value >= borders.cuts[bin] : value > borders.cuts[bin]
        { bin += 1 }
        return UInt8(truncatingIfNeeded: bin)
      }
    }
    if borders.side == .belowCut && table == nil {
      borders.writeRounded(values, into: codes)
    } else {
      borders.write(values, table: table, into: codes)
    }
    return borders
  }

  /// Lends the codes of one feature.
  func withCodes<Result>(
    of feature: Int, _ body: (UnsafePointer<UInt8>) -> Result
  ) -> Result {
    withExtendedLifetime(codes) { body(UnsafePointer(codes[feature].pointer(UInt8.self))) }
  }
}

extension BinBorders {
  /// As ``write``, each value rounded to 32 bits before it is compared.
  func writeRounded(
    _ values: UnsafeBufferPointer<Double>, into codes: UnsafeMutablePointer<UInt8>
  ) {
    let missing = UInt8(truncatingIfNeeded: missingCode)
    let padded = cuts.map { Float($0) } + [Float](repeating: .infinity, count: 256 - cuts.count)
    padded.withUnsafeBufferPointer { cuts in
      guard let cuts = cuts.baseAddress else { return }
      var row = 0
      while row < values.count {
        let value = Float(values[row])
        // Eight halvings over 256 padded cuts find how many are at most the value.
        var first = 0
        first &+= cuts[first &+ 127] <= value ? 128 : 0
        first &+= cuts[first &+ 63] <= value ? 64 : 0
        first &+= cuts[first &+ 31] <= value ? 32 : 0
        first &+= cuts[first &+ 15] <= value ? 16 : 0
        first &+= cuts[first &+ 7] <= value ? 8 : 0
        first &+= cuts[first &+ 3] <= value ? 4 : 0
        first &+= cuts[first &+ 1] <= value ? 2 : 0
        first &+= cuts[first] <= value ? 1 : 0
        let bin = UInt8(truncatingIfNeeded: min(first, binCount &- 1))
        codes[row] = value.isNaN ? missing : bin
        row &+= 1
      }
    }
  }
}
