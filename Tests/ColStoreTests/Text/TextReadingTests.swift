import Testing

@testable import ColStore

/// Values as text: what is read, what is refused, and that writing gives back what was read.
@Suite struct TextReadingTests {
  private func read<Value>(
    _ text: String, _ reader: (UnsafeBufferPointer<UInt8>) -> Value?
  ) -> Value? {
    Array(text.utf8).withUnsafeBufferPointer(reader)
  }

  private func written(_ write: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: TextWriting.bytesMax) { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped
      return String(
        decoding: UnsafeBufferPointer(start: start, count: write(start)), as: UTF8.self)
    }
  }

  @Test(arguments: [
    "0", "7", "-1", "9223372036854775807", "-9223372036854775808", "1000000000000000000",
  ])
  func integersRoundTrip(text: String) throws {
    let value = try #require(read(text, TextReading.integer))
    #expect(written { TextWriting.integer(value, to: $0) } == text)
  }

  @Test(arguments: [
    "", "-", "+1", "007", "-01", "9223372036854775808", "-9223372036854775809", "1 ", " 1", "1.0",
    "12345678901234567890", "0x10", "1_000", "１",
  ])
  func otherTextsAreNoIntegers(text: String) {
    #expect(read(text, TextReading.integer) == nil)
  }

  @Test(arguments: [
    ("0.00", 0), ("35.79", 3579), ("-0.01", -1), ("1", 100), ("1.5", 150),
    ("9999999999999999.99", 999_999_999_999_999_999),
  ])
  func decimals(text: String, unscaled: Int64) {
    #expect(read(text) { TextReading.decimal($0, scale: 2) } == unscaled)
  }

  @Test(arguments: ["1.234", "1.", ".", "1e3", "00.5", "10000000000000000", "1..2", "1.2.3"])
  func otherTextsAreNoDecimalsOfScale2(text: String) {
    #expect(read(text) { TextReading.decimal($0, scale: 2) } == nil)
  }

  @Test(arguments: [
    "2019-10-01 00:00:00", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999",
    "2000-02-29 12:34:56.5", "0001-01-01 00:00:00", "9999-12-31 23:59:59",
  ])
  func timestampsRoundTrip(text: String) throws {
    let value = try #require(read(text, TextReading.timestamp))
    #expect(written { TextWriting.timestamp(value, to: $0) } == text)
  }

  @Test(arguments: [
    ("2019-10-01 00:00:00 UTC", "2019-10-01 00:00:00"),
    ("2019-10-01T00:00:00Z", "2019-10-01 00:00:00"),
    ("2019-10-01 02:30:00+02:30", "2019-10-01 00:00:00"),
    ("2019-09-30 22:00:00-02", "2019-10-01 00:00:00"),
    ("2019-10-01 00:00:00.1000000", "2019-10-01 00:00:00.1"),
  ])
  func zonesAndFractions(text: String, utc: String) throws {
    let value = try #require(read(text, TextReading.timestamp))
    #expect(written { TextWriting.timestamp(value, to: $0) } == utc)
  }

  @Test(arguments: [
    "2019-02-29 00:00:00", "2019-13-01 00:00:00", "2019-10-01 24:00:00", "2019-10-01 00:60:00",
    "2019-10-01 00:00:00.1234567", "2019-10-01 00:00:00 CET", "2019-10-01", "2019-10-01 00:00",
    "2019-10-01 00:00:00.", "2019-10-01 00:00:00+1",
  ])
  func otherTextsAreNoTimestamps(text: String) {
    #expect(read(text, TextReading.timestamp) == nil)
  }

  @Test(arguments: [
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "72d76fde-8bb3-4e00-8c23-a032dfed738c", "01234567-89ab-cdef-0123-456789abcdef",
  ])
  func uuidsRoundTrip(text: String) throws {
    let value = try #require(read(text, TextReading.uuid))
    #expect(written { TextWriting.uuid(value, to: $0) } == text)
  }

  /// Each place in turn with each byte: only lower-case hexadecimal digits are read.
  @Test func everyOtherByteSpoilsAUUID() {
    let digits = Set("0123456789abcdef".utf8)
    let text = Array("72d76fde-8bb3-4e00-8c23-a032dfed738c".utf8)
    for place in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        let isValid = text[place] == UInt8(ascii: "-") ? byte == text[place] : digits.contains(byte)
        let value = changed.withUnsafeBufferPointer(TextReading.uuid)
        #expect((value != nil) == isValid)
        if let value, let changedText = String(validating: changed, as: UTF8.self) {
          #expect(written { TextWriting.uuid(value, to: $0) } == changedText)
        }
      }
    }
  }

  @Test func uuidsAreOrderedAsTheirTexts() throws {
    let low = try #require(read("7fffffff-0000-0000-0000-000000000000", TextReading.uuid))
    let high = try #require(read("80000000-0000-0000-0000-000000000000", TextReading.uuid))
    #expect(low < high)
  }

  @Test(arguments: ["0.1", "1e+20", "5e-324", "1.7976931348623157e+308", "-0.0", "3.0"])
  func doublesRoundTrip(text: String) throws {
    let value = try #require(read(text, TextReading.double))
    #expect(written { TextWriting.double(value, to: $0) } == text)
  }

  @Test(arguments: ["1e400", "Infinity", "NaN", "1e", "--1", "0123.5", "1,5", "abc", "0x1p3"])
  func otherTextsAreNoDoubles(text: String) {
    #expect(read(text, TextReading.double) == nil)
  }

  @Test func dayNumbersAgreeWithACountOfDays() {
    var date = CivilDate(year: 1899, month: 12, day: 31)
    var days = date.daysSinceEpoch
    while date.year < 2101 {
      date.day += 1
      if date.day > CivilDate.daysInMonth(year: date.year, month: date.month) {
        date.day = 1
        date.month += 1
      }
      if date.month > 12 {
        date.month = 1
        date.year += 1
      }
      days += 1
      #expect(date.daysSinceEpoch == days)
      #expect(CivilDate(daysSinceEpoch: days) == date)
    }
  }

  @Test(arguments: [
    (Int128(0), 0, "0"), (Int128(-5), 2, "-0.05"), (Int128.max / 10, 0, "\(Int128.max / 10)"),
    (powersOfTen128[37], 4, "1" + String(repeating: "0", count: 33) + ".0000"),
    (Int128(123_456_789_012_345_678) * 1000, 20, "1.23456789012345678000"),
  ])
  func wideDecimals(unscaled: Int128, scale: Int, text: String) {
    #expect(written { TextWriting.decimal(unscaled, scale: scale, to: $0) } == text)
  }
}
