#ifndef ECQ_CSV_H
#define ECQ_CSV_H

#include <stddef.h>
#include <stdint.h>

/// What ecq_index_separators found.
struct ecq_separators {
  /// Delimiters and newlines, as many as were written to `ends`.
  size_t count;
  /// Newlines among them.
  size_t newlines;
};

/// Writes the offset of every delimiter and newline of the n bytes of text to `ends`, which has
/// room for n + 64 numbers. Reads up to 64 bytes past the text's end and ignores them.
struct ecq_separators ecq_index_separators(const uint8_t *text, size_t n, uint8_t delimiter,
                                           uint32_t *ends);

/// Asks for the cache line at `address`, to be written or read soon.
static inline void ecq_prefetch(const void *address) { __builtin_prefetch(address, 1, 1); }

#endif
