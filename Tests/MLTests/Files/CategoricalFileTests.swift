import Testing

@testable import ML

@Suite struct CategoricalFileTests {
  /// One categorical and one numeric split.
  private func ensemble(missingGoesLeft: Bool) -> TreeEnsemble {
    func split(
      _ feature: Int, _ threshold: Double, _ left: Int, _ categories: [Int]?
    ) -> DecisionTree.Node {
      DecisionTree.Node(
        feature: feature, threshold: threshold, left: left, right: left + 1,
        missingGoesLeft: missingGoesLeft, missing: .followsDefault, value: 0, cover: 4, gain: 1,
        rowCount: 0, categories: categories)
    }
    let tree = DecisionTree(nodes: [
      split(1, 0, 1, [0, 3, 40]), split(0, 2.5, 3, nil),
      .leaf(value: 1, cover: 1, rowCount: 0), .leaf(value: 2, cover: 1, rowCount: 0),
      .leaf(value: 4, cover: 1, rowCount: 0),
    ])
    return TreeEnsemble(
      dialect: .xgboost, link: .identity, featureNames: ["n", "c"], trees: [tree], baseMargin: 0)
  }

  private func margin(_ ensemble: TreeEnsemble, _ row: [Double]) -> Double {
    var sum = 0.0
    CompiledTrees(ensemble).margins(of: row, count: 1, width: 2, into: &sum)
    return sum
  }

  @Test(arguments: [true, false]) func categoriesGoWhereTheyWere(missingGoesLeft: Bool) throws {
    let original = ensemble(missingGoesLeft: missingGoesLeft)
    let buffer = XGBoostFile.write(original).buffer
    let model = try ModelFile.parse(Array(buffer.bytes))
    guard case .trees(let read) = model.form else { return }
    for category in [0.0, 1, 3, 39, 40, 41, 1e6, -1, .nan] {
      for number in [1.0, 9] {
        #expect(margin(read, [number, category]) == margin(original, [number, category]))
      }
    }
    #expect(margin(read, [1, 3]) == 2)
    #expect(margin(read, [9, 3]) == 4)
    #expect(margin(read, [1, 2]) == 1)
    #expect(margin(read, [1, .nan]) == (missingGoesLeft ? 2 : 1))
  }

  @Test func binaryJSONReadsAndRefuses() throws {
    func text(_ text: String) -> [UInt8] { [0x55, UInt8(text.utf8.count)] + Array(text.utf8) }
    // {"a": [float32 1.5, −2], "b": {}, "c": ["x", true, null, 300, −7, 1e9, 2⁴⁰], "d": uint8 1, 2}
    let bytes: [UInt8] =
      [0x7B] + text("a") + Array("[$d#U\u{2}".utf8) + [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0]
      + text("b") + Array("{}".utf8) + text("c") + Array("[S".utf8) + text("x")
      + Array("TZI".utf8) + [1, 0x2C] + Array("i".utf8) + [0xF9] + Array("l".utf8)
      + [0x3B, 0x9A, 0xCA, 0] + Array("L".utf8) + [0, 0, 1, 0, 0, 0, 0, 0] + Array("]".utf8)
      + text("d") + Array("[$U#U\u{2}".utf8) + [1, 2] + [0x7D]
    #expect(UBJSONParser.accepts(bytes))
    let document = try UBJSONParser.parse(bytes)
    #expect(document["a"]?.numbers == [1.5, -2])
    #expect(document["b"] == .object([:]))
    #expect(
      document["c"]
        == .array([
          .string("x"), .bool(true), .null, .number(300), .number(-7), .number(1e9),
          .number(1_099_511_627_776),
        ]))
    #expect(document["d"]?.numbers == [1, 2])
    for length in 1..<bytes.count {
      #expect(throws: ModelError.self) { try UBJSONParser.parse(Array(bytes[..<length])) }
    }
    var random = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      var damaged = bytes
      damaged[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
      do { #expect(try UBJSONParser.parse(damaged)["zz"] == nil) } catch {}
    }
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(throws: ModelError.self) { try UBJSONParser.parse(deep) }
  }
}
