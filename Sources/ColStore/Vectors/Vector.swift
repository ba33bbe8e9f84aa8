import CKernels

/// A column of a batch: `count` values of one type in one of three layouts.
///
///     flat        values[row], validity[row]            one value a row
///     constant    values[0],   validity[0]              one value for all rows
///     dictionary  dictionary.values[codes[row]]         codes into a flat vector, which holds the
///                                                       NULLs too; entries may repeat
///
/// A vector is immutable once it has been handed on, and keeps alive what it points to.
public final class Vector: @unchecked Sendable {
  public enum Layout: Sendable {
    case flat
    case constant
    case dictionary
  }

  public let type: DataType
  public let count: Int
  public let layout: Layout
  /// Flat: `count` values of the physical type. Constant: one. Dictionary: those of its dictionary.
  @inlinable
  public var values: UnsafeRawPointer { writtenValues ?? widened }

  @usableFromInline let writtenValues: UnsafeRawPointer?
  private let narrowWords: NarrowWords?
  /// A byte a value, 1 where it is not NULL; nil where none is NULL. Indexed as `values`.
  public let validity: UnsafePointer<UInt8>?
  /// Dictionary layout: a code a row, each less than the dictionary's count.
  public var codes: UnsafePointer<UInt32>? {
    if let writtenCodes { return writtenCodes }
    return codeRuns.map { $0.expanded + firstRow }
  }

  private let writtenCodes: UnsafePointer<UInt32>?
  /// Dictionary layout, where rows are known as runs: those, and the vector's first row among them.
  private let codeRuns: CodeRuns?
  private let firstRow: Int
  /// Dictionary layout: the flat vector that the codes index.
  public let dictionary: Vector?
  /// LIST and MAP: the elements of all lists (of a map: its keys, then ``mapValues``).
  public let child: Vector?
  public let mapValues: Vector?
  /// Flat words without NULL: whether they ascend from row to row within each cluster of their table.
  public let ascendsInClusters: Bool
  private let owners: [AnyObject]

  /// A flat vector over memory that `owners` keep alive.
  public init(
    flat type: DataType, count: Int, values: UnsafeRawPointer,
    validity: UnsafePointer<UInt8>? = nil, child: Vector? = nil, mapValues: Vector? = nil,
    ascendsInClusters: Bool = false, owners: [AnyObject]
  ) {
    self.ascendsInClusters = ascendsInClusters
    self.type = type
    self.count = count
    self.layout = .flat
    self.writtenValues = values
    self.narrowWords = nil
    self.validity = validity
    self.writtenCodes = nil
    self.codeRuns = nil
    self.firstRow = 0
    self.dictionary = nil
    self.child = child
    self.mapValues = mapValues
    self.owners = owners
  }

  /// A flat vector that owns its buffers; a missing `validity` means no NULL.
  public convenience init(
    flat type: DataType, count: Int, values: Buffer, validity: Buffer? = nil,
    ascendsInClusters: Bool = false, owners: [AnyObject] = []
  ) {
    self.init(
      flat: type, count: count, values: UnsafeRawPointer(values.base),
      validity: validity.map { UnsafePointer($0.pointer()) },
      ascendsInClusters: ascendsInClusters,
      owners: [values as AnyObject] + (validity.map { [$0 as AnyObject] } ?? []) + owners)
  }

  /// A flat vector of whole numbers that are narrow until somebody reads ``values``.
  public init(
    narrow words: NarrowWords, _ type: DataType, validity: UnsafePointer<UInt8>? = nil,
    ascendsInClusters: Bool = false, owners: [AnyObject] = []
  ) {
    self.ascendsInClusters = ascendsInClusters
    self.type = type
    self.count = words.count
    self.layout = .flat
    self.writtenValues = nil
    self.narrowWords = words
    self.validity = validity
    self.writtenCodes = nil
    self.codeRuns = nil
    self.firstRow = 0
    self.dictionary = nil
    self.child = nil
    self.mapValues = nil
    self.owners = owners
  }

  @usableFromInline var widened: UnsafeRawPointer {
    guard let narrowWords else { preconditionFailure("values are written, or narrow") }
    return narrowWords.words
  }

  /// Flat words of 64 bits that are narrow, and not written out yet.
  public var narrow: NarrowWords? {
    guard let narrowWords, !narrowWords.areWritten else { return nil }
    return narrowWords
  }

  /// A vector whose rows are entries of `dictionary`, which is flat.
  public init(
    codes: UnsafePointer<UInt32>, count: Int, dictionary: Vector, owners: [AnyObject]
  ) {
    precondition(dictionary.layout == .flat, "codes point into a flat vector")
    self.type = dictionary.type
    self.count = count
    self.layout = .dictionary
    self.ascendsInClusters = false
    self.writtenValues = dictionary.values
    self.narrowWords = nil
    self.validity = dictionary.validity
    self.writtenCodes = codes
    self.codeRuns = nil
    self.firstRow = 0
    self.dictionary = dictionary
    self.child = dictionary.child
    self.mapValues = dictionary.mapValues
    self.owners = owners
  }

  /// Rows `firstRow ..< firstRow + count` of `runs`, whose codes are entries of `dictionary`.
  public init(runs: CodeRuns, firstRow: Int = 0, count: Int, dictionary: Vector) {
    precondition(dictionary.layout == .flat, "codes point into a flat vector")
    precondition(firstRow >= 0 && firstRow + count <= runs.rowCount, "the runs have these rows")
    self.type = dictionary.type
    self.count = count
    self.layout = .dictionary
    self.ascendsInClusters = false
    self.writtenValues = dictionary.values
    self.narrowWords = nil
    self.validity = dictionary.validity
    self.writtenCodes = nil
    self.codeRuns = runs
    self.firstRow = firstRow
    self.dictionary = dictionary
    self.child = dictionary.child
    self.mapValues = dictionary.mapValues
    self.owners = []
  }

  /// Dictionary layout: the rows as runs, where they are known so.
  public var runs: RunWindow? {
    codeRuns.map { RunWindow($0, start: firstRow, rowCount: count) }
  }

  /// Dictionary layout: writes the codes of some rows. Few of rows that are known as runs are looked for
  /// among the runs, and no other row's code is written down.
  public func pickCodes(
    _ rows: UnsafePointer<UInt32>, _ rowCount: Int, into output: UnsafeMutablePointer<UInt32>
  ) {
    if let codeRuns, rowCount * Self.rowsPerPicked < codeRuns.rowCount, !codeRuns.isExpanded {
      return codeRuns.pick(rows, rowCount, from: UInt32(firstRow), into: output)
    }
    guard let codes else { preconditionFailure("only coded vectors have a dictionary") }
    ecq_pick_u32(codes, 4, rows, rowCount, output)
  }

  /// Looking for a row's run costs as much as writing down the codes of so many rows.
  private static let rowsPerPicked = 8

  /// Whether ``runs`` is there.
  public var hasRuns: Bool { codeRuns != nil }

  /// Dictionary layout: the same codes into another dictionary of as many entries.
  public func recoded(into entries: Vector) -> Vector {
    if let codeRuns {
      return Vector(runs: codeRuns, firstRow: firstRow, count: count, dictionary: entries)
    }
    guard let writtenCodes else { preconditionFailure("only coded vectors have a dictionary") }
    return Vector(codes: writtenCodes, count: count, dictionary: entries, owners: [self])
  }

  /// A vector of `count` rows that all have the value of the one-row flat vector `single`.
  public init(repeating single: Vector, count: Int) {
    precondition(single.layout == .flat && single.count == 1, "one value is repeated")
    self.type = single.type
    self.count = count
    self.layout = .constant
    self.ascendsInClusters = false
    self.writtenValues = single.values
    self.narrowWords = nil
    self.validity = single.validity
    self.writtenCodes = nil
    self.codeRuns = nil
    self.firstRow = 0
    self.dictionary = nil
    self.child = single.child
    self.mapValues = single.mapValues
    self.owners = [single]
  }

  /// The values as `Element`, the Swift type of the physical type.
  @inlinable
  public func pointer<Element: BitwiseCopyable>(
    _ type: Element.Type = Element.self
  ) -> UnsafePointer<Element> {
    values.assumingMemoryBound(to: Element.self)
  }

  /// Where row `row` finds its value in `values` and `validity`. For single rows, not for loops.
  @inlinable
  public func position(of row: Int) -> Int {
    switch layout {
    case .flat: row
    case .constant: 0
    case .dictionary: codes.map { Int($0[row]) } ?? 0
    }
  }

  @inlinable
  public func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[position(of: row)] == 0
  }

  /// Whether any row can be NULL; false is certain, true is not.
  @inlinable public var mayHaveNulls: Bool { validity != nil }

  /// Rows of a vector that is narrow.
  func narrowSlice(_ words: NarrowWords, offset: Int, count: Int) -> Vector {
    Vector(
      narrow: words.slice(offset: offset, count: count), type,
      validity: validity.map { $0 + offset }, ascendsInClusters: ascendsInClusters, owners: [self])
  }

  /// Rows of a vector that has runs.
  func runSlice(offset: Int, count: Int) -> Vector {
    guard let codeRuns, let dictionary else { return self }
    guard count * Self.rowsPerPicked >= codeRuns.rowCount || codeRuns.isExpanded else {
      // The codes of few rows, so that not those of all are written down for them.
      let codes = Buffer(UInt32.self, count: count)
      codeRuns.write(firstRow + offset..<firstRow + offset + count, into: codes.pointer())
      return Vector(
        codes: UnsafePointer(codes.pointer()), count: count, dictionary: dictionary,
        owners: [codes])
    }
    return Vector(
      runs: codeRuns, firstRow: firstRow + offset, count: count, dictionary: dictionary)
  }
}
