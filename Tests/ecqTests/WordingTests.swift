import Testing

@testable import ecq

@Suite struct WordingTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func groups(number: Int, text: String) { #expect(grouped(number) == text) }

  @Test(arguments: [
    (0.0123454, 6, "0.012345"), (2.5, 0, "3"), (-1.005, 1, "-1.0"), (1e300, 2, "1e+300"),
  ])
  func fixes(value: Double, digits: Int, text: String) { #expect(fixed(value, digits) == text) }

  @Test(arguments: [
    (1, "1 byte"), (999, "999 bytes"), (1_490_000_000, "1.49 GB"), (12_345, "12.3 kB"),
  ])
  func saysBytes(bytes: Int, text: String) { #expect(byteText(bytes) == text) }

  @Test(arguments: [
    (["a", "b"], ["a", "b"]), (["a", "a", "a"], ["a", "a_1", "a_2"]),
    (["a", "a_1", "a"], ["a", "a_1", "a_2"]), (["a", "A"], ["a", "A"]),
  ])
  func namesAreUnique(names: [String], unique: [String]) { #expect(uniqueNames(names) == unique) }
}
