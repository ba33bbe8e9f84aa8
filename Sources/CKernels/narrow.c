#include "narrow.h"

#include "dispatch.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define NARROW_WORDS(NAME, TYPE)                                                          \
  static int NAME(const uint64_t *restrict words, size_t n, uint64_t reference,           \
                  uint64_t scale, TYPE *restrict output) {                                \
    if (scale == 1) {                                                                     \
      for (size_t i = 0; i < n; i++) output[i] = (TYPE)(words[i] - reference);            \
      return 1;                                                                           \
    }                                                                                     \
    double inverse = 1.0 / (double)scale;                                                 \
    uint64_t wrong = 0;                                                                   \
    for (size_t i = 0; i < n; i++) {                                                      \
      uint64_t distance = words[i] - reference;                                           \
      uint64_t quotient = (uint64_t)(int64_t)((double)(int64_t)distance * inverse + 0.5); \
      wrong |= quotient * scale ^ distance;                                               \
      output[i] = (TYPE)quotient;                                                         \
    }                                                                                     \
    return wrong == 0;                                                                    \
  }

NARROW_WORDS(narrow_to_u8, uint8_t)
NARROW_WORDS(narrow_to_u16, uint16_t)
NARROW_WORDS(narrow_to_u32, uint32_t)

int ecq_narrow_u64(const uint64_t *words, size_t n, uint64_t reference, uint64_t scale, int bytes,
                   void *output) {
  switch (bytes) {
    case 1: return narrow_to_u8(words, n, reference, scale, output);
    case 2: return narrow_to_u16(words, n, reference, scale, output);
    default: return narrow_to_u32(words, n, reference, scale, output);
  }
}

ECQ_DISPATCHED void ecq_narrow_u32(const uint32_t *restrict codes, size_t n, int bytes,
                                   void *restrict output) {
  uint8_t *narrow = output;
  uint16_t *wider = output;
  if (bytes == 1) {
    for (size_t i = 0; i < n; i++) narrow[i] = (uint8_t)codes[i];
  } else {
    for (size_t i = 0; i < n; i++) wider[i] = (uint16_t)codes[i];
  }
}

ECQ_DISPATCHED void ecq_widen_u32(const void *restrict kept, size_t n, int bytes,
                                  uint32_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[i]; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[i]; return;
    default: for (size_t i = 0; i < n; i++) output[i] = four[i]; return;
  }
}

ECQ_DISPATCHED void ecq_widen_u64(const void *restrict kept, size_t n, int bytes, uint64_t scale,
                                  uint64_t reference, uint64_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  const uint64_t *eight = kept;
  if (scale >> 32 == 0) {
    // Products of 32 bits, which are one instruction each.
    uint64_t factor = (uint32_t)scale;
    switch (bytes) {
      case 1: for (size_t i = 0; i < n; i++) output[i] = one[i] * factor + reference; return;
      case 2: for (size_t i = 0; i < n; i++) output[i] = two[i] * factor + reference; return;
      case 4: for (size_t i = 0; i < n; i++) output[i] = four[i] * factor + reference; return;
    }
  }
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[i] * scale + reference; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[i] * scale + reference; return;
    case 4: for (size_t i = 0; i < n; i++) output[i] = four[i] * scale + reference; return;
    default: for (size_t i = 0; i < n; i++) output[i] = eight[i] * scale + reference; return;
  }
}

void ecq_pick_u32(const void *restrict kept, int bytes, const uint32_t *restrict rows, size_t n,
                  uint32_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[rows[i]]; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[rows[i]]; return;
    default: for (size_t i = 0; i < n; i++) output[i] = four[rows[i]]; return;
  }
}

void ecq_pick_u64(const void *restrict kept, int bytes, uint64_t scale, uint64_t reference,
                  const uint32_t *restrict rows, size_t n, uint64_t *restrict output) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  const uint64_t *eight = kept;
  switch (bytes) {
    case 1: for (size_t i = 0; i < n; i++) output[i] = one[rows[i]] * scale + reference; return;
    case 2: for (size_t i = 0; i < n; i++) output[i] = two[rows[i]] * scale + reference; return;
    case 4: for (size_t i = 0; i < n; i++) output[i] = four[rows[i]] * scale + reference; return;
    default: for (size_t i = 0; i < n; i++) output[i] = eight[rows[i]] * scale + reference; return;
  }
}

#define CHOOSE_NARROW(NAME, TYPE)                                                       \
  static size_t NAME(const TYPE *restrict codes, size_t n, const uint8_t *restrict verdicts, \
                     uint32_t *restrict rows) {                                         \
    size_t found = 0;                                                                   \
    for (size_t i = 0; i < n; i++) {                                                    \
      rows[found] = (uint32_t)i;                                                        \
      found += verdicts[codes[i]];                                                      \
    }                                                                                   \
    return found;                                                                       \
  }

CHOOSE_NARROW(choose_u8, uint8_t)
CHOOSE_NARROW(choose_u16, uint16_t)
CHOOSE_NARROW(choose_u32, uint32_t)

size_t ecq_choose_narrow(const void *codes, size_t n, int bytes, const uint8_t *verdicts,
                         uint32_t *rows) {
  switch (bytes) {
    case 1: return choose_u8(codes, n, verdicts, rows);
    case 2: return choose_u16(codes, n, verdicts, rows);
    default: return choose_u32(codes, n, verdicts, rows);
  }
}

/// Writes the numbers of the bits of `mask`, counted from `first`: four at a time, and what is
/// written too much is overwritten by the next.
static inline size_t put_positions(uint64_t mask, uint32_t first, uint32_t *restrict rows) {
  size_t count = (size_t)__builtin_popcountll(mask);
  while (mask != 0) {
    for (int i = 0; i < 4; i++) {
      rows[i] = first + (mask == 0 ? 0 : (uint32_t)__builtin_ctzll(mask));
      mask &= mask - 1;
    }
    rows += 4;
  }
  return count;
}

#if defined(__SSE2__)
/// A bit for each of 16 codes that is the wanted one.
static inline uint64_t equal_u8(const uint8_t *codes, __m128i wanted) {
  __m128i values = _mm_loadu_si128((const __m128i *)codes);
  return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(values, wanted));
}

static inline uint64_t equal_u16(const uint16_t *codes, __m128i wanted) {
  const __m128i *values = (const __m128i *)codes;
  __m128i low = _mm_cmpeq_epi16(_mm_loadu_si128(values), wanted);
  __m128i high = _mm_cmpeq_epi16(_mm_loadu_si128(values + 1), wanted);
  return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

static inline uint64_t equal_u32(const uint32_t *codes, __m128i wanted) {
  const __m128i *values = (const __m128i *)codes;
  __m128i a = _mm_cmpeq_epi32(_mm_loadu_si128(values), wanted);
  __m128i b = _mm_cmpeq_epi32(_mm_loadu_si128(values + 1), wanted);
  __m128i c = _mm_cmpeq_epi32(_mm_loadu_si128(values + 2), wanted);
  __m128i d = _mm_cmpeq_epi32(_mm_loadu_si128(values + 3), wanted);
  __m128i all = _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
  return (uint64_t)(uint32_t)_mm_movemask_epi8(all);
}

#define WANTED_u8(CODE) _mm_set1_epi8((char)(CODE))
#define WANTED_u16(CODE) _mm_set1_epi16((short)(CODE))
#define WANTED_u32(CODE) _mm_set1_epi32((int)(CODE))
#define EQUAL_WHOLE(WIDTH)                                                       \
  for (; i + 64 <= n; i += 64) {                                                 \
    uint64_t mask = equal_##WIDTH(codes + i, WANTED_##WIDTH(code)) |             \
                    equal_##WIDTH(codes + i + 16, WANTED_##WIDTH(code)) << 16 |  \
                    equal_##WIDTH(codes + i + 32, WANTED_##WIDTH(code)) << 32 |  \
                    equal_##WIDTH(codes + i + 48, WANTED_##WIDTH(code)) << 48;   \
    found += put_positions(mask, (uint32_t)i, rows + found);                     \
  }
#else
#define EQUAL_WHOLE(WIDTH)
#endif

#define CHOOSE_EQUAL(NAME, TYPE, WIDTH)                                               \
  static size_t NAME(const TYPE *restrict codes, size_t n, uint32_t code,             \
                     uint32_t *restrict rows) {                                       \
    size_t found = 0, i = 0;                                                          \
    EQUAL_WHOLE(WIDTH)                                                                \
    for (; i < n; i++) {                                                              \
      rows[found] = (uint32_t)i;                                                      \
      found += codes[i] == code;                                                      \
    }                                                                                 \
    return found;                                                                     \
  }

CHOOSE_EQUAL(choose_equal_u8, uint8_t, u8)
CHOOSE_EQUAL(choose_equal_u16, uint16_t, u16)
CHOOSE_EQUAL(choose_equal_u32, uint32_t, u32)

size_t ecq_choose_equal(const void *codes, size_t n, int bytes, uint32_t code, uint32_t *rows) {
  if (bytes < 4 && code >> (8 * bytes) != 0) return 0;
  switch (bytes) {
    case 1: return choose_equal_u8(codes, n, code, rows);
    case 2: return choose_equal_u16(codes, n, code, rows);
    default: return choose_equal_u32(codes, n, code, rows);
  }
}
