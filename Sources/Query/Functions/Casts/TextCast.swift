import ColStore

/// Casts from and to VARCHAR.
enum TextCast {
  static func toText(_ vector: Vector, count: Int) throws(QueryError) -> Vector {
    var output = TextBuilder(count: count)
    let text = TextBuilder.rowBuffer()
    for row in 0..<count {
      if vector.isNull(row) {
        output.setNull(row)
      } else {
        text.removeAll()
        text.append(vector, row: row)
        try output.set(row, copying: text)
      }
    }
    return output.finish()
  }

  static func fromText(
    _ vector: Vector, to target: DataType, isTry: Bool
  ) throws(QueryError) -> Vector {
    let count = vector.count
    func failed(_ view: StringView) throws(QueryError) {
      if isTry { return }
      throw QueryError(.value, "the text '\(view.string)' is no \(target)")
    }
    typealias S = StringView
    switch target.physical {
    case .bool:
      return try mapRows(
        vector, S.self, UInt8.self, to: target, count: count, filler: 0
      ) { view throws(QueryError) in
        if let value = LenientText.boolean(view) { return value ? 1 : 0 }
        try failed(view)
        return nil
      }
    case .int64:
      return try mapRows(
        vector, S.self, Int64.self, to: target, count: count, filler: 0
      ) { view throws(QueryError) in
        if let value = LenientText.int64(view, target) { return value }
        if target == .date || target == .timestamp, LenientText.isInfinite(view) {
          throw QueryError(.unsupported, "infinite dates and timestamps are not supported")
        }
        try failed(view)
        return nil
      }
    case .int128:
      return try mapRows(
        vector, S.self, Int128.self, to: target, count: count, filler: 0
      ) { view throws(QueryError) in
        if let value = LenientText.int128(view, target) { return value }
        try failed(view)
        return nil
      }
    case .double:
      return try mapRows(
        vector, S.self, Double.self, to: target, count: count, filler: 0
      ) { view throws(QueryError) in
        if let value = LenientText.double(view) { return value }
        try failed(view)
        return nil
      }
    case .interval:
      return try mapRows(
        vector, S.self, Interval.self, to: target, count: count, filler: Interval()
      ) { view throws(QueryError) in
        if let value = IntervalText.read(view.string) { return value }
        try failed(view)
        return nil
      }
    case .string: return vector
    case .list: throw QueryError(.unsupported, "a text cannot be cast to \(target)")
    }
  }
}

/// Reads values from text as casts do: white space around, signs, exponents, short dates.
enum LenientText {
  static func trimmed(_ view: StringView) -> StringView {
    var start = 0
    var end = view.count
    while start < end, isSpace(view.start[start]) { start += 1 }
    while end > start, isSpace(view.start[end - 1]) { end -= 1 }
    return StringView(start: view.start + start, count: end - start)
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

  static func boolean(_ view: StringView) -> Bool? {
    switch view.string.lowercased() {
    case "true", "t", "1", "yes", "y": true
    case "false", "f", "0", "no", "n": false
    default: nil
    }
  }

  static func double(_ view: StringView) -> Double? {
    withoutSeparators(trimmed(view)) { plainDouble($0) }
  }

  /// What `read` makes of a text without the separators of its digits, of which each stands between two;
  /// nil where one does not.
  private static func withoutSeparators<Value>(
    _ text: StringView, _ read: (StringView) -> Value?
  ) -> Value? {
    let bytes = text.bytes
    guard bytes.contains(UInt8(ascii: "_")) else { return read(text) }
    let isHexadecimal = bytes.count > 2 && bytes[1] | 0x20 == UInt8(ascii: "x")
    func isDigit(_ place: Int) -> Bool {
      guard bytes.indices.contains(place) else { return false }
      let byte = bytes[place]
      let letter = byte | 0x20
      return byte >= 0x30 && byte <= 0x39 || isHexadecimal && letter >= 0x61 && letter <= 0x66
    }
    var kept: [UInt8] = []
    for (place, byte) in bytes.enumerated() {
      if byte != UInt8(ascii: "_") {
        kept.append(byte)
      } else if !isDigit(place - 1) || !isDigit(place + 1) {
        return nil
      }
    }
    return kept.withUnsafeBufferPointer { kept in
      kept.baseAddress.flatMap { read(StringView(start: $0, count: kept.count)) }
    }
  }

  private static func plainDouble(_ text: StringView) -> Double? {
    if let value = TextReading.double(text.bytes) { return value }
    let word = text.string.lowercased()
    switch word {
    case "nan", "-nan", "+nan": return .nan
    case "inf", "infinity", "+inf", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: break
    }
    guard let first = word.utf8.first, first != 0x6e, first != 0x69, !word.contains("x") else {
      return nil
    }
    return Double(word)
  }

  static func int64(_ view: StringView, _ type: DataType) -> Int64? {
    let text = trimmed(view)
    switch type {
    case .date: return date(text)
    case .timestamp: return timestamp(text)
    case .time: return time(text)
    case .integer:
      guard let value = integer(text), value >= Int128(Int32.min),
        value <= Int128(Int32.max)
      else { return nil }
      return Int64(value)
    case .bigint: return integer(text).flatMap { Int64(exactly: $0) }
    case .decimal(let precision, let scale):
      guard let value = number(text, scale: scale),
        value.magnitude < powersOfTen128[precision].magnitude
      else { return nil }
      return Int64(exactly: value)
    default: return nil
    }
  }

  static func int128(_ view: StringView, _ type: DataType) -> Int128? {
    let text = trimmed(view)
    switch type {
    case .uuid: return uuid(text)
    case .hugeint:
      return integer(text).flatMap { $0.magnitude < powersOfTen128[38].magnitude ? $0 : nil }
    case .decimal(let precision, let scale):
      guard let value = number(text, scale: scale),
        value.magnitude < powersOfTen128[precision].magnitude
      else { return nil }
      return value
    default: return nil
    }
  }

  private static func uuid(_ text: StringView) -> Int128? {
    var digits: [UInt8] = []
    for byte in text.bytes where byte != 0x2d && byte != 0x7b && byte != 0x7d {
      digits.append(byte >= 0x41 && byte <= 0x46 ? byte + 0x20 : byte)
    }
    guard digits.count == 32 else { return nil }
    var canonical: [UInt8] = []
    for (index, digit) in digits.enumerated() {
      if index == 8 || index == 12 || index == 16 || index == 20 { canonical.append(0x2d) }
      canonical.append(digit)
    }
    return canonical.withUnsafeBufferPointer { TextReading.uuid($0) }
  }

  /// A whole number as SQL casts read it: also in hexadecimal and binary digits.
  private static func integer(_ text: StringView) -> Int128? {
    withoutSeparators(text) { plainInteger($0) }
  }

  private static func plainInteger(_ text: StringView) -> Int128? {
    let bytes = text.bytes
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "0") else { return plainNumber(text, scale: 0) }
    let radix: Int
    switch bytes[1] | 0x20 {
    case UInt8(ascii: "x"): radix = 16
    case UInt8(ascii: "b"): radix = 2
    default: return plainNumber(text, scale: 0)
    }
    let digits = String(decoding: bytes[2...], as: UTF8.self)
    guard digits.utf8.first != UInt8(ascii: "-"), digits.utf8.first != UInt8(ascii: "+") else {
      return nil
    }
    return Int128(digits, radix: radix)
  }

  /// `[±]digits[.digits][e[±]digits]` as an integer of 10^-scale, half away from zero.
  static func number(_ text: StringView, scale: Int) -> Int128? {
    withoutSeparators(text) { plainNumber($0, scale: scale) }
  }

  private static func plainNumber(_ text: StringView, scale: Int) -> Int128? {
    let bytes = text.bytes
    var at = 0
    var isNegative = false
    if at < bytes.count, bytes[at] == 0x2d || bytes[at] == 0x2b {
      isNegative = bytes[at] == 0x2d
      at += 1
    }
    var digits: [UInt8] = []
    var fraction = 0
    var sawDigit = false
    var sawPoint = false
    while at < bytes.count {
      let byte = bytes[at]
      if byte >= 0x30 && byte <= 0x39 {
        sawDigit = true
        if !(digits.isEmpty && byte == 0x30) || sawPoint { digits.append(byte - 0x30) }
        if sawPoint { fraction += 1 }
      } else if byte == 0x2e && !sawPoint {
        sawPoint = true
      } else {
        break
      }
      at += 1
    }
    guard sawDigit else { return nil }
    var exponent = 0
    if at < bytes.count, bytes[at] == 0x65 || bytes[at] == 0x45 {
      let rest = UnsafeBufferPointer(rebasing: bytes[(at + 1)...])
      guard let value = Int(String(decoding: rest, as: UTF8.self)), value.magnitude < 1000 else {
        return nil
      }
      exponent = value
      at = bytes.count
    }
    guard at == bytes.count else { return nil }
    // The value is digits × 10^(exponent - fraction), wanted in units of 10^-scale.
    let shift = exponent - fraction + scale
    var result: Int128 = 0
    let kept = digits.count + min(shift, 0)
    for digit in digits.prefix(max(kept, 0)) {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      let (sum, sumOverflow) = product.addingReportingOverflow(Int128(digit))
      if sumOverflow { return nil }
      result = sum
    }
    if shift > 0 && result != 0 {
      for _ in 0..<shift {
        let (product, overflow) = result.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        result = product
      }
    } else if kept >= 0 && kept < digits.count && digits[kept] >= 5 {
      let (rounded, overflow) = result.addingReportingOverflow(1)
      if overflow { return nil }
      result = rounded
    }
    return isNegative ? -result : result
  }

  private static func isEpoch(_ text: StringView) -> Bool {
    text.count == 5 && text.string.lowercased() == "epoch"
  }

  /// Whether the text is one of DuckDB's infinite times, which are not supported.
  static func isInfinite(_ text: StringView) -> Bool {
    ["inf", "-inf", "infinity", "-infinity"].contains(trimmed(text).string.lowercased())
  }

  static func date(_ text: StringView) -> Int64? {
    if isEpoch(text) { return 0 }
    if let value = TextReading.date(text.bytes) { return value }
    var reader = FieldReader(text)
    guard let date = reader.date() else { return nil }
    if reader.isAtEnd { return date }
    // A time behind the date is read and dropped.
    return timestamp(text).map { CalendarMath.day(of: $0) }
  }

  static func timestamp(_ text: StringView) -> Int64? {
    if isEpoch(text) { return 0 }
    if !hasOffset(text), let value = TextReading.timestamp(text.bytes) { return value }
    var reader = FieldReader(text)
    guard let day = reader.date() else { return nil }
    let (start, overflow) = day.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
    if overflow { return nil }
    if reader.isAtEnd { return start }
    guard reader.skip(0x20) || reader.skip(0x54), let time = reader.time() else { return nil }
    let (value, sumOverflow) = start.addingReportingOverflow(time)
    // A zone is read and dropped, as DuckDB does where the type has none.
    guard !sumOverflow, reader.zone() != nil, reader.isAtEnd else { return nil }
    return value
  }

  /// Whether there is an offset behind the time.
  private static func hasOffset(_ text: StringView) -> Bool {
    for at in min(11, text.count)..<text.count
    where text.start[at] == UInt8(ascii: "+") || text.start[at] == UInt8(ascii: "-") {
      return true
    }
    return false
  }

  static func time(_ text: StringView) -> Int64? {
    var reader = FieldReader(text)
    if let time = reader.time(), reader.zone() != nil, reader.isAtEnd { return time }
    // The time of day of a timestamp.
    return timestamp(text).map { CalendarMath.timeOfDay($0) }
  }
}

/// Reads the fields of dates and times from left to right.
struct FieldReader {
  private let text: StringView
  private var at = 0

  init(_ text: StringView) { self.text = text }

  var isAtEnd: Bool { at == text.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text.start[at] == byte else { return false }
    at += 1
    return true
  }

  /// Between one and `most` digits.
  mutating func number(most: Int) -> Int? {
    var value = 0
    let first = at
    while at < text.count, at - first < most, text.start[at] >= 0x30, text.start[at] <= 0x39 {
      value = value * 10 + Int(text.start[at] - 0x30)
      at += 1
    }
    return at > first ? value : nil
  }

  mutating func date() -> Int64? {
    let isNegative = skip(0x2d)
    guard let year = number(most: 6) else { return nil }
    guard let separator = [0x2d, 0x2f, 0x5c, 0x20].first(where: { skip($0) }) else { return nil }
    guard let month = number(most: 2), skip(separator), let day = number(most: 2) else {
      return nil
    }
    let date = CivilDate(year: isNegative ? -year : year, month: month, day: day)
    return date.isValid ? Int64(date.daysSinceEpoch) : nil
  }

  /// `H:MM[:SS[.fraction]]`.
  mutating func time() -> Int64? {
    guard let hour = number(most: 2), skip(0x3a), let minute = number(most: 2) else { return nil }
    var second = 0
    var fraction = 0
    if skip(0x3a) {
      guard let value = number(most: 2) else { return nil }
      second = value
      if skip(0x2e) {
        var unit = 100_000
        while at < text.count, text.start[at] >= 0x30, text.start[at] <= 0x39 {
          fraction += Int(text.start[at] - 0x30) * unit
          unit /= 10
          at += 1
        }
      }
    }
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return Int64(((hour * 60 + minute) * 60 + second) * microsecondsPerSecond + fraction)
  }

  /// An optional `Z`, `UTC` or offset, in microseconds.
  mutating func zone() -> Int64? {
    if isAtEnd || skip(0x5a) { return 0 }
    _ = skip(0x20)
    if skip(0x55) { return skip(0x54) && skip(0x43) ? 0 : nil }
    let isNegative = skip(0x2d)
    guard isNegative || skip(0x2b), let hours = number(most: 2) else { return nil }
    var minutes = 0
    if skip(0x3a) {
      guard let value = number(most: 2) else { return nil }
      minutes = value
    }
    let total = Int64((hours * 60 + minutes) * 60 * microsecondsPerSecond)
    return isNegative ? -total : total
  }
}
