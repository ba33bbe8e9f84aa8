#ifndef ECQ_SPANS_H
#define ECQ_SPANS_H

#include <stddef.h>
#include <stdint.h>

/// The same adjacent fields of many rows. A row's span starts one byte after `ends[row * stride]`
/// (modulo 2^32) and ends before `ends[row * stride + width]`: `width` fields with the delimiters
/// between them.
struct ecq_spans {
  const uint8_t *text;
  const uint32_t *ends;
  size_t stride;
  size_t width;
  /// Whether a carriage return at the end of the last field is no part of it.
  int trims;
};

/// A place of a table of distinct spans: open addressing with linear probing.
struct ecq_span_slot {
  /// The low half of the key's hash.
  uint32_t hash;
  /// The key's number, 0 in an empty slot.
  uint32_t number;
  uint32_t offset;
  uint32_t length;
};

/// Hashes n bytes, which are readable 16 bytes further.
uint64_t ecq_hash_span(const uint8_t *bytes, size_t n);

/// Hashes the spans of `rows` rows; the text is readable 16 bytes past its end.
void ecq_hash_spans(const struct ecq_spans *spans, size_t rows, uint32_t *hashes);

/// Looks spans up, from row `row`, and writes the number of each; returns the first row whose span
/// is not in the table, or `rows`. `keys` is readable 16 bytes past its end; the table has an empty
/// slot, and mask + 1 slots in all.
size_t ecq_find_spans(const struct ecq_spans *spans, size_t row, size_t rows,
                      const uint32_t *hashes, const struct ecq_span_slot *slots, uint32_t mask,
                      const uint8_t *keys, uint32_t *numbers);

/// Whether n bytes are equal; both are readable 16 bytes further.
int ecq_equal_bytes(const uint8_t *left, const uint8_t *right, size_t n);

#endif
