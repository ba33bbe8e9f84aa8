/// What kinds of values a column's texts are, gathered over all of them, and the type that holds
/// every one without loss.
struct TypeProfile: Sendable {
  /// One bit a kind of text.
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt16
    static let boolean = Kinds(rawValue: 1 << 0)
    /// Fits 64 bits.
    static let integer = Kinds(rawValue: 1 << 1)
    /// Has up to 38 digits and does not fit 64 bits.
    static let wideInteger = Kinds(rawValue: 1 << 2)
    /// Has one to four digits after the point, 18 in all, and no exponent.
    static let decimal = Kinds(rawValue: 1 << 3)
    /// Any other number, and `nan`, `inf`, `-inf`.
    static let real = Kinds(rawValue: 1 << 4)
    static let date = Kinds(rawValue: 1 << 5)
    static let timestamp = Kinds(rawValue: 1 << 6)
    static let uuid = Kinds(rawValue: 1 << 7)
    static let text = Kinds(rawValue: 1 << 8)

    static let numbers: Kinds = [.integer, .wideInteger, .decimal, .real]
  }

  static let decimalScaleMax = 4
  static let decimalDigitsMax = 18

  private(set) var kinds: Kinds = []
  private(set) var integerDigits = 0
  private(set) var scale = 0

  /// The profile of no values.
  init() {}

  /// The profile of one unquoted or quoted text.
  init(of bytes: UnsafeBufferPointer<UInt8>) {
    if TextReading.integer(bytes) != nil {
      kinds = .integer
      integerDigits = bytes.count - (bytes[0] == UInt8(ascii: "-") ? 1 : 0)
    } else if let digits = TextReading.digits(bytes) {
      if digits.fractionDigits == 0 {
        kinds = .wideInteger
      } else if digits.fractionDigits <= Self.decimalScaleMax,
        digits.integerDigits + digits.fractionDigits <= Self.decimalDigitsMax
      {
        kinds = .decimal
        integerDigits = digits.integerDigits
        scale = digits.fractionDigits
      } else {
        kinds = .real
      }
    } else if TextReading.double(bytes) != nil {
      kinds = .real
    } else if TextReading.boolean(bytes) != nil {
      kinds = .boolean
    } else if TextReading.date(bytes) != nil {
      kinds = .date
    } else if TextReading.timestamp(bytes) != nil {
      kinds = .timestamp
    } else if TextReading.uuid(bytes) != nil {
      kinds = .uuid
    } else {
      kinds = .text
    }
  }

  /// The profile of a column whose values so far were all read as `type`; `digits` is the most
  /// digits before the point among them.
  init(readAs type: DataType, integerDigits digits: Int) {
    integerDigits = digits
    switch type {
    case .boolean: kinds = .boolean
    case .integer, .bigint: kinds = .integer
    case .decimal(38, _): kinds = .wideInteger
    case .decimal(_, let scale):
      kinds = .decimal
      self.scale = scale
    case .double: kinds = .real
    case .date: kinds = .date
    case .timestamp: kinds = .timestamp
    case .uuid: kinds = .uuid
    case .null: kinds = []
    case .varchar, .interval, .time, .list, .map: kinds = .text
    }
  }

  mutating func formUnion(_ other: TypeProfile) {
    kinds.formUnion(other.kinds)
    integerDigits = max(integerDigits, other.integerDigits)
    scale = max(scale, other.scale)
  }

  var isEmpty: Bool { kinds.isEmpty }

  /// The narrowest type that holds all values; VARCHAR for none.
  var type: DataType {
    switch kinds {
    case .boolean: return .boolean
    case .integer: return .bigint
    case .date: return .date
    case .timestamp, [.date, .timestamp]: return .timestamp
    case .uuid: return .uuid
    case .wideInteger, [.integer, .wideInteger]: return .hugeint
    case .decimal, [.integer, .decimal]:
      let precision = integerDigits + scale
      if precision <= 9 { return .decimal(precision: 9, scale: scale) }
      return precision <= Self.decimalDigitsMax
        ? .decimal(precision: Self.decimalDigitsMax, scale: scale) : .double
    default:
      return !kinds.isEmpty && kinds.isSubset(of: .numbers) ? .double : .varchar
    }
  }
}
