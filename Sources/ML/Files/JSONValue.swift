/// A JSON document in memory.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// In the order of the text; of a key that comes twice, the last.
  case object([String: JSONValue])

  public subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { return members[key] }
    return nil
  }

  public var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// A number, also one written as a string, as XGBoost does, or as an array of one.
  public var number: Double? {
    switch self {
    case .number(let number): return number
    case .bool(let value): return value ? 1 : 0
    case .string(let text):
      let inner =
        text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
      return Double(inner)
    case .array(let values) where values.count == 1: return values[0].number
    default: return nil
    }
  }

  public var array: [JSONValue]? {
    if case .array(let values) = self { return values }
    return nil
  }

  /// An array of numbers.
  public var numbers: [Double]? {
    guard let array else { return nil }
    var numbers: [Double] = []
    numbers.reserveCapacity(array.count)
    for value in array {
      guard let number = value.number else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  public var texts: [String]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.text)
    return texts.count == array.count ? texts : nil
  }
}
