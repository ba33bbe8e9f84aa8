/// A table that can be scanned in morsels by many threads at once.
///
/// A ``Store`` is one; so is anything else that the query engine reads from.
public protocol RowSource: Sendable {
  var columns: [ColumnDescription] { get }
  var rowCount: Int { get }
  /// All rows in store order.
  var morsels: [Morsel] { get }

  /// The dictionary that every dictionary vector of this column shares, where the whole column is
  /// coded by one: then equal codes mean equal values across morsels, code 0 is NULL, and every
  /// other entry is distinct.
  func dictionary(ofColumn column: Int) -> Vector?

  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap?

  /// What zone maps tell of a column's values.
  func bounds(ofColumn column: Int) -> ColumnBounds

  /// What is stored of a block besides its values; nil where nothing is, or no row has the column.
  func statistics(ofColumn column: Int, in morsel: Morsel) -> BlockStatistics?

  /// How many rows of each block, or of the row group, have which code of a dictionary column; nil
  /// where that is not stored.
  func valueCounts(
    ofColumn column: Int, inRowGroup rowGroup: Int
  ) throws(StoreError) -> ValueCounts?

  /// The column by whose codes the rows of each row group lie together, ascending.
  var clusterColumn: Int? { get }

  /// The codes of the clustering column that occur in more than one row group; nil where they are
  /// too many to be told beforehand.
  func codesOfSeveralRowGroups() throws(StoreError) -> CodeSet?

  /// How many values other than NULL a column has, where that is known.
  func distinctCount(ofColumn column: Int) -> Int?

  /// Bytes of a block as it is stored; nil where that is not known.
  func storedBytes(ofColumn column: Int, in morsel: Morsel) -> Int?

  /// A reader for one thread; it owns the scratch memory of decoding.
  func makeReader() -> any MorselReader
}

extension RowSource {
  public func bounds(ofColumn column: Int) -> ColumnBounds { boundsOfMorsels(ofColumn: column) }

  public func statistics(ofColumn column: Int, in morsel: Morsel) -> BlockStatistics? { nil }

  public func valueCounts(
    ofColumn column: Int, inRowGroup rowGroup: Int
  ) throws(StoreError) -> ValueCounts? { nil }

  public var clusterColumn: Int? { nil }
  public func codesOfSeveralRowGroups() throws(StoreError) -> CodeSet? { nil }
  public func distinctCount(ofColumn column: Int) -> Int? { nil }
  public func storedBytes(ofColumn column: Int, in morsel: Morsel) -> Int? { nil }
}

/// Decodes columns of morsels for one thread.
public protocol MorselReader: AnyObject {
  /// One column of one morsel, `morsel.rowCount` rows: flat, constant or dictionary-coded.
  func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector

  /// The column's selected rows alone; nil where that is no cheaper than reading all.
  func read(column: Int, of morsel: Morsel, rows: SelectedRows) throws(StoreError) -> Vector?

  /// The rows of the morsel that `filter` holds for; nil where the codes are to be looked at.
  func choose(_ filter: CodeFilter, of morsel: Morsel) throws(StoreError) -> RowChoice?

  /// The rows of the morsel whose word of the column lies in `range`; nil where that is no cheaper than
  /// looking at the words.
  func choose(
    _ range: ClosedRange<Int64>, ofColumn column: Int, of morsel: Morsel
  ) throws(StoreError) -> RowChoice?
}

extension MorselReader {
  public func read(
    column: Int, of morsel: Morsel, rows: SelectedRows
  ) throws(StoreError) -> Vector? { nil }

  public func choose(
    _ filter: CodeFilter, of morsel: Morsel
  ) throws(StoreError) -> RowChoice? { nil }

  public func choose(
    _ range: ClosedRange<Int64>, ofColumn column: Int, of morsel: Morsel
  ) throws(StoreError) -> RowChoice? { nil }
}
