#include "CCairo.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static void *library;
static char failure[256];

static void load(void) {
  library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) snprintf(failure, sizeof failure, "%s", dlerror());
}

const char *ecq_load_cairo(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return library ? NULL : failure;
}

static void *symbol(const char *name) { return ecq_load_cairo() ? NULL : dlsym(library, name); }

// Hidden, so that the library's own calls stay its own.
#define FORWARD(type, name, parameters, arguments)                   \
  __attribute__((visibility("hidden"))) type name parameters {       \
    static type(*function) parameters;                               \
    if (!function) function = (__typeof__(function))symbol(#name);   \
    return function ? function arguments : (type)0;                  \
  }

#define PLAIN(name) FORWARD(void, name, (cairo_t * context), (context))
#define PAIR(name) FORWARD(void, name, (cairo_t * context, double x, double y), (context, x, y))
#define NUMBER(name) FORWARD(void, name, (cairo_t * context, double value), (context, value))

FORWARD(cairo_surface_t *, cairo_image_surface_create,
        (cairo_format_t format, int width, int height), (format, width, height))
FORWARD(void, cairo_surface_destroy, (cairo_surface_t * surface), (surface))
FORWARD(void, cairo_surface_flush, (cairo_surface_t * surface), (surface))
FORWARD(cairo_status_t, cairo_surface_write_to_png_stream,
        (cairo_surface_t * surface, cairo_write_func_t write, void *closure),
        (surface, write, closure))

FORWARD(cairo_t *, cairo_create, (cairo_surface_t * surface), (surface))
PLAIN(cairo_destroy)
PLAIN(cairo_save)
PLAIN(cairo_restore)
FORWARD(cairo_status_t, cairo_status, (cairo_t * context), (context))
FORWARD(const char *, cairo_status_to_string, (cairo_status_t status), (status))

PAIR(cairo_scale)
PAIR(cairo_translate)
NUMBER(cairo_rotate)

PLAIN(cairo_new_path)
PAIR(cairo_move_to)
PAIR(cairo_line_to)
FORWARD(void, cairo_curve_to,
        (cairo_t * context, double x1, double y1, double x2, double y2, double x3, double y3),
        (context, x1, y1, x2, y2, x3, y3))
PLAIN(cairo_close_path)
FORWARD(void, cairo_rectangle,
        (cairo_t * context, double x, double y, double width, double height),
        (context, x, y, width, height))

PLAIN(cairo_clip)
PLAIN(cairo_fill)
PLAIN(cairo_stroke)
FORWARD(void, cairo_set_source_rgba,
        (cairo_t * context, double red, double green, double blue, double alpha),
        (context, red, green, blue, alpha))
NUMBER(cairo_set_line_width)
FORWARD(void, cairo_set_line_join, (cairo_t * context, cairo_line_join_t join), (context, join))
FORWARD(void, cairo_set_dash,
        (cairo_t * context, const double *dashes, int count, double offset),
        (context, dashes, count, offset))

FORWARD(void, cairo_select_font_face,
        (cairo_t * context, const char *family, cairo_font_slant_t slant,
         cairo_font_weight_t weight),
        (context, family, slant, weight))
NUMBER(cairo_set_font_size)
FORWARD(void, cairo_set_font_options,
        (cairo_t * context, const cairo_font_options_t *options), (context, options))
FORWARD(void, cairo_show_text, (cairo_t * context, const char *text), (context, text))
FORWARD(void, cairo_text_extents,
        (cairo_t * context, const char *text, cairo_text_extents_t *extents),
        (context, text, extents))

FORWARD(cairo_font_options_t *, cairo_font_options_create, (void), ())
FORWARD(void, cairo_font_options_destroy, (cairo_font_options_t * options), (options))
FORWARD(void, cairo_font_options_set_antialias,
        (cairo_font_options_t * options, cairo_antialias_t antialias), (options, antialias))
FORWARD(void, cairo_font_options_set_hint_style,
        (cairo_font_options_t * options, cairo_hint_style_t style), (options, style))
FORWARD(void, cairo_font_options_set_hint_metrics,
        (cairo_font_options_t * options, cairo_hint_metrics_t metrics), (options, metrics))
