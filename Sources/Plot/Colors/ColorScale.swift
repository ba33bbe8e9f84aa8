/// Numbers as colours: a ramp, whose lightness grows or falls steadily to the end or from the middle.
public struct ColorScale: Sendable {
  private let anchors: [Color]

  private init(_ codes: [UInt32]) { anchors = codes.map { Color($0) } }

  /// From pale to dark: a share, a count.
  public static let sequential = ColorScale([
    0xF7FBF2, 0xE0F3DB, 0xCCEBC5, 0xA8DDB5, 0x7BCCC4, 0x4EB3D3, 0x2B8CBE, 0x0868AC, 0x084081,
  ])

  /// Viridis of matplotlib: density on a light ground.
  public static let viridis = ColorScale([
    0xFDE725, 0xB5DE2B, 0x6ECE58, 0x35B779, 0x1F9E89, 0x26828E, 0x31688E, 0x3E4989, 0x482878,
    0x440154,
  ])

  /// Below, at and above a middle: blue, white, red.
  public static let diverging = ColorScale([
    0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B,
  ])

  /// The colour at a fraction of the ramp, from 0 to 1.
  public func color(_ fraction: Double) -> Color {
    guard fraction.isFinite else { return Theme.missing }
    let place = min(max(fraction, 0), 1) * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    return anchors[index].mixed(with: anchors[index + 1], place - Double(index))
  }
}
