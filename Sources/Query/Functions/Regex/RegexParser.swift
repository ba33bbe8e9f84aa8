/// Parses regular expressions in the syntax of RE2.
struct RegexParser {
  private typealias CharacterSet = RegexProgram.CharacterSet

  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var options: RegexProgram.Options
  private(set) var groupCount = 0
  private var depth = 0
  private let pattern: String

  init(_ pattern: String, _ options: RegexProgram.Options) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars)
    self.options = options
  }

  mutating func parse() throws(QueryError) -> RegexTree {
    if options.isLiteral {
      return .sequence(scalars.map { .character(single($0)) })
    }
    let tree = try alternatives()
    if at < scalars.count { throw failure("there is a ) too many") }
    return tree
  }

  private func failure(_ reason: String) -> QueryError {
    QueryError(.value, "the regular expression '\(pattern)' is wrong: \(reason)")
  }

  private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  private func single(_ scalar: Unicode.Scalar) -> RegexProgram.CharacterSet {
    CharacterSet(ranges: [scalar.value...scalar.value], ignoresCase: options.ignoresCase)
  }

  private mutating func alternatives() throws(QueryError) -> RegexTree {
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw failure("it is nested too deeply") }
    var trees = [try sequence()]
    while skip("|") { trees.append(try sequence()) }
    return trees.count == 1 ? trees[0] : .alternatives(trees)
  }

  private mutating func sequence() throws(QueryError) -> RegexTree {
    var trees: [RegexTree] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let atom = try atom()
      trees.append(try repeated(atom))
    }
    return trees.isEmpty ? .empty : .sequence(trees)
  }

  private mutating func repeated(_ atom: RegexTree) throws(QueryError) -> RegexTree {
    guard let (least, most) = try repetition() else { return atom }
    let isLazy = skip("?")
    if try repetition() != nil { throw failure("a repetition follows a repetition") }
    return .repetition(atom, least: least, most: most, isLazy: isLazy)
  }

  /// `*`, `+`, `?` or counts in braces; nil where none stands here.
  private mutating func repetition() throws(QueryError) -> (Int, Int?)? {
    switch next {
    case "*":
      at += 1
      return (0, nil)
    case "+":
      at += 1
      return (1, nil)
    case "?":
      at += 1
      return (0, 1)
    case "{":
      guard let (least, most) = counts() else { return nil }
      guard least <= 1000, (most ?? 0) <= 1000, least <= (most ?? 1000) else {
        throw failure("a repetition is out of range")
      }
      return (least, most)
    default: return nil
    }
  }

  /// `{m}`, `{m,}` or `{m,n}`; anything else is literal text.
  private mutating func counts() -> (Int, Int?)? {
    let start = at
    at += 1
    func digits(_ parser: inout RegexParser) -> Int? {
      var value: Int?
      while let scalar = parser.next, scalar.value >= 0x30, scalar.value <= 0x39 {
        value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
        parser.at += 1
      }
      return value
    }
    if let least = digits(&self) {
      if skip("}") { return (least, least) }
      if skip(",") {
        let most = digits(&self)
        if skip("}") { return (least, most) }
      }
    }
    at = start
    return nil
  }

  private mutating func atom() throws(QueryError) -> RegexTree {
    guard let scalar = next else { return .empty }
    at += 1
    switch scalar {
    case "(": return try group()
    case "[": return .character(try characterClass())
    case ".":
      let newline: [ClosedRange<UInt32>] = options.dotMatchesNewline ? [] : [10...10]
      return .character(CharacterSet(ranges: newline, isNegated: true))
    case "^": return .assertion(options.anchorsMatchLines ? .lineStart : .textStart)
    case "$": return .assertion(options.anchorsMatchLines ? .lineEnd : .textEnd)
    case "\\": return try escape()
    case "*", "+", "?": throw failure("there is nothing before \(scalar)")
    case "{":
      at -= 1
      if counts() != nil { throw failure("there is nothing before {") }
      at += 1
      return .character(single(scalar))
    default: return .character(single(scalar))
    }
  }

  private mutating func group() throws(QueryError) -> RegexTree {
    var number: Int?
    let before = options
    if skip("?") {
      if skip("P") || next == "<" {
        guard skip("<") else { throw failure("a group name is missing") }
        while let scalar = next, scalar != ">" {
          _ = scalar
          at += 1
        }
        guard skip(">") else { throw failure("a group name has no end") }
        groupCount += 1
        number = groupCount
      } else {
        var turnsOn = true
        while let scalar = next, scalar != ":", scalar != ")" {
          switch scalar {
          case "-": turnsOn = false
          case "i": options.ignoresCase = turnsOn
          case "s": options.dotMatchesNewline = turnsOn
          case "m": options.anchorsMatchLines = turnsOn
          case "U": break
          default: throw failure("the group (?\(scalar) is not known")
          }
          at += 1
        }
        // Without a colon, the flags hold to the end of the group around.
        if skip(")") { return .empty }
        guard skip(":") else { throw failure("a group has no end") }
      }
    } else {
      groupCount += 1
      number = groupCount
    }
    let tree = try alternatives()
    guard skip(")") else { throw failure("a ) is missing") }
    options = before
    return .group(tree, number: number)
  }

  private mutating func escape() throws(QueryError) -> RegexTree {
    guard let scalar = next else { throw failure("it ends with a backslash") }
    switch scalar {
    case "b":
      at += 1
      return .assertion(.wordBoundary)
    case "B":
      at += 1
      return .assertion(.notWordBoundary)
    case "A":
      at += 1
      return .assertion(.textStart)
    case "z":
      at += 1
      return .assertion(.textEnd)
    default: break
    }
    if let set = namedClass() { return .character(set) }
    return .character(single(try escapedScalar()))
  }

  /// `\d`, `\w`, `\s` and their negations.
  private mutating func namedClass() -> RegexProgram.CharacterSet? {
    guard let scalar = next else { return nil }
    let ranges: [ClosedRange<UInt32>]
    switch scalar {
    case "d", "D": ranges = [0x30...0x39]
    case "w", "W": ranges = [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a]
    case "s", "S": ranges = [9...10, 12...13, 32...32]
    default: return nil
    }
    at += 1
    return CharacterSet(ranges: ranges, isNegated: scalar.value < 0x61)
  }

  private mutating func escapedScalar() throws(QueryError) -> Unicode.Scalar {
    guard let scalar = next else { throw failure("it ends with a backslash") }
    at += 1
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "f": return "\u{0c}"
    case "v": return "\u{0b}"
    case "a": return "\u{07}"
    case "x": return try hexadecimal()
    default:
      let isWord =
        (scalar.value | 0x20 >= 0x61 && scalar.value | 0x20 <= 0x7a)
        || (scalar.value >= 0x30 && scalar.value <= 0x39)
      if isWord { throw failure("the escape \\\(scalar) is not known") }
      return scalar
    }
  }

  private mutating func hexadecimal() throws(QueryError) -> Unicode.Scalar {
    let isBraced = skip("{")
    var digits = ""
    while let scalar = next, scalar.properties.isASCIIHexDigit, digits.count < (isBraced ? 8 : 2) {
      digits.unicodeScalars.append(scalar)
      at += 1
    }
    guard !isBraced || skip("}"), let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw failure("a hexadecimal escape is wrong") }
    return scalar
  }

  private mutating func characterClass() throws(QueryError) -> RegexProgram.CharacterSet {
    var set = CharacterSet(ranges: [], ignoresCase: options.ignoresCase)
    set.isNegated = skip("^")
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      if scalar == "[", at + 1 < scalars.count, scalars[at + 1] == ":" {
        set.ranges += try posixClass()
        continue
      }
      if scalar == "\\" {
        at += 1
        if let named = namedClass() {
          set.ranges += named.isNegated ? RegexParser.complement(named.ranges) : named.ranges
          continue
        }
        at -= 1
      }
      let low = try classScalar()
      if next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" {
        at += 1
        let high = try classScalar()
        guard low.value <= high.value else { throw failure("a range goes backwards") }
        set.ranges.append(low.value...high.value)
      } else {
        set.ranges.append(low.value...low.value)
      }
    }
    guard skip("]") else { throw failure("a ] is missing") }
    return set
  }

  private mutating func classScalar() throws(QueryError) -> Unicode.Scalar {
    guard let scalar = next else { throw failure("a ] is missing") }
    at += 1
    return scalar == "\\" ? try escapedScalar() : scalar
  }

  private mutating func posixClass() throws(QueryError) -> [ClosedRange<UInt32>] {
    at += 2
    var name = ""
    while let scalar = next, scalar != ":" {
      name.unicodeScalars.append(scalar)
      at += 1
    }
    guard skip(":"), skip("]") else { throw failure("a character class has no end") }
    switch name {
    case "alpha": return [0x41...0x5a, 0x61...0x7a]
    case "digit": return [0x30...0x39]
    case "alnum": return [0x30...0x39, 0x41...0x5a, 0x61...0x7a]
    case "upper": return [0x41...0x5a]
    case "lower": return [0x61...0x7a]
    case "space": return [9...13, 32...32]
    case "punct": return [0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e]
    case "xdigit": return [0x30...0x39, 0x41...0x46, 0x61...0x66]
    case "word": return [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a]
    default: throw failure("there is no character class [:\(name):]")
    }
  }

  private static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var start: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > start { result.append(start...range.lowerBound - 1) }
      start = range.upperBound + 1
    }
    result.append(start...0x10_ffff)
    return result
  }
}
