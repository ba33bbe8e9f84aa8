import CCairo

/// The one typeface of pictures, as cairo knows it.
enum Font {
  static let family = "DejaVu Sans"

  /// Outlines as they are: no hinting, so that a text is as wide at every scale.
  static func prepare(_ context: OpaquePointer?) {
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  static func select(_ style: TextStyle, in context: OpaquePointer?) {
    cairo_select_font_face(
      context, family, CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
  }
}
