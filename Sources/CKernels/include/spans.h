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

/// A table of distinct spans, numbered from 1.
struct ecq_span_table {
  /// mask + 1 places, of which more than the keys and the new spans are empty or become so.
  struct ecq_span_slot *slots;
  uint32_t mask;
  /// The number of the next new span.
  uint32_t count;
  /// The texts, one after the other: room for the new ones, and 16 bytes more.
  uint8_t *keys;
  size_t key_bytes;
};

/// Writes the number of each row's span; spans that are not in the table are added to it, and their
/// first rows written to `new_rows`. Returns how many there are.
size_t ecq_number_spans(const struct ecq_spans *spans, size_t rows, const uint32_t *hashes,
                        struct ecq_span_table *table, uint32_t *numbers, uint32_t *new_rows);

/// Whether n bytes are equal; both are readable 16 bytes further.
int ecq_equal_bytes(const uint8_t *left, const uint8_t *right, size_t n);

#endif
