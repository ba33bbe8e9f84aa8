import ColStore

/// An expression made ready to run: constants folded, conjuncts by cost, and what it reads known.
///
/// Immutable and shared by all workers.
final class CompiledExpression: Sendable {
  indirect enum Node: Sendable {
    case column(Int)
    /// A flat vector of one row.
    case constant(Vector)
    case call(ScalarOverload, [CompiledExpression], position: Int?)
    case cast(CompiledExpression, isTry: Bool, position: Int?)
    case conditional(
      [(condition: CompiledExpression, result: CompiledExpression)], CompiledExpression)
    case coalesce([CompiledExpression])
    case and([CompiledExpression])
    case or([CompiledExpression])
    case not(CompiledExpression)
    case isNull(CompiledExpression)
    case inSet(CompiledExpression, ConstantSet)
    case inList(CompiledExpression, [CompiledExpression])
    /// Whether the rows of a join's build side have these keys; never NULL.
    case inTable([CompiledExpression], JoinTable)
    case isAmong(CompiledExpression, KeyNumbers)
  }

  let node: Node
  let type: DataType
  /// The input columns it reads, ascending.
  let columns: [Int]
  let isDeterministic: Bool
  let canFail: Bool

  init(_ expression: Expression) {
    var node: Node
    var deterministic = true
    var fails = false
    switch expression {
    case .column(let index, _):
      node = .column(index)
    case .literal(let value, let type):
      node = .constant(CompiledExpression.literal(value, type))
    case .call(let call):
      var arguments = call.arguments.map { CompiledExpression($0) }
      for (index, argument) in arguments.enumerated()
      where index < call.overload.parameterTypes.count
        && argument.type != call.overload.parameterTypes[index]
      {
        arguments[index] = CompiledExpression(
          casting: argument, to: call.overload.parameterTypes[index])
      }
      if call.overload.name == "coalesce" {
        node = .coalesce(arguments)
      } else {
        node = .call(call.overload, arguments, position: call.position)
      }
      deterministic = call.overload.isDeterministic
      fails = call.overload.canFail
    case .cast(let operand, let type, let isTry, let position):
      let compiled = CompiledExpression(operand)
      if compiled.type == type {
        node = compiled.node
      } else {
        node = .cast(compiled, isTry: isTry, position: position)
      }
      fails = !isTry && !Expression.castAlwaysFits(compiled.type, type)
    case .conditional(let branches, let otherwise, let type):
      func fitted(_ expression: Expression) -> CompiledExpression {
        let compiled = CompiledExpression(expression)
        return compiled.type == type ? compiled : CompiledExpression(casting: compiled, to: type)
      }
      node = .conditional(
        branches.map { (CompiledExpression($0.condition), fitted($0.result)) }, fitted(otherwise))
    case .and(let operands):
      node = .and(CompiledExpression.byCost(operands.map { CompiledExpression($0) }))
    case .or(let operands):
      node = .or(operands.map { CompiledExpression($0) })
    case .not(let operand):
      node = .not(CompiledExpression(operand))
    case .isNull(let operand):
      node = .isNull(CompiledExpression(operand))
    case .inList(let operand, let list):
      let compiled = list.map { CompiledExpression($0) }
      let subject = CompiledExpression(operand)
      let constants = compiled.compactMap { item -> Vector? in
        if case .constant(let vector) = item.node, vector.type == subject.type || vector.isNull(0) {
          return vector
        }
        return nil
      }
      if constants.count == compiled.count, subject.type.physical != .list {
        node = .inSet(subject, ConstantSet(constants, type: subject.type))
      } else {
        node = .inList(subject, compiled)
      }
    }
    let children = CompiledExpression.children(of: node)
    type = expression.type
    columns =
      children.isEmpty
      ? CompiledExpression.ownColumn(node) : Array(Set(children.flatMap(\.columns))).sorted()
    isDeterministic = deterministic && children.allSatisfy(\.isDeterministic)
    canFail = fails || children.contains(where: \.canFail)
    if columns.isEmpty && isDeterministic && !children.isEmpty,
      let folded = CompiledExpression.fold(node, type: type)
    {
      node = .constant(folded)
    }
    self.node = node
  }

  private init(
    node: Node, type: DataType, columns: [Int], isDeterministic: Bool, canFail: Bool
  ) {
    self.node = node
    self.type = type
    self.columns = columns
    self.isDeterministic = isDeterministic
    self.canFail = canFail
  }

  /// `operand` cast to `type`.
  convenience init(casting operand: CompiledExpression, to type: DataType) {
    let node = Node.cast(operand, isTry: false, position: nil)
    if operand.columns.isEmpty, operand.isDeterministic,
      let folded = CompiledExpression.fold(node, type: type)
    {
      self.init(
        node: .constant(folded), type: type, columns: [], isDeterministic: true, canFail: false)
      return
    }
    self.init(
      node: node, type: type, columns: operand.columns, isDeterministic: operand.isDeterministic,
      canFail: operand.canFail || !Expression.castAlwaysFits(operand.type, type))
  }

  /// Whether the build side of a join has rows with these keys, or has none.
  convenience init(_ keys: [CompiledExpression], isIn table: JoinTable, negated: Bool) {
    let found = CompiledExpression(
      node: .inTable(keys, table), type: .boolean,
      columns: Array(Set(keys.flatMap(\.columns))).sorted(),
      isDeterministic: keys.allSatisfy(\.isDeterministic), canFail: keys.contains(where: \.canFail))
    self.init(
      node: negated ? .not(found) : found.node, type: .boolean, columns: found.columns,
      isDeterministic: found.isDeterministic, canFail: found.canFail)
  }

  /// Whether `key` is one of the values that have numbers.
  convenience init(_ key: CompiledExpression, isAmong values: KeyNumbers) {
    self.init(
      node: .isAmong(key, values), type: .boolean, columns: key.columns,
      isDeterministic: key.isDeterministic, canFail: key.canFail)
  }

  /// Column `index`, as it is.
  convenience init(column index: Int, type: DataType) {
    self.init(.column(index: index, type: type))
  }

  /// A value that a statement has computed: the only row of `vector`.
  convenience init(value vector: Vector) {
    self.init(
      node: .constant(vector.single(at: 0)), type: vector.type, columns: [], isDeterministic: true,
      canFail: false)
  }

  /// The value of an expression without columns; nil where it fails, so that the error is raised
  /// only if a row comes by.
  private static func fold(_ node: Node, type: DataType) -> Vector? {
    let bare = CompiledExpression(
      node: node, type: type, columns: [], isDeterministic: true, canFail: true)
    let evaluator = Evaluator()
    do throws(QueryError) {
      return try evaluator.evaluateNode(bare, Batch(columns: [], rowCount: 1)).single(at: 0)
    } catch {
      return nil
    }
  }

  private static func literal(_ value: Value, _ type: DataType) -> Vector {
    if value.isNull { return Vector.nulls(type, count: 1).single(at: 0) }
    return Vector(type, [value])
  }

  private static func ownColumn(_ node: Node) -> [Int] {
    if case .column(let index) = node { return [index] }
    return []
  }

  static func children(of node: Node) -> [CompiledExpression] {
    switch node {
    case .column, .constant: []
    case .call(_, let arguments, _), .coalesce(let arguments), .and(let arguments),
      .or(let arguments), .inTable(let arguments, _):
      arguments
    case .cast(let operand, _, _), .not(let operand), .isNull(let operand), .inSet(let operand, _),
      .isAmong(let operand, _):
      [operand]
    case .conditional(let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.result] } + [otherwise]
    case .inList(let operand, let list): [operand] + list
    }
  }

  /// The same over other children, as many as it has, of the same types.
  func replacingChildren(_ children: [CompiledExpression]) -> CompiledExpression {
    let changed: Node
    switch node {
    case .column, .constant: return self
    case .call(let overload, _, let position):
      changed = .call(overload, children, position: position)
    case .cast(_, let isTry, let position):
      changed = .cast(children[0], isTry: isTry, position: position)
    case .conditional(let branches, _):
      changed = .conditional(
        branches.indices.map { (children[2 * $0], children[2 * $0 + 1]) },
        children[2 * branches.count])
    case .coalesce: changed = .coalesce(children)
    case .and: changed = .and(children)
    case .or: changed = .or(children)
    case .not: changed = .not(children[0])
    case .isNull: changed = .isNull(children[0])
    case .inSet(_, let set): changed = .inSet(children[0], set)
    case .inList: changed = .inList(children[0], Array(children.dropFirst()))
    case .inTable(_, let table): changed = .inTable(children, table)
    case .isAmong(_, let values): changed = .isAmong(children[0], values)
    }
    return CompiledExpression(
      node: changed, type: type, columns: Array(Set(children.flatMap(\.columns))).sorted(),
      isDeterministic: isDeterministic, canFail: canFail)
  }

  /// The same over column `index`, which is of the same type as the one column that it reads.
  func replacingColumn(with index: Int) -> CompiledExpression {
    replacingColumns(Dictionary(uniqueKeysWithValues: columns.map { ($0, index) }))
  }

  /// The same over other columns of the same types, by those that it reads.
  func replacingColumns(_ places: [Int: Int]) -> CompiledExpression {
    if let column = bareColumn, let place = places[column] {
      return CompiledExpression(column: place, type: type)
    }
    return replacingChildren(
      CompiledExpression.children(of: node).map { $0.replacingColumns(places) })
  }

  /// A guess of what a row costs, in nanoseconds.
  var cost: Int {
    let own: Int
    switch node {
    case .column, .constant: own = 0
    case .call(let overload, let arguments, _):
      own = arguments.contains { $0.type.physical == .string } ? 20 : (overload.canFail ? 3 : 1)
    case .cast(let operand, _, _): own = operand.type.physical == .string ? 30 : 2
    case .inSet: own = 3
    case .inTable, .isAmong: own = 5
    default: own = 1
    }
    return CompiledExpression.children(of: node).reduce(own) { $0 + $1.cost }
  }

  /// Cheap conjuncts first; those that can fail keep their place behind all before them.
  private static func byCost(_ operands: [CompiledExpression]) -> [CompiledExpression] {
    if operands.contains(where: \.canFail) { return operands }
    return operands.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
  }

  /// Set where the expression is a bare column.
  var bareColumn: Int? {
    if case .column(let index) = node { return index }
    return nil
  }

  var constant: Vector? {
    if case .constant(let vector) = node { return vector }
    return nil
  }
}
