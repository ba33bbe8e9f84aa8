#include "spans.h"

#include <string.h>

#include "dispatch.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

static inline uint64_t fold(uint64_t left, uint64_t right) {
  unsigned __int128 product = (unsigned __int128)left * right;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/// The first n < 8 bytes of a word that was read from memory; the others are shifted out.
static inline uint64_t first_bytes(uint64_t word, size_t n) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return n == 0 ? 0 : word >> (64 - 8 * n);
#else
  return n == 0 ? 0 : word << (64 - 8 * n);
#endif
}

/// Where the four pieces of 16 bytes begin that together cover n bytes, 16 to 64: spans of most
/// rows are that long, and differ in length too often for a loop to be predicted.
struct pieces {
  size_t second, third, fourth;
};

static inline struct pieces pieces_of(size_t n) {
  size_t last = n - 16;
  return (struct pieces){last < 16 ? last : 16, last < 32 ? last : 32, last};
}

/// Sixteen bytes a multiplication; what is left is read with the bytes before it.
static inline uint64_t hash_bytes(const uint8_t *bytes, size_t n) {
  const uint64_t prime0 = 0x9E3779B97F4A7C15, prime1 = 0xA0761D6478BD642F,
                 prime2 = 0xE7037ED1A0B428DB;
  uint64_t state = n * prime0;
  uint64_t left, right;
  if (n >= 16 && n <= 64) {
    struct pieces at = pieces_of(n);
    state = fold(word_at(bytes) ^ prime1, word_at(bytes + 8) ^ state);
    state = fold(word_at(bytes + at.second) ^ prime1, word_at(bytes + at.second + 8) ^ state);
    state = fold(word_at(bytes + at.third) ^ prime1, word_at(bytes + at.third + 8) ^ state);
    left = word_at(bytes + at.fourth);
    right = word_at(bytes + at.fourth + 8);
  } else if (n > 64) {
    for (size_t at = 0; at + 16 < n; at += 16)
      state = fold(word_at(bytes + at) ^ prime1, word_at(bytes + at + 8) ^ state);
    left = word_at(bytes + n - 16);
    right = word_at(bytes + n - 8);
  } else if (n >= 8) {
    left = word_at(bytes);
    right = word_at(bytes + n - 8);
  } else {
    left = first_bytes(word_at(bytes), n);
    right = 0;
  }
  return fold(left ^ prime2, right ^ state);
}

#if defined(__SSE2__)
static inline __m128i same_bytes(const uint8_t *left, const uint8_t *right) {
  return _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)left),
                        _mm_loadu_si128((const __m128i *)right));
}
#endif

static inline int equal_bytes(const uint8_t *left, const uint8_t *right, size_t n) {
#if defined(__SSE2__)
  if (n >= 16 && n <= 64) {
    struct pieces at = pieces_of(n);
    __m128i front = _mm_and_si128(same_bytes(left, right),
                                  same_bytes(left + at.second, right + at.second));
    __m128i back = _mm_and_si128(same_bytes(left + at.third, right + at.third),
                                 same_bytes(left + at.fourth, right + at.fourth));
    return _mm_movemask_epi8(_mm_and_si128(front, back)) == 0xffff;
  }
  if (n > 64) {
    for (size_t at = 0;; at += 16) {
      if (at + 16 > n) at = n - 16;
      if (_mm_movemask_epi8(same_bytes(left + at, right + at)) != 0xffff) return 0;
      if (at + 16 == n) return 1;
    }
  }
  uint32_t wanted = ((uint32_t)1 << n) - 1;
  return ((uint32_t)_mm_movemask_epi8(same_bytes(left, right)) & wanted) == wanted;
#else
  return memcmp(left, right, n) == 0;
#endif
}

struct span {
  const uint8_t *start;
  size_t length;
};

static inline struct span span_of(const struct ecq_spans *spans, size_t row) {
  const uint32_t *ends = spans->ends + row * spans->stride;
  uint32_t start = ends[0] + 1, end = ends[spans->width];
  if (spans->trims && end != ends[spans->width - 1] + 1 && spans->text[end - 1] == '\r') end--;
  return (struct span){spans->text + start, end - start};
}

uint64_t ecq_hash_span(const uint8_t *bytes, size_t n) { return hash_bytes(bytes, n); }

int ecq_equal_bytes(const uint8_t *left, const uint8_t *right, size_t n) {
  return equal_bytes(left, right, n);
}

ECQ_DISPATCHED void ecq_hash_spans(const struct ecq_spans *spans, size_t rows, uint32_t *hashes) {
  for (size_t row = 0; row < rows; row++) {
    struct span span = span_of(spans, row);
    hashes[row] = (uint32_t)hash_bytes(span.start, span.length);
  }
}

ECQ_DISPATCHED size_t ecq_number_spans(const struct ecq_spans *spans, size_t rows, const uint32_t *hashes,
                        struct ecq_span_table *table, uint32_t *numbers, uint32_t *new_rows) {
  // Slots are fetched so many rows ahead of their use, and half as many the keys.
  enum { distance = 16 };
  struct ecq_span_slot *slots = table->slots;
  uint8_t *keys = table->keys;
  const uint32_t mask = table->mask;
  size_t found = 0;
  for (size_t row = 0; row < rows; row++) {
    if (row + distance < rows) {
      __builtin_prefetch(slots + (hashes[row + distance] & mask));
      const struct ecq_span_slot *next = slots + (hashes[row + distance / 2] & mask);
      __builtin_prefetch(keys + next->offset);
      __builtin_prefetch(keys + next->offset + 63);
    }
    struct span span = span_of(spans, row);
    uint32_t hash = hashes[row];
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
      struct ecq_span_slot *slot = slots + at;
      if (slot->number == 0) {
        *slot = (struct ecq_span_slot){hash, table->count++, (uint32_t)table->key_bytes,
                                       (uint32_t)span.length};
        memcpy(keys + table->key_bytes, span.start, span.length);
        table->key_bytes += span.length;
        new_rows[found++] = (uint32_t)row;
        numbers[row] = slot->number;
        break;
      }
      if (slot->hash == hash && slot->length == span.length &&
          equal_bytes(keys + slot->offset, span.start, span.length)) {
        numbers[row] = slot->number;
        break;
      }
    }
  }
  return found;
}
