import ArgumentParser

/// A number of bytes, for example `512MB`, `1.5GiB` or `4G`.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let text = argument.lowercased()
    let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    let unit = text.dropFirst(number.count).drop { $0 == " " }
    guard let value = Double(number), let factor = Self.factor(of: String(unit)) else { return nil }
    let product = value * factor
    guard product >= 1, product < 0x1p62 else { return nil }
    bytes = Int(product)
  }

  private static func factor(of unit: String) -> Double? {
    guard let letter = unit.first, letter != "b" else { return unit.count <= 1 ? 1 : nil }
    guard let power = ["k", "m", "g", "t"].firstIndex(of: letter) else { return nil }
    let base: Double
    switch unit.dropFirst() {
    case "", "b": base = 1000
    case "i", "ib": base = 1024
    default: return nil
    }
    return (0...power).reduce(1) { factor, _ in factor * base }
  }
}
