#include "csv.h"

#include <string.h>

#include "dispatch.h"

#if defined(__SSE2__)
#include <emmintrin.h>

/// A bit for each of 64 bytes that equals `wanted`.
static inline uint64_t equal_mask(const uint8_t *text, __m128i wanted) {
  uint64_t mask = 0;
  for (int part = 0; part < 4; part++) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(text + 16 * part));
    uint64_t bits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
    mask |= bits << (16 * part);
  }
  return mask;
}

typedef __m128i pattern;
static inline pattern make_pattern(uint8_t byte) { return _mm_set1_epi8((char)byte); }

#else

typedef uint8_t pattern;
static inline pattern make_pattern(uint8_t byte) { return byte; }
static inline uint64_t equal_mask(const uint8_t *text, pattern wanted) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(text[i] == wanted) << i;
  return mask;
}

#endif

ECQ_DISPATCHED struct ecq_separators ecq_index_separators(const uint8_t *text, size_t n, uint8_t delimiter,
                                           uint32_t *ends) {
  struct ecq_separators found = {0, 0};
  pattern delimiters = make_pattern(delimiter), newlines = make_pattern('\n');
  for (size_t at = 0; at < n; at += 64) {
    uint64_t lines = equal_mask(text + at, newlines);
    uint64_t mask = lines | equal_mask(text + at, delimiters);
    if (n - at < 64) {
      uint64_t inside = ((uint64_t)1 << (n - at)) - 1;
      lines &= inside;
      mask &= inside;
    }
    found.newlines += (size_t)__builtin_popcountll(lines);
    uint32_t *out = ends + found.count;
    found.count += (size_t)__builtin_popcountll(mask);
    // Eight at a time, whether there are as many or not: a branch a separator would be mispredicted
    // once in every few.
    while (mask) {
      for (int i = 0; i < 8; i++) {
        *out++ = (uint32_t)at + (uint32_t)__builtin_ctzll(mask | (uint64_t)1 << 63);
        mask &= mask - 1;
      }
    }
  }
  return found;
}
