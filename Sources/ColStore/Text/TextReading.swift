import Glibc

/// Reads values from text, strictly: one canonical grammar a type, no white space around it.
///
/// CSV ingest uses these as they are; casts from VARCHAR trim first and allow more.
public enum TextReading {
  public typealias Bytes = UnsafeBufferPointer<UInt8>

  /// `[-]digits` without leading zeros; nil where it is not one or does not fit.
  @inlinable
  public static func integer(_ bytes: Bytes) -> Int64? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
    let isNegative = start[0] == 0x2d
    var at = isNegative ? 1 : 0
    let digits = bytes.count - at
    guard digits >= 1, digits <= 19 else { return nil }
    if start[at] == 0x30 && digits > 1 { return nil }
    var magnitude: UInt64 = 0
    while at < bytes.count {
      let digit = start[at] &- 0x30
      if digit > 9 { return nil }
      // 19 digits always fit into 64 bits without sign.
      magnitude = magnitude &* 10 &+ UInt64(digit)
      at += 1
    }
    if isNegative {
      return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  /// A number without exponent, split at its point.
  public struct Digits: Sendable {
    public let isNegative: Bool
    /// All digits as one integer.
    public let unscaled: UInt128
    /// Digits before the point, leading zeros not counted, and after it.
    public let integerDigits: Int
    public let fractionDigits: Int
  }

  /// `[-]digits[.digits]` of at most 38 digits, without leading zeros before the point.
  public static func digits(_ bytes: Bytes) -> Digits? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
    let isNegative = start[0] == 0x2d
    var at = isNegative ? 1 : 0
    var unscaled: UInt128 = 0
    var integerDigits = 0
    var fractionDigits = 0
    var sawPoint = false
    let first = at
    while at < bytes.count {
      let byte = start[at]
      if byte == 0x2e && !sawPoint {
        sawPoint = true
      } else {
        let digit = byte &- 0x30
        guard digit <= 9 else { return nil }
        if sawPoint { fractionDigits += 1 } else { integerDigits += 1 }
        guard integerDigits + fractionDigits <= 38 else { return nil }
        unscaled = unscaled &* 10 &+ UInt128(digit)
      }
      at += 1
    }
    guard integerDigits + fractionDigits > 0 else { return nil }
    if start[first] == 0x30 {
      if integerDigits > 1 { return nil }
      integerDigits = 0
    }
    if sawPoint && fractionDigits == 0 { return nil }
    return Digits(
      isNegative: isNegative, unscaled: unscaled, integerDigits: integerDigits,
      fractionDigits: fractionDigits)
  }

  /// A decimal of at most 18 digits as its unscaled integer at `scale`; nil where it is not one,
  /// has more digits after the point, or does not fit.
  @inlinable
  public static func decimal(_ bytes: Bytes, scale: Int) -> Int64? {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
    let isNegative = start[0] == 0x2d
    let first = isNegative ? 1 : 0
    // At most 18 digits and a point, so the sum below cannot overflow.
    guard bytes.count > first, bytes.count - first <= 19 else { return nil }
    var at = first
    var value: Int64 = 0
    while at < bytes.count {
      let digit = start[at] &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      at += 1
    }
    let integerDigits = at - first
    if integerDigits > 18 || (integerDigits > 1 && start[first] == 0x30) { return nil }
    var fractionDigits = 0
    if at < bytes.count {
      guard start[at] == 0x2e else { return nil }
      at += 1
      fractionDigits = bytes.count - at
      guard fractionDigits > 0, fractionDigits <= scale else { return nil }
      while at < bytes.count {
        let digit = start[at] &- 0x30
        if digit > 9 { return nil }
        value = value &* 10 &+ Int64(digit)
        at += 1
      }
    }
    while fractionDigits < scale {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
      fractionDigits += 1
    }
    guard value <= 999_999_999_999_999_999 else { return nil }
    return isNegative ? -value : value
  }

  /// The same, where the value has at most `precision` digits, at most 18.
  static func decimal(_ bytes: Bytes, precision: Int, scale: Int) -> Int64? {
    let limit = powersOfTen64[min(precision, 18)]
    guard let value = decimal(bytes, scale: scale), value < limit, value > -limit else {
      return nil
    }
    return value
  }

  /// A decimal of up to 38 digits as its unscaled integer at `scale`.
  public static func decimal128(_ bytes: Bytes, scale: Int) -> Int128? {
    guard let digits = digits(bytes), digits.fractionDigits <= scale,
      digits.integerDigits + scale <= 38
    else { return nil }
    let value =
      Int128(digits.unscaled) * powersOfTen128[scale - digits.fractionDigits]
    return digits.isNegative ? -value : value
  }

  /// A finite number with or without exponent, or `nan`, `inf`, `-inf`; no leading zeros or `+`.
  public static func double(_ bytes: Bytes) -> Double? {
    guard let start = bytes.baseAddress, bytes.count > 0, bytes.count < 400 else { return nil }
    let first = start[0] == 0x2d ? 1 : 0
    guard bytes.count > first else { return nil }
    if start[first] > 0x39 {
      if matches(bytes, "nan") { return .nan }
      if matches(bytes, "inf") { return .infinity }
      if matches(bytes, "-inf") { return -.infinity }
      return nil
    }
    if start[first] == 0x30 && bytes.count > first + 1 {
      let next = start[first + 1]
      if next >= 0x30 && next <= 0x39 { return nil }
    }
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x2d, 0x2b, 0x2e, 0x45, 0x65: break
      default: return nil
      }
    }
    if start[0] == 0x2b { return nil }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  public static func boolean(_ bytes: Bytes) -> Bool? {
    if matches(bytes, "true") { return true }
    if matches(bytes, "false") { return false }
    return nil
  }

  @inline(__always)
  private static func matches(_ bytes: Bytes, _ word: StaticString) -> Bool {
    guard let start = bytes.baseAddress, bytes.count == word.utf8CodeUnitCount else { return false }
    return memcmp(start, word.utf8Start, bytes.count) == 0
  }

  /// The number of `count` digits at `start`, or nil where one is no digit.
  @inlinable @inline(__always)
  static func fixedDigits(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    var value = 0
    var at = 0
    while at < count {
      let digit = start[at] &- 0x30
      if digit > 9 { return nil }
      value = value &* 10 &+ Int(digit)
      at += 1
    }
    return value
  }

  /// `YYYY-MM-DD` as days since 1970-01-01.
  @inlinable
  public static func date(_ bytes: Bytes) -> Int64? {
    guard bytes.count == 10, let start = bytes.baseAddress else { return nil }
    guard start[4] == 0x2d, start[7] == 0x2d,
      let year = fixedDigits(start, 4), let month = fixedDigits(start + 5, 2),
      let day = fixedDigits(start + 8, 2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, year >= 1 else { return nil }
    return Int64(date.daysSinceEpoch)
  }

  /// `HH:MM:SS` as seconds since midnight.
  @inlinable
  static func secondsOfDay(_ start: UnsafePointer<UInt8>) -> Int64? {
    guard start[2] == 0x3a, start[5] == 0x3a,
      let hour = fixedDigits(start, 2), let minute = fixedDigits(start + 3, 2),
      let second = fixedDigits(start + 6, 2), hour < 24, minute < 60, second < 60
    else { return nil }
    return Int64((hour * 60 + minute) * 60 + second)
  }

  /// `YYYY-MM-DD HH:MM:SS` (or `T` between), an optional fraction of at most six digits that count,
  /// an optional ` UTC`, `Z`, `±HH` or `±HH:MM`; as microseconds since 1970-01-01 UTC.
  public static func timestamp(_ bytes: Bytes) -> Int64? {
    guard bytes.count >= 19, let start = bytes.baseAddress else { return nil }
    guard start[10] == 0x20 || start[10] == 0x54,
      let days = date(Bytes(rebasing: bytes[0..<10])),
      let seconds = secondsOfDay(start + 11)
    else { return nil }
    var microseconds = (days * 86_400 + seconds) * 1_000_000
    var at = 19
    if at < bytes.count && start[at] == 0x2e {
      at += 1
      let first = at
      var unit: Int64 = 100_000
      while at < bytes.count, start[at] >= 0x30, start[at] <= 0x39 {
        // Digits past the microsecond must be zeros, or the value would be changed.
        if unit == 0 && start[at] != 0x30 { return nil }
        microseconds += Int64(start[at] - 0x30) * unit
        unit /= 10
        at += 1
      }
      if at == first { return nil }
    }
    let zone = Bytes(rebasing: bytes[at...])
    if zone.isEmpty || matches(zone, " UTC") || matches(zone, "Z") { return microseconds }
    guard let offset = zoneOffsetSeconds(zone) else { return nil }
    return microseconds - offset * 1_000_000
  }

  /// A timestamp, or a bare date, which stands for its midnight.
  static func timestampOrDate(_ bytes: Bytes) -> Int64? {
    bytes.count == 10 ? date(bytes).map { $0 * Int64(microsecondsPerDay) } : timestamp(bytes)
  }

  private static func zoneOffsetSeconds(_ zone: Bytes) -> Int64? {
    guard let start = zone.baseAddress, zone.count == 3 || zone.count == 6 || zone.count == 5,
      start[0] == 0x2b || start[0] == 0x2d, let hours = fixedDigits(start + 1, 2), hours < 24
    else { return nil }
    var minutes = 0
    if zone.count == 6 {
      guard start[3] == 0x3a else { return nil }
    }
    if zone.count > 3 {
      guard let read = fixedDigits(start + zone.count - 2, 2), read < 60 else { return nil }
      minutes = read
    }
    let seconds = Int64(hours * 3600 + minutes * 60)
    return start[0] == 0x2d ? -seconds : seconds
  }

  /// Eight lower-case hexadecimal digits, all at once: each byte is tested and shrunk to four bits
  /// in its lane, then neighbours are joined.
  @inline(__always)
  private static func hexWord(_ start: UnsafePointer<UInt8>) -> UInt64? {
    let text = UInt64(
      bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    return hexLanes(text)
  }

  /// Four digits.
  @inline(__always)
  private static func hexHalf(_ start: UnsafePointer<UInt8>) -> UInt64? {
    let text = UInt32(
      bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt32.self))
    return hexLanes(UInt64(text) | 0x3030_3030_0000_0000)
  }

  @inline(__always)
  private static func hexLanes(_ text: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops = ones << 7
    guard text & tops == 0 else { return nil }
    // Digits are 0x30…0x39, letters 0x61…0x66: bit 6 tells them apart.
    let letters = (text >> 6) & ones
    let value = text &- (letters &* 0x57) &- ((letters ^ ones) &* 0x30)
    // A lane is in range if it did not borrow (top bit clear), is below 10 for digits, and in
    // 10…15 for letters.
    guard value & (ones &* 0xf0) == 0 else { return nil }
    let isTenUp = ((value &+ ones &* 6) >> 4) & ones
    guard isTenUp == letters else { return nil }
    let pairs = (value | value >> 4) & 0x00ff_00ff_00ff_00ff
    let quads = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff
    return (quads | quads >> 16) & 0xffff_ffff
  }

  /// 36 characters, lower case, in the physical form (top bit flipped).
  public static func uuid(_ bytes: Bytes) -> Int128? {
    guard bytes.count == 36, let start = bytes.baseAddress else { return nil }
    guard start[8] == 0x2d, start[13] == 0x2d, start[18] == 0x2d, start[23] == 0x2d else {
      return nil
    }
    guard let part0 = hexWord(start), let part1 = hexHalf(start + 9),
      let part2 = hexHalf(start + 14), let part3 = hexHalf(start + 19),
      let part4 = hexHalf(start + 24), let part5 = hexWord(start + 28)
    else { return nil }
    let high = part0 << 32 | part1 << 16 | part2
    let low = part3 << 48 | part4 << 32 | part5
    let bits = UInt128(high) << 64 | UInt128(low)
    return Int128(bitPattern: bits ^ (1 << 127))
  }
}
