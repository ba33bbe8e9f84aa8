import ColStore
import Synchronization

/// A predicate over one coded column of a table, told for each code when first asked for.
final class CodePredicate: Sendable {
  private enum State {
    case unknown
    case told(CodeFilter)
    /// It fails for some entry, which perhaps no row that is left has.
    case impossible
  }

  private let predicate: CompiledExpression
  private let column: Int
  /// The scan's output column that it is over.
  let outputColumn: Int
  private let dictionary: Vector
  private let state = Mutex(State.unknown)

  /// Nil where `predicate` is of another kind, or has more codes to look at than there are rows.
  init?(_ predicate: CompiledExpression, columns: [Int], table: any RowSource) {
    guard predicate.columns.count == 1, predicate.isDeterministic,
      let dictionary = table.dictionary(ofColumn: columns[predicate.columns[0]]),
      dictionary.count <= max(table.rowCount, 1024)
    else { return nil }
    self.predicate = predicate
    self.dictionary = dictionary
    outputColumn = predicate.columns[0]
    column = columns[outputColumn]
  }

  /// What the predicate says of codes; nil where rows are to be looked at.
  func filter(_ evaluator: Evaluator) -> CodeFilter? {
    state.withLock { state in
      switch state {
      case .told(let filter): return filter
      case .impossible: return nil
      case .unknown: break
      }
      let filter: CodeFilter
      if let wanted {
        filter = CodeFilter(column: column, value: wanted, dictionary: dictionary)
      } else if let verdicts = verdicts(evaluator) {
        filter = CodeFilter(column: column, verdicts: verdicts, codeCount: dictionary.count)
      } else {
        state = .impossible
        return nil
      }
      state = .told(filter)
      return filter
    }
  }

  /// The whole number that the column is compared with for equality.
  private var wanted: Int64? {
    guard let compared = ConstantComparison(predicate), compared.comparison == .equal,
      compared.subject.bareColumn != nil, let words = compared.words
    else { return nil }
    return words.lowerBound
  }

  private func verdicts(_ evaluator: Evaluator) -> Buffer? {
    let count = dictionary.count
    let columns = Array(repeating: dictionary, count: predicate.columns[0] + 1)
    let result: Vector
    do throws(QueryError) {
      result = try evaluator.evaluateNode(predicate, Batch(columns: columns, rowCount: count))
    } catch {
      return nil
    }
    let output = Buffer(UInt8.self, count: count)
    let flags = output.pointer(UInt8.self)
    let flat = result.flat()
    let values = flat.pointer(UInt8.self)
    var code = 0
    if let valid = flat.validity {
      while code < count {
        flags[code] = values[code] & valid[code] & 1
        code += 1
      }
    } else {
      while code < count {
        flags[code] = values[code] & 1
        code += 1
      }
    }
    return withExtendedLifetime(flat) { output }
  }
}
