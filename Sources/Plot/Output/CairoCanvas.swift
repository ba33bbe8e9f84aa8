import CCairo

/// Draws pictures with cairo.
enum CairoCanvas {
  static func requireLibrary() throws(PlotError) {
    if let failure = ecq_load_cairo() {
      throw PlotError("pictures need the library cairo: \(String(cString: failure))")
    }
  }

  static func png(of picture: Picture, scale: Double) throws(PlotError) -> [UInt8] {
    guard (0.1...8).contains(scale) else { throw PlotError("a scale must lie between 0.1 and 8") }
    let width = Int32((picture.size.width * scale).rounded(.up))
    let height = Int32((picture.size.height * scale).rounded(.up))
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height) else {
      throw PlotError("no memory for a picture of \(width) × \(height) pixels")
    }
    defer { cairo_surface_destroy(surface) }
    let context = cairo_create(surface)
    defer { cairo_destroy(context) }
    Font.prepare(context)
    cairo_scale(context, scale, scale)
    for shape in picture.shapes { draw(shape, context) }
    try check(cairo_status(context))
    cairo_surface_flush(surface)
    return try encoded(surface)
  }

  private static func check(_ status: cairo_status_t) throws(PlotError) {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw PlotError("cannot draw: \(String(cString: cairo_status_to_string(status)))")
    }
  }

  private static func encoded(_ surface: OpaquePointer) throws(PlotError) -> [UInt8] {
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { target in
      cairo_surface_write_to_png_stream(
        surface,
        { target, data, count in
          guard let target, let data else { return CAIRO_STATUS_WRITE_ERROR }
          target.assumingMemoryBound(to: [UInt8].self).pointee.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, target)
    }
    try check(status)
    return bytes
  }

  private static func draw(_ shape: Drawing.Shape, _ context: OpaquePointer?) {
    switch shape {
    case .fill(let path, let color):
      trace(path, context)
      select(color, context)
      cairo_fill(context)
    case .stroke(let path, let stroke):
      trace(path, context)
      select(stroke.color, context)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
      cairo_stroke(context)
    case .text(let text):
      cairo_save(context)
      cairo_translate(context, text.origin.x, text.origin.y)
      if text.isUpright { cairo_rotate(context, -Double.pi / 2) }
      Font.select(text.style, in: context)
      select(text.style.color, context)
      cairo_move_to(context, 0, 0)
      cairo_show_text(context, text.text)
      cairo_restore(context)
      cairo_new_path(context)
    case .clip(let rectangle):
      cairo_save(context)
      cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
      cairo_clip(context)
    case .unclip:
      cairo_restore(context)
    }
  }

  private static func select(_ color: Color, _ context: OpaquePointer?) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
  }

  private static func trace(_ path: Path, _ context: OpaquePointer?) {
    cairo_new_path(context)
    for segment in path.segments {
      switch segment {
      case .move(let point): cairo_move_to(context, point.x, point.y)
      case .line(let point): cairo_line_to(context, point.x, point.y)
      case .curve(let first, let second, let end):
        cairo_curve_to(context, first.x, first.y, second.x, second.y, end.x, end.y)
      case .close: cairo_close_path(context)
      }
    }
  }
}
