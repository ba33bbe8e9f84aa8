import Glibc

/// Writes values as text, in the one form that CSV output, casts and messages share.
///
/// Each function writes at `output`, where at least ``TextWriting/bytesMax`` bytes are free, and
/// returns how many it wrote.
public enum TextWriting {
  public typealias Output = UnsafeMutablePointer<UInt8>

  /// No value of a fixed-width type has a longer text.
  public static let bytesMax = 64

  private static let digitPairs: StaticString = """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """

  @inline(__always)
  private static func writePair(_ value: Int, to output: Output) {
    let pair = digitPairs.utf8Start + value &* 2
    output[0] = pair[0]
    output[1] = pair[1]
  }

  public static func unsigned(_ value: UInt64, to output: Output) -> Int {
    if value < 10 {
      output[0] = 48 + UInt8(truncatingIfNeeded: value)
      return 1
    }
    var count = 0
    var rest = value
    while rest > 0 {
      count += 1
      rest /= 10
    }
    zeroPadded(value, digits: count, to: output)
    return count
  }

  /// Exactly `digits` digits, the lowest of `value`, with leading zeros.
  @inline(__always)
  public static func zeroPadded(_ value: UInt64, digits: Int, to output: Output) {
    var rest = value
    var at = digits
    while at >= 2 {
      at -= 2
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 100)
      writePair(Int(remainder), to: output + at)
      rest = quotient
    }
    if at == 1 { output[0] = 48 + UInt8(truncatingIfNeeded: rest % 10) }
  }

  public static func integer(_ value: Int64, to output: Output) -> Int {
    guard value < 0 else { return unsigned(UInt64(value), to: output) }
    output[0] = UInt8(ascii: "-")
    return 1 + unsigned(value.magnitude, to: output + 1)
  }

  public static func integer(_ value: Int128, to output: Output) -> Int {
    if let narrow = Int64(exactly: value) { return integer(narrow, to: output) }
    let isNegative = value < 0
    if isNegative { output[0] = UInt8(ascii: "-") }
    let start = isNegative ? 1 : 0
    let tenTo18: UInt128 = 1_000_000_000_000_000_000
    let (high, low) = value.magnitude.quotientAndRemainder(dividingBy: tenTo18)
    let (highest, middle) = high.quotientAndRemainder(dividingBy: tenTo18)
    var count = start
    if highest > 0 {
      count += unsigned(UInt64(highest), to: output + count)
      zeroPadded(UInt64(middle), digits: 18, to: output + count)
      count += 18
    } else {
      count += unsigned(UInt64(middle), to: output + count)
    }
    zeroPadded(UInt64(low), digits: 18, to: output + count)
    return count + 18
  }

  /// A decimal given as its unscaled integer, always with all `scale` digits after the point.
  public static func decimal(_ unscaled: Int64, scale: Int, to output: Output) -> Int {
    guard scale > 0, scale <= 18 else { return integer(unscaled, to: output) }
    var count = 0
    if unscaled < 0 {
      output[0] = UInt8(ascii: "-")
      count = 1
    }
    let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(
      dividingBy: UInt64(powersOfTen64[scale]))
    count += unsigned(whole, to: output + count)
    output[count] = UInt8(ascii: ".")
    zeroPadded(fraction, digits: scale, to: output + count + 1)
    return count + 1 + scale
  }

  public static func decimal(_ unscaled: Int128, scale: Int, to output: Output) -> Int {
    if let narrow = Int64(exactly: unscaled), scale <= 18 {
      return decimal(narrow, scale: scale, to: output)
    }
    guard scale > 0 else { return integer(unscaled, to: output) }
    var count = 0
    if unscaled < 0 {
      output[0] = UInt8(ascii: "-")
      count = 1
    }
    let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(
      dividingBy: powersOfTen128[scale].magnitude)
    count += integer(Int128(whole), to: output + count)
    output[count] = UInt8(ascii: ".")
    count += 1
    var rest = fraction
    var digit = scale
    while digit > 0 {
      digit -= 1
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      output[count + digit] = 48 + UInt8(remainder)
      rest = quotient
    }
    return count + scale
  }

  /// The shortest text that reads back equal; `nan`, `inf`, `-inf`.
  public static func double(_ value: Double, to output: Output) -> Int {
    if value.isNaN { return copy("nan", to: output) }
    if value.isInfinite { return copy(value < 0 ? "-inf" : "inf", to: output) }
    return copy(value.description, to: output)
  }

  private static func copy(_ text: String, to output: Output) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      guard let source = bytes.baseAddress else { return 0 }
      memcpy(output, source, bytes.count)
      return bytes.count
    }
  }

  /// `2019-10-01`; years before 1 as ` (BC)`.
  public static func date(_ days: Int64, to output: Output) -> Int {
    let date = CivilDate(daysSinceEpoch: Int(days))
    let isBC = date.year <= 0
    let year = isBC ? 1 - date.year : date.year
    var count = 4
    if year < 10_000 {
      zeroPadded(UInt64(year), digits: 4, to: output)
    } else {
      count = unsigned(UInt64(year), to: output)
    }
    output[count] = UInt8(ascii: "-")
    writePair(date.month, to: output + count + 1)
    output[count + 3] = UInt8(ascii: "-")
    writePair(date.day, to: output + count + 4)
    count += 6
    if isBC { count += copy(" (BC)", to: output + count) }
    return count
  }

  /// `2019-10-01 00:00:00`, with a fraction only where it is not zero.
  public static func timestamp(_ microseconds: Int64, to output: Output) -> Int {
    let days = floorDivide(microseconds, Int64(microsecondsPerDay))
    let ofDay = microseconds &- days &* Int64(microsecondsPerDay)
    var count = date(days, to: output)
    output[count] = UInt8(ascii: " ")
    count += 1
    return count + time(ofDay, to: output + count)
  }

  /// `13:05:09`, with a fraction only where it is not zero.
  public static func time(_ microsecondsOfDay: Int64, to output: Output) -> Int {
    let (seconds, fraction) = microsecondsOfDay.quotientAndRemainder(dividingBy: 1_000_000)
    var count = 2
    let hours = Int(seconds / 3600)
    if hours < 100 {
      writePair(hours, to: output)
    } else {
      count = unsigned(UInt64(hours), to: output)
    }
    output[count] = UInt8(ascii: ":")
    writePair(Int(seconds / 60 % 60), to: output + count + 1)
    output[count + 3] = UInt8(ascii: ":")
    writePair(Int(seconds % 60), to: output + count + 4)
    count += 6
    guard fraction != 0 else { return count }
    output[count] = UInt8(ascii: ".")
    zeroPadded(UInt64(fraction), digits: 6, to: output + count + 1)
    count += 7
    while output[count - 1] == UInt8(ascii: "0") { count -= 1 }
    return count
  }

  private static let hexDigits: StaticString = "0123456789abcdef"

  /// The canonical 36 characters of a UUID in its physical form (top bit flipped).
  public static func uuid(_ value: Int128, to output: Output) -> Int {
    let bits = UInt128(bitPattern: value) ^ (1 << 127)
    let hex = hexDigits.utf8Start
    var shift = 128
    var at = 0
    while shift > 0 {
      if at == 8 || at == 13 || at == 18 || at == 23 {
        output[at] = UInt8(ascii: "-")
        at += 1
      }
      shift -= 8
      let byte = Int(truncatingIfNeeded: (bits >> UInt128(shift)) & 0xff)
      output[at] = hex[byte >> 4]
      output[at + 1] = hex[byte & 15]
      at += 2
    }
    return 36
  }

  /// As DuckDB prints intervals: `1 year 2 months 3 days 04:05:06.5`; zero is `00:00:00`.
  public static func interval(_ value: Interval, to output: Output) -> Int {
    var count = 0
    func part(_ number: Int, _ unit: String) {
      guard number != 0 else { return }
      if count > 0 {
        output[count] = UInt8(ascii: " ")
        count += 1
      }
      count += integer(Int64(number), to: output + count)
      count += copy(number == 1 || number == -1 ? " \(unit)" : " \(unit)s", to: output + count)
    }
    part(Int(value.months) / 12, "year")
    part(Int(value.months) % 12, "month")
    part(Int(value.days), "day")
    guard value.microseconds != 0 || count == 0 else { return count }
    if count > 0 {
      output[count] = UInt8(ascii: " ")
      count += 1
    }
    if value.microseconds < 0 {
      output[count] = UInt8(ascii: "-")
      count += 1
    }
    let magnitude = Int64(clamping: value.microseconds.magnitude)
    return count + time(magnitude, to: output + count)
  }
}

/// Division that rounds down, for a positive divisor.
@inlinable
public func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// 10⁰ … 10¹⁸.
public let powersOfTen64: [Int64] = (0...18).map { power in
  (0..<power).reduce(1) { value, _ in value * 10 }
}

/// 10⁰ … 10³⁸.
public let powersOfTen128: [Int128] = (0...38).map { power in
  (0..<power).reduce(1) { value, _ in value * 10 }
}
