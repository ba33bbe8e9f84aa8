import ColStore

extension Binder {
  /// The function of that name: of this library, or provided by one above it.
  func scalarFunction(_ name: String) -> ScalarFunction? {
    FunctionRegistry.scalar(name)
      ?? context.options.functions.first { Scope.same($0.name, name) }
  }

  /// The arguments of a call in the order of the function's parameters: by place, by name, and,
  /// unless all are given by place, columns of the names of those that are left.
  func bindArguments(
    _ syntax: CallSyntax, _ parameters: ScalarFunction.Parameters, at position: Int
  ) throws(QueryError) -> [Expression] {
    var placed: [Expression] = []
    var named: [(name: NameSyntax, value: Expression)] = []
    for (place, argument) in syntax.arguments.enumerated() {
      let value = try bind(argument)
      if let name = syntax.argumentNames[place] {
        named.append((name, value))
      } else if named.isEmpty {
        placed.append(value)
      } else {
        throw QueryError(
          .syntax, "an argument by place stands behind one by name", at: argument.position)
      }
    }
    let names: [String]
    do throws(QueryError) {
      names = try parameters(placed.map(Self.literalValue))
    } catch { throw error.located(at: position) }
    var arguments = placed.map { Optional($0) }
    arguments += [Expression?](repeating: nil, count: max(0, names.count - placed.count))
    for (name, value) in named {
      guard let place = names.firstIndex(where: { Scope.same($0, name.text) }) else {
        throw QueryError(
          .name, "\(syntax.name.text) has no argument \"\(name.text)\"", at: name.position,
          hint: nearestName(to: name.text, among: names).map { "did you mean \"\($0)\"?" })
      }
      guard arguments[place] == nil else {
        throw QueryError(.name, "\"\(name.text)\" is given twice", at: name.position)
      }
      arguments[place] = value
    }
    var complete: [Expression] = []
    for (place, argument) in arguments.enumerated() {
      if let argument {
        complete.append(argument)
      } else {
        complete.append(
          try bindName([NameSyntax(text: names[place], position: position)], at: position))
      }
    }
    return complete
  }
}
