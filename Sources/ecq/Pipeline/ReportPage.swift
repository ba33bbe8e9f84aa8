import ColStore
import Query

/// `report.html`: what a pipeline made, on one page that needs no other file.
struct ReportPage {
  let folder: String
  let results: [Pipeline.Result]
  private let page = TextBuffer(capacity: 1 << 20)

  init(folder: String, results: [Pipeline.Result]) {
    self.folder = folder
    self.results = results
  }

  func write(to path: String) throws {
    page.append(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>ecq report</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff;
        max-width: 1120px; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.9rem; } h2 { font-size: 1.35rem; margin-top: 3rem;
        border-top: 1px solid #d8dde3; padding-top: 1rem; }
      nav a { margin-right: 1rem; white-space: nowrap; }
      a { color: #0072b2; }
      figure { margin: 1.2rem 0; } img { max-width: 100%; height: auto; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 0.86rem; margin: 1rem 0; }
      caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
      th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid #e6e9ed; text-align: left;
        vertical-align: top; }
      td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      code { font-size: 0.82rem; }
      </style>
      </head>
      <body>
      <h1>What the clickstream tells</h1>

      """)
    try writeSummary()
    page.append("<nav>")
    for (number, section) in ReportSection.all.enumerated() {
      page.append("<a href=\"#s\(number)\">\(escaped(section.title))</a> ")
    }
    page.append("<a href=\"#made\">How this was made</a></nav>\n")
    for (number, section) in ReportSection.all.enumerated() { try write(section, number) }
    try writeSteps()
    page.append("</body>\n</html>\n")
    try WholeFile.write(page.bytes, to: path)
  }

  private func file(_ name: String) -> String { "\(folder)/\(name)" }

  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }

  /// One paragraph: how much there is, and of what time.
  private func writeSummary() throws {
    let store = try Store(path: file("events.ecq"))
    let sessions = try Store(path: file("sessions.ecq")).rowCount
    let users = try Store(path: file("users.ecq")).rowCount
    let seconds = results.reduce(0) { $0 + $1.seconds }
    page.append(
      "<p>\(counted(store.rowCount, "event")), \(counted(sessions, "session")) and "
        + "\(counted(users, "user")) with a price above 0, analysed in "
        + "\(durationText(seconds)) by ecq \(escaped(productVersion)).</p>\n")
  }

  private func write(_ section: ReportSection, _ number: Int) throws {
    page.append(
      "<h2 id=\"s\(number)\">\(escaped(section.title))</h2>\n<p>\(escaped(section.text))</p>\n")
    for picture in section.pictures { try write(picture: picture, section.title) }
    for table in section.tables where fileExists(file(table.file)) {
      try write(table: table.file, table.caption)
    }
  }

  /// Pictures go into the page as they are, so that the page can be sent to somebody.
  private func write(picture: String, _ title: String) throws {
    let kinds = [("svg", "image/svg+xml"), ("png", "image/png")]
    guard let kind = kinds.first(where: { fileExists(file("\(picture).\($0.0)")) }) else { return }
    let bytes = try WholeFile.read(file("\(picture).\(kind.0)"))
    let name = picture.split(separator: "/").last.map(String.init) ?? picture
    page.append("<figure><img alt=\"\(escaped("\(title): \(name)"))\" src=\"data:\(kind.1);base64,")
    base64(bytes).withUnsafeBufferPointer { page.append($0) }
    page.append("\"></figure>\n")
  }

  // MARK: Tables

  private static let rowsMax = 40

  private func write(table name: String, _ caption: String) throws {
    let database = Database(options: QueryOptions())
    let table = ResultTable()
    try QuerySession(database: database, sink: table).run(
      "SELECT * FROM \(SQLQuoting.literal(file(name)))")
    let shown = min(table.rowCount, Self.rowsMax)
    let left = table.rowCount - shown
    let note = left > 0 ? " (the first \(shown) rows of \(grouped(table.rowCount)))" : ""
    let columns = table.fields.map { field -> (isNumber: Bool, texts: [String]) in
      guard field.type.isNumeric else {
        return (false, table.names(field.name).map { $0 == "(none)" ? "" : $0 })
      }
      return (
        true, table.numbers(field.name).map { $0.map { text($0, of: field.type) } ?? "" }
      )
    }
    write(
      caption: caption + note, headings: table.fields.map(\.name),
      rows: (0..<shown).map { row in columns.map { ($0.isNumber, $0.texts[row]) } })
    page.append("<p>All of it: <code>\(escaped(name))</code></p>\n")
  }

  private func text(_ number: Double, of type: DataType) -> String {
    if type == .bigint || type == .integer { return grouped(Int(number)) }
    return number.magnitude < 10 ? fixed(number, 4) : fixed(number, 2)
  }

  private func write(caption: String, headings: [String], rows: [[(isNumber: Bool, text: String)]])
  {
    page.append("<div class=\"scroll\"><table><caption>\(escaped(caption))</caption>\n<tr>")
    for heading in headings { page.append("<th>\(escaped(heading))</th>") }
    page.append("</tr>\n")
    for row in rows {
      page.append("<tr>")
      for cell in row {
        page.append("<td\(cell.isNumber ? " class=\"number\"" : "")>\(escaped(cell.text))</td>")
      }
      page.append("</tr>\n")
    }
    page.append("</table></div>\n")
  }

  private func writeSteps() throws {
    page.append(
      """
      <h2 id="made">How this was made</h2>
      <p>Each step is a command that can be given alone. Steps whose inputs have not changed are not
      done again; their times are those of when they were done.</p>

      """)
    write(
      caption: "Steps", headings: ["step", "what it makes", "seconds", "peak memory", "command"],
      rows: results.map { result in
        [
          (false, result.step.name), (false, result.step.title),
          (true, fixed(result.seconds, 2)), (true, byteText(result.peakBytes)),
          (false, (["ecq"] + result.step.arguments).joined(separator: " ")),
        ]
      })
  }
}
