import ColStore

/// hex, bin, to_base: texts and numbers in other bases.
enum Digits {
  static let functions: [ScalarFunction] = [
    base("hex", aliases: ["to_hex"], bits: 4), base("bin", aliases: ["to_binary"], bits: 1), toBase,
  ]

  private static let symbols = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

  /// The bits of a number or of a text's bytes, `bits` a digit.
  private static func base(_ name: String, aliases: [String], bits: Int) -> ScalarFunction {
    let perByte = 8 / bits
    let mask = (1 << bits) - 1
    let texts = TextFunctions.overload(name, [.varchar]) { row, buffer in
      for byte in row.text(0).bytes {
        for digit in (0..<perByte).reversed() {
          buffer.append(symbols[Int(byte) >> (digit * bits) & mask])
        }
      }
      return buffer.view
    }
    let numbers = TextFunctions.overload(name, [.bigint]) { row, buffer in
      append(UInt128(UInt64(bitPattern: row.number(0))), bits, buffer)
      return buffer.view
    }
    let wide = ScalarOverload(name: name, [.hugeint], .varchar) {
      arguments, count throws(QueryError) in
      let rows = Rows<Int128>(arguments[0])
      var output = TextBuilder(count: count)
      let buffer = TextBuffer()
      for row in 0..<count {
        buffer.removeAll()
        append(UInt128(bitPattern: rows[row]), bits, buffer)
        try output.set(row, copying: buffer)
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
    return ScalarFunction(
      name, aliases: aliases, signature: "\(name)(text or integer)",
      overloads: [texts, numbers, wide])
  }

  private static func append(_ value: UInt128, _ bits: Int, _ buffer: TextBuffer) {
    let mask = UInt128((1 << bits) - 1)
    let digitCount = max((128 - value.leadingZeroBitCount + bits - 1) / bits, 1)
    for digit in (0..<digitCount).reversed() {
      buffer.append(symbols[Int(value >> UInt128(digit * bits) & mask)])
    }
  }

  private static let toBase = ScalarFunction(
    "to_base", signature: "to_base(number, base[, digits])",
    overloads: [2, 3].map { count in
      TextFunctions.overload(
        "to_base", [DataType](repeating: .bigint, count: count), canFail: true
      ) { row, buffer throws(QueryError) in
        var rest = row.number(0)
        let base = row.number(1)
        guard rest >= 0 else { throw QueryError(.value, "to_base takes no negative numbers") }
        guard base >= 2, base <= 36 else {
          throw QueryError(.value, "the base of to_base lies between 2 and 36")
        }
        let least = count == 3 ? row.number(2) : 0
        guard least >= 0, least <= 64 else {
          throw QueryError(.value, "to_base pads to at most 64 digits")
        }
        var digits: [UInt8] = []
        repeat {
          digits.append(symbols[Int(rest % base)])
          rest /= base
        } while rest > 0
        while digits.count < Int(least) { digits.append(0x30) }
        for digit in digits.reversed() { buffer.append(digit) }
        return buffer.view
      }
    })
}
