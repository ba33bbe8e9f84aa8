import Testing

@testable import ColStore

@Suite struct NoiseTests {
  private static func isNoise(_ bytes: [UInt8]) throws -> Bool {
    let scratch = try EncodingScratch.make()
    return try bytes.withUnsafeBytes { try Noise.isLikely($0, scratch) }
  }

  @Test func randomBytesAreNoise() throws {
    var random = SeededGenerator(seed: 4)
    let bytes = (0..<65_536).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    #expect(try Self.isNoise(bytes))
    #expect(try Self.isNoise(Array(bytes.prefix(Noise.bytesMin))))
  }

  @Test func whatZstdMakesSmallerIsNone() throws {
    var random = SeededGenerator(seed: 5)
    // Every byte as often as the others, but in order; bytes of six bits; few different stretches.
    #expect(try !Self.isNoise((0..<65_536).map { UInt8(truncatingIfNeeded: $0) }))
    #expect(try !Self.isNoise((0..<65_536).map { _ in UInt8(random.next() % 64) }))
    let stretch = (0..<1024).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    #expect(try !Self.isNoise((0..<64).flatMap { _ in stretch }))
  }

  private static func stored(_ bytes: [UInt8]) throws -> [UInt8] {
    let scratch = try EncodingScratch.make()
    return try bytes.withUnsafeBytes { bytes in
      var writer = ByteWriter()
      try ByteStream.encode(bytes, into: &writer, scratch: scratch)
      return writer.bytes
    }
  }

  @Test func noiseIsStoredAsItIs() throws {
    var random = SeededGenerator(seed: 6)
    let bytes = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let stored = try Self.stored(bytes)
    #expect(stored.first == 1)
    #expect(Array(stored.dropFirst()) == bytes)
  }
}
