/// A regular expression as instructions of a virtual machine that looks at each character once.
///
/// The syntax is that of RE2: no back references and no look-around, so that time is linear in the
/// text. After Russ Cox, "Regular Expression Matching: the Virtual Machine Approach".
struct RegexProgram: Sendable {
  enum Instruction: Sendable {
    case character(CharacterSet)
    /// Goes on at both; the first is preferred.
    case split(Int, Int)
    case jump(Int)
    /// Keeps the place in the text in a slot: group g starts in slot 2g and ends in 2g + 1.
    case save(Int)
    case assert(Assertion)
    case match
  }

  enum Assertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case notWordBoundary
  }

  /// Ranges of code points, or all others.
  struct CharacterSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false
    var ignoresCase = false

    func contains(_ scalar: UInt32) -> Bool {
      var found = ranges.contains { $0.contains(scalar) }
      if !found && ignoresCase {
        let other = CharacterSet.otherCase(scalar)
        found = other != scalar && ranges.contains { $0.contains(other) }
      }
      return found != isNegated
    }

    private static func otherCase(_ value: UInt32) -> UInt32 {
      guard let scalar = Unicode.Scalar(value) else { return value }
      let properties = scalar.properties
      let mapped =
        properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
      let scalars = mapped.unicodeScalars
      return scalars.count == 1 ? scalars.first.map(\.value) ?? value : value
    }
  }

  /// What letters behind a call change: `i` ignores case, `s` lets `.` match a new line, `m` lets `^`
  /// and `$` match at lines, `g` replaces all, `l` takes the pattern literally.
  struct Options: Sendable {
    var ignoresCase = false
    var dotMatchesNewline = false
    var anchorsMatchLines = false
    var isGlobal = false
    var isLiteral = false

    init(_ text: String) throws(QueryError) {
      for letter in text {
        switch letter {
        case "i": ignoresCase = true
        case "c": ignoresCase = false
        case "s": dotMatchesNewline = true
        case "m", "n", "p": dotMatchesNewline = false
        case "g": isGlobal = true
        case "l": isLiteral = true
        case " ", "\t", "\n": break
        default: throw QueryError(.value, "there is no regular expression option '\(letter)'")
        }
      }
    }
  }

  let instructions: [Instruction]
  let groupCount: Int
  let options: Options
  /// Whether it matches at the start of a text or nowhere.
  let isAnchored: Bool

  /// The most instructions, so that counted repetitions cannot eat the memory.
  static let instructionsMax = 20_000

  init(_ pattern: String, _ options: Options) throws(QueryError) {
    var parser = RegexParser(pattern, options)
    let tree = try parser.parse()
    groupCount = parser.groupCount
    self.options = options
    var builder = RegexBuilder()
    builder.instructions.append(.save(0))
    try builder.add(tree)
    builder.instructions.append(.save(1))
    builder.instructions.append(.match)
    instructions = builder.instructions
    if case .assert(.textStart) = instructions[1] { isAnchored = true } else { isAnchored = false }
  }
}

/// The syntax tree of a regular expression.
indirect enum RegexTree: Sendable {
  case empty
  case character(RegexProgram.CharacterSet)
  case assertion(RegexProgram.Assertion)
  case sequence([RegexTree])
  case alternatives([RegexTree])
  case group(RegexTree, number: Int?)
  case repetition(RegexTree, least: Int, most: Int?, isLazy: Bool)
}

/// Turns a syntax tree into instructions.
private struct RegexBuilder {
  var instructions: [RegexProgram.Instruction] = []

  mutating func add(_ tree: RegexTree) throws(QueryError) {
    guard instructions.count < RegexProgram.instructionsMax else {
      throw QueryError(.value, "the regular expression is too large")
    }
    switch tree {
    case .empty: break
    case .character(let set): instructions.append(.character(set))
    case .assertion(let assertion): instructions.append(.assert(assertion))
    case .sequence(let trees): for tree in trees { try add(tree) }
    case .group(let tree, let number):
      if let number { instructions.append(.save(2 * number)) }
      try add(tree)
      if let number { instructions.append(.save(2 * number + 1)) }
    case .alternatives(let trees): try addAlternatives(trees)
    case .repetition(let tree, let least, let most, let isLazy):
      for _ in 0..<least { try add(tree) }
      if let most {
        var splits: [Int] = []
        for _ in least..<max(most, least) {
          splits.append(instructions.count)
          instructions.append(.jump(0))
          try add(tree)
        }
        for split in splits { patch(split, next: instructions.count, isLazy) }
      } else {
        let split = instructions.count
        instructions.append(.jump(0))
        try add(tree)
        instructions.append(.jump(split))
        patch(split, next: instructions.count, isLazy)
      }
    }
  }

  private mutating func patch(_ split: Int, next: Int, _ isLazy: Bool) {
    instructions[split] = isLazy ? .split(next, split + 1) : .split(split + 1, next)
  }

  private mutating func addAlternatives(_ trees: [RegexTree]) throws(QueryError) {
    var jumps: [Int] = []
    for (index, tree) in trees.enumerated() {
      if index + 1 == trees.count {
        try add(tree)
        continue
      }
      let split = instructions.count
      instructions.append(.jump(0))
      try add(tree)
      jumps.append(instructions.count)
      instructions.append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }
}
