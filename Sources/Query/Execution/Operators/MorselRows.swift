import ColStore

/// The rows of a morsel that predicates have left, and their columns, decoded when asked for.
struct MorselRows {
  private let reader: any MorselReader
  /// Table columns, by output column.
  private let columns: [Int]
  private let morsel: Morsel
  /// Columns of all rows of the morsel.
  private var whole: [Vector?]
  /// Columns of the rows that are left.
  private var left: [Vector?]
  /// Nil while all rows are left.
  private var selection: Selection?

  init(reader: any MorselReader, columns: [Int], morsel: Morsel) {
    self.reader = reader
    self.columns = columns
    self.morsel = morsel
    whole = Array(repeating: nil, count: columns.count)
    left = whole
  }

  /// The output columns that have been decoded, for all rows or for some.
  var columnsRead: [Int] { left.indices.filter { whole[$0] != nil || left[$0] != nil } }

  var isWhole: Bool { selection == nil }
  var count: Int { selection?.count ?? morsel.rowCount }

  /// Up to this share of the rows, a column is decoded at the rows alone.
  private static let fewOf = 4

  /// Output column `column` of the rows that are left.
  mutating func vector(_ column: Int) throws(QueryError) -> Vector {
    guard let selection else { return try wholeVector(column) }
    if let known = left[column] { return known }
    var vector: Vector?
    if whole[column] == nil, selection.count * MorselRows.fewOf <= morsel.rowCount {
      do throws(StoreError) {
        vector = try reader.read(
          column: columns[column], of: morsel, rows: selection.selectedRows)
      } catch { throw QueryError(.storage, error.description) }
    }
    let narrowed: Vector
    if let vector {
      narrowed = vector
    } else {
      narrowed = selection.narrow(try wholeVector(column))
    }
    left[column] = narrowed
    return narrowed
  }

  private mutating func wholeVector(_ column: Int) throws(QueryError) -> Vector {
    if let known = whole[column] { return known }
    do throws(StoreError) {
      let vector = try reader.read(column: columns[column], of: morsel)
      whole[column] = vector
      return vector
    } catch {
      throw QueryError(.storage, error.description)
    }
  }

  /// Keeps those of the rows left that `inner` selects.
  mutating func narrow(to inner: Selection) {
    if inner.coversAll { return }
    for column in left.indices { left[column] = left[column].map { inner.narrow($0) } }
    selection = selection.map { $0.compose(inner) } ?? inner
    selection = selection?.withRowsShared()
  }

  /// Keeps the rows that `filter` holds for, where the reader can tell; all rows are left.
  mutating func narrow(by filter: CodeFilter) throws(QueryError) -> Bool {
    do throws(StoreError) {
      return take(try reader.choose(filter, of: morsel))
    } catch {
      throw QueryError(.storage, error.description)
    }
  }

  /// Keeps the rows whose word of a table column lies in `range`, where the reader can tell; all rows
  /// are left.
  mutating func narrow(
    to range: ClosedRange<Int64>, ofColumn column: Int
  ) throws(QueryError) -> Bool {
    do throws(StoreError) {
      return take(try reader.choose(range, ofColumn: column, of: morsel))
    } catch {
      throw QueryError(.storage, error.description)
    }
  }

  private mutating func take(_ choice: RowChoice?) -> Bool {
    guard let choice else { return false }
    switch choice {
    case .all: break
    case .nothing: selection = Selection.none
    case .rows(let rows): selection = Selection(rows)
    }
    return true
  }
}
