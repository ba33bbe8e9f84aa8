/// Times of the generator are whole seconds since 1 October 2019, 00:00:00 UTC.
enum Calendar {
  static let daySeconds = 86_400
  static let dayCount = 61
  static let octoberEnd = 31 * daySeconds
  static let novemberEnd = dayCount * daySeconds

  /// Seconds at the start of a day of November.
  static func november(_ day: Int, hour: Int = 0) -> Int {
    octoberEnd + (day - 1) * daySeconds + hour * 3_600
  }

  /// The length of `2019-10-01 00:00:00 UTC`.
  static let textBytes = 23

  /// Writes `time` as `2019-10-01 00:00:00 UTC`, ``textBytes`` bytes, at `target`.
  @inline(__always)
  static func write(_ time: Int, to target: UnsafeMutablePointer<UInt8>) {
    let inOctober = time < octoberEnd
    let monthTime = inOctober ? time : time - octoberEnd
    let day = monthTime / daySeconds
    let second = monthTime - day * daySeconds
    let template: StaticString = "2019-10-01 00:00:00 UTC"
    target.update(from: template.utf8Start, count: textBytes)
    target[6] = inOctober ? 0x30 : 0x31
    writeTwoDigits(day + 1, to: target + 8)
    writeTwoDigits(second / 3_600, to: target + 11)
    writeTwoDigits(second / 60 % 60, to: target + 14)
    writeTwoDigits(second % 60, to: target + 17)
  }

  @inline(__always)
  private static func writeTwoDigits(_ value: Int, to target: UnsafeMutablePointer<UInt8>) {
    target[0] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
    target[1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
  }
}
