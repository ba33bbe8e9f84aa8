#include "planes.h"

#include "dispatch.h"

#define SPLIT(NAME, TYPE)                                                                  \
  ECQ_DISPATCHED void NAME(const TYPE *restrict values, size_t n, int width,               \
                           uint8_t *restrict planes) {                                     \
    for (int plane = 0; plane < width; plane++) {                                          \
      uint8_t *restrict out = planes + (size_t)plane * n;                                  \
      for (size_t i = 0; i < n; i++) out[i] = (uint8_t)(values[i] >> (8 * plane));         \
    }                                                                                      \
  }

SPLIT(ecq_split_planes_u32, uint32_t)
SPLIT(ecq_split_planes_u64, uint64_t)

#define JOIN(NAME, TYPE)                                                                   \
  ECQ_DISPATCHED void NAME(const uint8_t *restrict planes, size_t n, int width,            \
                           TYPE *restrict values) {                                        \
    const uint8_t *p0 = planes, *p1 = planes + n, *p2 = planes + 2 * n, *p3 = planes + 3 * n; \
    switch (width) {                                                                       \
      case 0: for (size_t i = 0; i < n; i++) values[i] = 0; return;                        \
      case 1: for (size_t i = 0; i < n; i++) values[i] = p0[i]; return;                    \
      case 2:                                                                              \
        for (size_t i = 0; i < n; i++) values[i] = (TYPE)p0[i] | (TYPE)p1[i] << 8;         \
        return;                                                                            \
      case 3:                                                                              \
        for (size_t i = 0; i < n; i++)                                                     \
          values[i] = (TYPE)p0[i] | (TYPE)p1[i] << 8 | (TYPE)p2[i] << 16;                  \
        return;                                                                            \
    }                                                                                      \
    for (size_t i = 0; i < n; i++)                                                         \
      values[i] = (TYPE)p0[i] | (TYPE)p1[i] << 8 | (TYPE)p2[i] << 16 | (TYPE)p3[i] << 24;  \
    for (int plane = 4; plane < width; plane++) {                                          \
      const uint8_t *restrict in = planes + (size_t)plane * n;                             \
      for (size_t i = 0; i < n; i++) values[i] |= (TYPE)((uint64_t)in[i] << (8 * plane));  \
    }                                                                                      \
  }

JOIN(ecq_join_planes_u32, uint32_t)
JOIN(ecq_join_planes_u64, uint64_t)

ECQ_DISPATCHED void ecq_scale_u64(uint64_t *values, size_t n, uint64_t scale, uint64_t reference) {
  for (size_t i = 0; i < n; i++) values[i] = values[i] * scale + reference;
}

ECQ_DISPATCHED void ecq_offset_u32(uint32_t *values, size_t n, uint32_t reference) {
  for (size_t i = 0; i < n; i++) values[i] += reference;
}

ECQ_DISPATCHED uint32_t ecq_max_u32(const uint32_t *values, size_t n) {
  uint32_t max = 0;
  for (size_t i = 0; i < n; i++) max = values[i] > max ? values[i] : max;
  return max;
}

ECQ_DISPATCHED struct ecq_summary_i64 ecq_summarize_gathered_i64(const int64_t *restrict map,
                                                                 const uint32_t *restrict codes,
                                                                 size_t n) {
  int64_t least = INT64_MAX, greatest = INT64_MIN;
  uint64_t sum = 0;
  for (size_t i = 0; i < n; i++) {
    int64_t value = map[codes[i]];
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    sum += (uint64_t)value;
  }
  return (struct ecq_summary_i64){least, greatest, sum};
}

ECQ_DISPATCHED void ecq_gather_u32(const uint32_t *restrict map, const uint32_t *restrict codes,
                                   size_t n, uint32_t *restrict output) {
  for (size_t i = 0; i < n; i++) output[i] = map[codes[i]];
}

ECQ_DISPATCHED void ecq_gather_u64(const uint64_t *restrict map, const uint32_t *restrict codes,
                                   size_t n, uint64_t *restrict output) {
  for (size_t i = 0; i < n; i++) output[i] = map[codes[i]];
}

#define UNPACK_BITS(NAME, TYPE)                                                        \
  ECQ_DISPATCHED void NAME(const uint8_t *restrict packed, size_t n, int bits,         \
                           TYPE reference, TYPE *restrict output) {                    \
    uint64_t mask = ((uint64_t)1 << bits) - 1;                                         \
    for (size_t i = 0; i < n; i++) {                                                   \
      size_t position = i * (size_t)bits;                                              \
      uint64_t word;                                                                   \
      __builtin_memcpy(&word, packed + position / 8, 8);                               \
      output[i] = reference + (TYPE)(word >> (position % 8) & mask);                   \
    }                                                                                  \
  }

UNPACK_BITS(ecq_unpack_bits_u32, uint32_t)
UNPACK_BITS(ecq_unpack_bits_u64, uint64_t)

#define PACK_BITS(NAME, TYPE)                                                          \
  void NAME(const TYPE *restrict values, size_t n, int bits, TYPE reference,           \
            uint8_t *restrict packed) {                                                \
    uint64_t held = 0;                                                                 \
    int filled = 0;                                                                    \
    for (size_t i = 0; i < n; i++) {                                                   \
      held |= (uint64_t)(TYPE)(values[i] - reference) << filled;                       \
      filled += bits;                                                                  \
      for (int byte = 0; byte < 8; byte++) packed[byte] = (uint8_t)(held >> 8 * byte); \
      packed += filled / 8;                                                            \
      held >>= filled / 8 * 8;                                                         \
      filled %= 8;                                                                     \
    }                                                                                  \
    *packed = (uint8_t)held;                                                           \
  }

PACK_BITS(ecq_pack_bits_u32, uint32_t)
PACK_BITS(ecq_pack_bits_u64, uint64_t)
