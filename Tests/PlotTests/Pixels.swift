import CCairo

@testable import Plot

/// A picture's pixels, decoded.
struct Pixels {
  let width: Int
  let height: Int
  /// Grey values, row by row.
  private let values: [Double]

  private final class Source {
    var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }
  }

  init(png bytes: [UInt8]) throws {
    let source = Source(bytes)
    let surface = withExtendedLifetime(source) {
      cairo_image_surface_create_from_png_stream(
        { source, target, count in
          guard let source, let target else { return CAIRO_STATUS_READ_ERROR }
          let bytes = Unmanaged<Source>.fromOpaque(source).takeUnretainedValue()
          guard bytes.rest.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
          for (index, byte) in bytes.rest.prefix(Int(count)).enumerated() { target[index] = byte }
          bytes.rest = bytes.rest.dropFirst(Int(count))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(source).toOpaque())
    }
    defer { cairo_surface_destroy(surface) }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
      let data = cairo_image_surface_get_data(surface)
    else { throw PlotError("cannot decode a PNG of \(bytes.count) bytes") }
    let (width, height) = (
      Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
    )
    let stride = Int(cairo_image_surface_get_stride(surface))
    var values: [Double] = []
    values.reserveCapacity(width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        for part in 0..<3 { values.append(Double(data[y * stride + x * 4 + part])) }
      }
    }
    (self.width, self.height, self.values) = (width, height, values)
  }

  /// How far two pictures of one size are apart, in 256ths.
  struct Distance {
    /// Of all pixels, in the mean.
    var mean = 0.0
    /// The largest difference of the means of 6 × 6 pixels: antialiasing does not count, a text that
    /// moved does.
    var block = 0.0
  }

  func distance(to other: Pixels) -> Distance {
    var distance = Distance()
    let side = 6
    for top in stride(from: 0, to: height, by: side) {
      for left in stride(from: 0, to: width, by: side) {
        for part in 0..<3 {
          var (own, others, count) = (0.0, 0.0, 0.0)
          for y in top..<min(top + side, height) {
            for x in left..<min(left + side, width) {
              let at = (y * width + x) * 3 + part
              own += values[at]
              others += other.values[at]
              count += 1
              distance.mean += (values[at] - other.values[at]).magnitude
            }
          }
          distance.block = max(distance.block, (own - others).magnitude / count)
        }
      }
    }
    distance.mean /= Double(values.count)
    return distance
  }
}
