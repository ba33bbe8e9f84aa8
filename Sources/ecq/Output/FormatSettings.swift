import ColStore

/// What one can choose of a format beside its name.
struct FormatSettings {
  /// Whether CSV and TSV begin with the names of the columns.
  var hasHeader = true
  /// What stands for NULL; nil: what is usual in the format. JSON always has `null`.
  var null: NullText?
  /// Whether JSON writes whole numbers that may not fit a double as strings.
  var quotesLargeNumbers = false
  /// Rows of a table that a terminal shows at once.
  var rowsShownMax = 40
  /// Columns of the terminal that a table may take; nil: as many as there are.
  var widthMax: Int?
}

/// A text that stands for NULL, its bytes at a fixed place.
final class NullText {
  private let buffer = TextBuffer()
  let width: Int

  init(_ text: String) {
    buffer.append(text)
    width = displayWidth(text)
  }

  var view: StringView { StringView(start: UnsafePointer(buffer.start), count: buffer.count) }
  var string: String { buffer.string }
}

/// How JSON writes BIGINT, and DECIMAL of more than 15 digits: exact either way, but programs that
/// read numbers as doubles lose digits of the first.
enum LargeNumbers: String, CaseIterable {
  case number
  case string
}
