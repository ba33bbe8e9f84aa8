#include "choose.h"

#include "expand.h"
#include "vectors.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(ECQ_WIDE)
/// Writes the numbers of the rows whose bits are set, of 16 from `first` on: one instruction moves them
/// together.
WIDE static inline size_t put_compressed(__mmask16 mask, size_t first, uint32_t *rows) {
  const __m512i steps = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  __m512i numbers = _mm512_add_epi32(steps, _mm512_set1_epi32((int)first));
  _mm512_storeu_si512(rows, _mm512_maskz_compress_epi32(mask, numbers));
  return (size_t)__builtin_popcount(mask);
}

WIDE static inline __mmask16 within_u32(__m512i values, __m512i low, __m512i span) {
  return _mm512_cmple_epu32_mask(_mm512_sub_epi32(values, low), span);
}

WIDE static inline __mmask8 within_u64(const uint64_t *values, __m512i low, __m512i span) {
  return _mm512_cmple_epu64_mask(_mm512_sub_epi64(_mm512_loadu_si512(values), low), span);
}

WIDE static size_t choose_between_wide(const void *kept, size_t n, int bytes, uint64_t low,
                                       uint64_t span, uint32_t *rows) {
  const uint8_t *one = kept;
  const uint16_t *two = kept;
  const uint32_t *four = kept;
  const uint64_t *eight = kept;
  __m512i low32 = _mm512_set1_epi32((int)low), span32 = _mm512_set1_epi32((int)span);
  __m512i low64 = _mm512_set1_epi64((long long)low), span64 = _mm512_set1_epi64((long long)span);
  size_t found = 0, i = 0;
  for (; i + 16 <= n; i += 16) {
    __mmask16 mask;
    switch (bytes) {
      case 1: {
        __m128i values = _mm_loadu_si128((const __m128i *)(one + i));
        mask = within_u32(_mm512_cvtepu8_epi32(values), low32, span32);
        break;
      }
      case 2: {
        __m256i values = _mm256_loadu_si256((const __m256i *)(two + i));
        mask = within_u32(_mm512_cvtepu16_epi32(values), low32, span32);
        break;
      }
      case 4: mask = within_u32(_mm512_loadu_si512(four + i), low32, span32); break;
      default:
        mask = (__mmask16)(within_u64(eight + i, low64, span64) |
                           within_u64(eight + i + 8, low64, span64) << 8);
    }
    found += put_compressed(mask, i, rows + found);
  }
  for (; i < n; i++) {
    uint64_t value = bytes == 1 ? one[i] : bytes == 2 ? two[i] : bytes == 4 ? four[i] : eight[i];
    rows[found] = (uint32_t)i;
    found += value - low <= span;
  }
  return found;
}

WIDE static size_t choose_true_wide(const uint8_t *flags, size_t n, uint32_t *rows) {
  size_t found = 0, i = 0;
  for (; i + 16 <= n; i += 16) {
    __m128i values = _mm_loadu_si128((const __m128i *)(flags + i));
    found += put_compressed(_mm_test_epi8_mask(values, values), i, rows + found);
  }
  for (; i < n; i++) {
    rows[found] = (uint32_t)i;
    found += flags[i] != 0;
  }
  return found;
}

WIDE static inline __mmask16 changes(const uint32_t *values) {
  return _mm512_cmpneq_epi32_mask(_mm512_loadu_si512(values), _mm512_loadu_si512(values - 1));
}

WIDE static size_t choose_changes_wide(const uint32_t *groups, const uint32_t *codes, size_t n,
                                       uint32_t *rows) {
  size_t found = 0, i = 1;
  for (; i + 16 <= n; i += 16) {
    __mmask16 mask = (__mmask16)(changes(groups + i) | changes(codes + i));
    if (mask != 0) found += put_compressed(mask, i, rows + found);
  }
  for (; i < n; i++) {
    rows[found] = (uint32_t)i;
    found += groups[i] != groups[i - 1] || codes[i] != codes[i - 1];
  }
  return found;
}

/// The most codes whose verdicts two registers hold as bits.
enum { judged_codes_max = 1024 };

WIDE static size_t choose_codes_wide(const void *codes, size_t n, int bytes,
                                     const uint8_t *verdicts, size_t verdict_count,
                                     uint32_t *rows) {
  const uint8_t *one = codes;
  const uint16_t *two = codes;
  const uint32_t *four = codes;
  uint32_t words[judged_codes_max / 32] = {0};
  for (size_t code = 0; code < verdict_count; code++)
    words[code / 32] |= (uint32_t)verdicts[code] << code % 32;
  __m512i low = _mm512_loadu_si512(words), high = _mm512_loadu_si512(words + 16);
  const __m512i bit = _mm512_set1_epi32(1), last = _mm512_set1_epi32(31);
  size_t found = 0, i = 0;
  for (; i + 16 <= n; i += 16) {
    __m512i values;
    switch (bytes) {
      case 1: values = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(one + i))); break;
      case 2: values = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(two + i))); break;
      default: values = _mm512_loadu_si512(four + i);
    }
    __m512i word = _mm512_permutex2var_epi32(low, _mm512_srli_epi32(values, 5), high);
    __m512i wanted = _mm512_sllv_epi32(bit, _mm512_and_si512(values, last));
    found += put_compressed(_mm512_test_epi32_mask(word, wanted), i, rows + found);
  }
  for (; i < n; i++) {
    uint32_t code = bytes == 1 ? one[i] : bytes == 2 ? two[i] : four[i];
    rows[found] = (uint32_t)i;
    found += verdicts[code];
  }
  return found;
}
#endif

// MARK: Ranges and flags

#define CHOOSE_BETWEEN(TYPE)                     \
  for (size_t i = 0; i < n; i++) {               \
    rows[found] = (uint32_t)i;                   \
    found += ((const TYPE *)kept)[i] - low <= span; \
  }                                              \
  return found

size_t ecq_choose_between(const void *restrict kept, size_t n, int bytes, uint64_t low,
                          uint64_t span, uint32_t *restrict rows) {
#if defined(ECQ_WIDE)
  if (is_wide()) return choose_between_wide(kept, n, bytes, low, span, rows);
#endif
  size_t found = 0;
  switch (bytes) {
    case 1: CHOOSE_BETWEEN(uint8_t);
    case 2: CHOOSE_BETWEEN(uint16_t);
    case 4: CHOOSE_BETWEEN(uint32_t);
    default: CHOOSE_BETWEEN(uint64_t);
  }
}

size_t ecq_choose_true(const uint8_t *restrict flags, size_t n, uint32_t *restrict rows) {
#if defined(ECQ_WIDE)
  if (is_wide()) return choose_true_wide(flags, n, rows);
#endif
  size_t found = 0;
  for (size_t i = 0; i < n; i++) {
    rows[found] = (uint32_t)i;
    found += flags[i] != 0;
  }
  return found;
}

size_t ecq_choose_changes(const uint32_t *groups, const uint32_t *codes, size_t n, uint32_t *rows) {
#if defined(ECQ_WIDE)
  if (is_wide()) return choose_changes_wide(groups, codes, n, rows);
#endif
  size_t found = 0;
  for (size_t i = 1; i < n; i++) {
    rows[found] = (uint32_t)i;
    found += groups[i] != groups[i - 1] || codes[i] != codes[i - 1];
  }
  return found;
}

// MARK: Codes by verdict

size_t ecq_choose_runs(const uint32_t *restrict codes, const uint32_t *restrict ends, size_t runs,
                       const uint8_t *restrict verdicts, uint32_t *restrict rows) {
  size_t found = 0;
  // First the runs are chosen, some hundred at a time, then written down.
  uint32_t chosen[512];
  for (size_t first = 0; first < runs; first += 512) {
    size_t last = runs - first < 512 ? runs : first + 512;
    size_t count = 0;
    for (size_t run = first; run < last; run++) {
      chosen[count] = (uint32_t)run;
      count += verdicts[codes[run]];
    }
    for (size_t i = 0; i < count; i++) {
      uint32_t run = chosen[i];
      uint32_t start = run == 0 ? 0 : ends[run - 1];
      uint32_t length = ends[run] - start;
      uint32_t *out = rows + found;
      for (uint32_t row = 0; row < ECQ_RUN_SLACK; row++) out[row] = start + row;
      for (uint32_t row = ECQ_RUN_SLACK; row < length; row++) out[row] = start + row;
      found += length;
    }
  }
  return found;
}

#define CHOOSE_CODES(NAME, TYPE)                                                        \
  static size_t NAME(const TYPE *restrict codes, size_t n, const uint8_t *restrict verdicts, \
                     uint32_t *restrict rows) {                                         \
    size_t found = 0;                                                                   \
    for (size_t i = 0; i < n; i++) {                                                    \
      rows[found] = (uint32_t)i;                                                        \
      found += verdicts[codes[i]];                                                      \
    }                                                                                   \
    return found;                                                                       \
  }

CHOOSE_CODES(choose_u8, uint8_t)
CHOOSE_CODES(choose_u16, uint16_t)
CHOOSE_CODES(choose_u32, uint32_t)

size_t ecq_choose_codes(const void *codes, size_t n, int bytes, const uint8_t *verdicts,
                        size_t verdict_count, uint32_t *rows) {
#if defined(ECQ_WIDE)
  if (verdict_count <= judged_codes_max && verdict_count <= n && is_wide())
    return choose_codes_wide(codes, n, bytes, verdicts, verdict_count, rows);
#endif
  switch (bytes) {
    case 1: return choose_u8(codes, n, verdicts, rows);
    case 2: return choose_u16(codes, n, verdicts, rows);
    default: return choose_u32(codes, n, verdicts, rows);
  }
}

// MARK: One code

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
#if defined(ECQ_WIDE)
  if (is_wide()) return choose_between_wide(codes, n, bytes, code, 0, rows);
#endif
  switch (bytes) {
    case 1: return choose_equal_u8(codes, n, code, rows);
    case 2: return choose_equal_u16(codes, n, code, rows);
    default: return choose_equal_u32(codes, n, code, rows);
  }
}
