import Query

/// A value a line, `name = value`, with an empty line between rows.
struct LineFormat: RowFormat {
  var style = DisplayStyle()

  func template(for schema: [Field], index: Int) -> RowTemplate {
    let names = schema.map { style.escaped($0.name) }
    let width = names.map(displayWidth).max() ?? 0
    return RowTemplate(
      header: index > 0 ? "\n" : "",
      prefixes: names.enumerated().map { index, name in
        let padding = String(repeating: " ", count: width - displayWidth(name))
        return (index == 0 ? "" : "\n") + padding + name + " = "
      },
      suffix: "\n",
      separator: "\n")
  }
}
