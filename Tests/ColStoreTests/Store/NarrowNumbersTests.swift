import CKernels
import Testing

@testable import ColStore

/// Narrow numbers are the numbers that they were made of.
@Suite struct NarrowNumbersTests {
  private var random = SeededGenerator(seed: 5)

  private func buffer<Element: BitwiseCopyable>(_ values: [Element]) -> Buffer {
    let buffer = Buffer(Element.self, count: values.count)
    for (index, value) in values.enumerated() { buffer.pointer(Element.self)[index] = value }
    return buffer
  }

  @Test(arguments: [
    (0...0, 1), (5...250, 1), (-70_000...(-69_000), 1), (0...4_000_000_000, 1),
    (-3...9_000_000_000, 1), (1_569_888_000...1_569_999_999, 1_000_000), (-400...400, 3_600),
    (Int.min...Int.max, 1), (-4_000_000...4_000_000, 1 << 30),
  ])
  func words(range: ClosedRange<Int>, scale: Int) throws {
    var random = random
    for count in [1, 2, 63, 1000] {
      var words = (0..<count).map { _ in
        UInt64(bitPattern: Int64(Int.random(in: range, using: &random) &* scale))
      }
      // One that the first values do not foretell.
      if count == 1000 && scale > 1 { words[999] &+= UInt64(random.next() % 2) }
      let source = buffer(words)
      let numbers = NarrowNumbers.words(source, count: count)
      let vector = numbers.vector(.bigint, validity: nil, ascendsInClusters: false)
      let slice = vector.slice(offset: count / 2, count: count - count / 2)
      #expect(
        (0..<slice.count).map { slice.pointer(UInt64.self)[$0] } == Array(words[(count / 2)...]))
      #expect((0..<count).map { vector.pointer(UInt64.self)[$0] } == words)
      let rows = (0..<count).filter { $0 % 3 == 1 }
      let selected = SelectedRows(buffer(rows.map(UInt32.init)), count: rows.count)
      let picked = numbers.copied(to: KeptMemory()).pickWords(selected)
      #expect(rows.indices.map { picked.pointer(UInt64.self)[$0] } == rows.map { words[$0] })
      let signed = words.map { Int64(bitPattern: $0) }
      let chosen = Buffer(UInt32.self, count: count)
      let ends = [signed[0], signed[count - 1], signed[0] &+ 1, .min, .max, 0].sorted()
      for (place, low) in ends.enumerated() {
        for high in ends[place...] {
          let found = numbers.choose(low...high, into: chosen.pointer())
          #expect(
            (0..<found).map { Int(chosen.pointer(UInt32.self)[$0]) }
              == (0..<count).filter { low...high ~= signed[$0] })
        }
      }
    }
  }

  @Test(arguments: [UInt32(0), 3, 255, 256, 65_535, 65_536, .max])
  func codes(greatest: UInt32) throws {
    var random = random
    for count in [1, 15, 64, 200, 1000] {
      let codes = (0..<count).map { _ in UInt32.random(in: 0...greatest, using: &random) }
      let numbers = NarrowNumbers.codes(buffer(codes), count: count)
      let wide = numbers.wideCodes()
      #expect((0..<count).map { wide.pointer(UInt32.self)[$0] } == codes)
      let rows = Buffer(UInt32.self, count: count + runSlack)
      for wanted in [codes[0], codes[count - 1], greatest, 7, .max] {
        let found = numbers.choose(code: wanted, into: rows.pointer())
        #expect(
          (0..<found).map { Int(rows.pointer(UInt32.self)[$0]) }
            == (0..<count).filter { codes[$0] == wanted })
      }
      guard greatest < 70_000 else { continue }
      let verdicts = buffer((0...greatest).map { _ in UInt8(random.next() % 2) })
      let found = numbers.choose(
        UnsafePointer(verdicts.pointer(UInt8.self)), Int(greatest) + 1, into: rows.pointer())
      #expect(
        (0..<found).map { Int(rows.pointer(UInt32.self)[$0]) }
          == (0..<count).filter { verdicts.pointer(UInt8.self)[Int(codes[$0])] == 1 })
    }
  }
}
