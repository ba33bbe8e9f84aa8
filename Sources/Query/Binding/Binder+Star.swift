import ColStore

extension Binder {
  /// The columns of FROM that a star means, before EXCLUDE, each with what means it in an expression.
  /// `t.*` may mean a table of a query around this one.
  func columns(
    of star: StarSyntax, at position: Int
  ) throws(QueryError) -> [(syntax: ExpressionSyntax, column: Scope.Column)] {
    if let table = star.table, !scope.hasTable(table.text),
      let columns = try level.outer?.columns(of: star, in: table, at: position)
    {
      return columns.map { column in
        let name = NameSyntax(text: column.name, position: position)
        return (
          ExpressionSyntax(kind: .name([table, name]), position: position, height: 1), column
        )
      }
    }
    guard !scope.columns.isEmpty else {
      throw QueryError(.syntax, "there are no columns for * without FROM", at: position)
    }
    if let table = star.table, !scope.hasTable(table.text) {
      throw QueryError(
        .name, "there is no table \"\(table.text)\" in FROM", at: table.position,
        hint: nearestName(to: table.text, among: scope.tables).map { "did you mean \"\($0)\"?" })
    }
    let all = scope.columns.enumerated().filter { _, column in
      guard let table = star.table else { return column.isPlain }
      return column.isOf(table)
    }
    return try chosen(all, by: star, at: position) { $0.element }.map { place, column in
      (ExpressionSyntax(kind: .positional(place + 1), position: position, height: 1), column)
    }
  }

  /// The columns that `table.*` means in a subquery of this query; nil where there is no such table.
  private func columns(
    of star: StarSyntax, in table: NameSyntax, at position: Int
  ) throws(QueryError) -> [Scope.Column]? {
    guard scope.hasTable(table.text) else {
      return try level.outer?.columns(of: star, in: table, at: position)
    }
    return try chosen(scope.columns.filter { $0.isOf(table) }, by: star, at: position) { $0 }
  }

  /// Those of the columns that the star's names or its pattern choose.
  private func chosen<Element>(
    _ elements: [Element], by star: StarSyntax, at position: Int,
    _ column: (Element) -> Scope.Column
  ) throws(QueryError) -> [Element] {
    let isChosen = try chooser(
      star.choice, among: elements.map { column($0).name }, at: position)
    var chosen: [Element] = []
    for element in elements where try isChosen(column(element).name) { chosen.append(element) }
    guard !chosen.isEmpty else {
      throw QueryError(.name, "no column matches the pattern", at: position)
    }
    return chosen
  }

  private typealias Chooser = (String) throws(QueryError) -> Bool

  private func chooser(
    _ choice: StarSyntax.Choice, among columns: [String], at position: Int
  ) throws(QueryError) -> Chooser {
    switch choice {
    case .all: return { _ in true }
    case .pattern(let pattern):
      let names = try NamePattern(pattern, at: position)
      return { names.groups(in: $0) != nil }
    case .names(let names):
      for name in names where !columns.contains(where: { Scope.same($0, name.text) }) {
        throw QueryError(
          .name, "there is no column \"\(name.text)\"", at: name.position,
          hint: nearestName(to: name.text, among: columns).map { "did you mean \"\($0)\"?" })
      }
      return { column in names.contains { Scope.same($0.text, column) } }
    case .condition(let parameter, let condition):
      let binder = Binder(
        context: context, level: QueryLevel(outer: nil), tables: nil, scope: Scope())
      return { [context] (column) throws(QueryError) in
        let test = try condition.mapped { (node) throws(QueryError) in
          guard case .name(let names) = node.kind, names.count == 1,
            Scope.same(names[0].text, parameter.text)
          else { return nil }
          return ExpressionSyntax(kind: .string(column), position: node.position, height: 1)
        }
        let bound = try binder.bindCondition(test, in: .columns, stage: .input)
        return try context.value(of: bound, at: position) == .bool(true)
      }
    }
  }
}

extension StarSyntax {
  /// Whether EXCLUDE names the column, with its table or without.
  func excludes(_ column: Scope.Column) -> Bool {
    excluded.contains { names in
      guard Scope.same(names[names.count - 1].text, column.name) else { return false }
      return names.count == 1
        || column.table.map { Scope.same($0, names[names.count - 2].text) } ?? false
    }
  }
}

/// A regular expression that is looked for in the names of columns.
struct NamePattern {
  private let machine: RegexMachine

  init(_ pattern: String, at position: Int) throws(QueryError) {
    do throws(QueryError) {
      machine = RegexMachine(try RegexProgram(pattern, try RegexProgram.Options("")))
    } catch {
      throw error.located(at: position)
    }
  }

  /// What the whole and each of its groups match first in `name`; nil where nothing does.
  func groups(in name: String) -> [String]? {
    let vector = Vector(.varchar, [.string(name)])
    return withExtendedLifetime(vector) {
      machine.load(vector.pointer(StringView.self)[0])
      guard let bounds = machine.match(from: 0, isWhole: false) else { return nil }
      let bytes = Array(name.utf8)
      return stride(from: 0, to: bounds.count - 1, by: 2).map { group in
        guard bounds[group] >= 0, bounds[group + 1] >= 0 else { return "" }
        let range = machine.byteOffset(bounds[group])..<machine.byteOffset(bounds[group + 1])
        return String(decoding: bytes[range], as: UTF8.self)
      }
    }
  }

  /// `template` with `\0` … `\9` replaced by what the groups match in `name`.
  func filled(_ template: String, for name: String) -> String {
    let groups = groups(in: name) ?? []
    var text = ""
    var rest = template[...]
    while let character = rest.popFirst() {
      guard character == "\\", let digit = rest.first?.wholeNumberValue else {
        text.append(character)
        continue
      }
      rest.removeFirst()
      if digit < groups.count { text += groups[digit] }
    }
    return text
  }
}
