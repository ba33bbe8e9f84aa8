import Testing

@testable import ColStore

/// The type inferred from all values of a column.
@Suite struct TypeProfileTests {
  @Test(
    arguments: [
      ([], DataType.varchar),
      (["true", "false"], .boolean),
      (["1", "-2", "9223372036854775807"], .bigint),
      (["9223372036854775808", "1"], .hugeint),
      (["1.50", "2"], .decimal(precision: 9, scale: 2)),
      (["1.5", "12345678"], .decimal(precision: 9, scale: 1)),
      (["1.5", "123456789"], .decimal(precision: 18, scale: 1)),
      (["1.2345", "99999999999999"], .decimal(precision: 18, scale: 4)),
      (["1.2345", "999999999999999"], .double),
      (["1.23456"], .double),
      (["1e3", "2"], .double),
      (["nan", "1"], .double),
      (["2019-10-01"], .date),
      (["2019-10-01", "2019-10-01 10:00:00"], .timestamp),
      (["2019-10-01T10:00:00Z"], .timestamp),
      (["72d76fde-8bb3-4e00-8c23-a032dfed738c"], .uuid),
      (["72D76FDE-8BB3-4E00-8C23-A032DFED738C"], .varchar),
      (["007"], .varchar),
      (["+1"], .varchar),
      (["1", "x"], .varchar),
      (["true", "1"], .varchar),
      (["1", "2019-10-01"], .varchar),
      ([""], .varchar),
      ([" 1"], .varchar),
    ] as [([String], DataType)])
  func isTheNarrowestThatHoldsAll(texts: [String], type: DataType) {
    var profile = TypeProfile()
    for text in texts {
      profile.formUnion(Array(text.utf8).withUnsafeBufferPointer { TypeProfile(of: $0) })
    }
    #expect(profile.type == type)
  }
}
