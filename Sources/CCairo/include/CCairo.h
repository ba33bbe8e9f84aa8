#ifndef ECQ_CAIRO_H
#define ECQ_CAIRO_H

#include <cairo/cairo.h>

/// Cairo, loaded when it is first called: with all that it stands on it would take longer to load
/// than many a query takes, and most commands draw nothing.
///
/// The functions that are used are defined here under their own names, and call those of the
/// library. Where it cannot be loaded they do nothing, and return NULL or zero.

/// Loads the library, once. Returns NULL, or why it cannot be loaded.
const char *ecq_load_cairo(void);

#endif
