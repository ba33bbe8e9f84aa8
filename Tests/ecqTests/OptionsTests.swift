import Testing

@testable import ecq

@Suite struct OptionsTests {
  @Test(arguments: [
    ("1", 1), ("512MB", 512_000_000), ("1.5 KiB", 1536), ("2g", 2_000_000_000), ("1TiB", 1 << 40),
    ("64b", 64),
  ])
  func sizesAreRead(text: String, bytes: Int) { #expect(ByteSize(argument: text)?.bytes == bytes) }

  @Test(arguments: ["", "MB", "-1", "1XB", "0", "1e3", "99999999TB", "1MBB"])
  func badSizesAreNot(text: String) { #expect(ByteSize(argument: text) == nil) }

  @Test(arguments: [(",", 44), ("tab", 9), ("\\t", 9), (";", 59)])
  func delimitersAreRead(text: String, byte: Int) {
    #expect(Delimiter(argument: text).map { Int($0.byte) } == byte)
  }

  @Test(arguments: ["", "ab", "\"", "\n", "é"])
  func badDelimitersAreNot(text: String) { #expect(Delimiter(argument: text) == nil) }

  @Test func threadsAreAtLeastOne() {
    #expect(ThreadCount(argument: "0") == nil)
    #expect(ThreadCount(argument: "-2") == nil)
    #expect(ThreadCount(argument: "3")?.count == 3)
  }
}
