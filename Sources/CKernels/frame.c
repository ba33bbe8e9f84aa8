#include "frame.h"

#include "dispatch.h"

#define EXTENT(NAME, SPAN, TYPE, ORDERED)                                    \
  ECQ_DISPATCHED struct SPAN NAME(const TYPE *values, size_t n) {            \
    ORDERED least = (ORDERED)values[0], greatest = (ORDERED)values[0];       \
    for (size_t i = 1; i < n; i++) {                                         \
      ORDERED value = (ORDERED)values[i];                                    \
      least = value < least ? value : least;                                 \
      greatest = value > greatest ? value : greatest;                        \
    }                                                                        \
    return (struct SPAN){(TYPE)least, (TYPE)greatest};                       \
  }

EXTENT(ecq_extent_u32, ecq_span_u32, uint32_t, uint32_t)
EXTENT(ecq_extent_u64, ecq_span_u64, uint64_t, int64_t)

#define DISTANCES(NAME, TYPE)                                                          \
  ECQ_DISPATCHED void NAME(const TYPE *restrict values, size_t n, TYPE reference,      \
                           TYPE *restrict output) {                                    \
    for (size_t i = 0; i < n; i++) output[i] = values[i] - reference;                  \
  }

DISTANCES(ecq_distances_u32, uint32_t)
DISTANCES(ecq_distances_u64, uint64_t)

/// Modulo the width, an odd number has an inverse, and the multiples of the number are what the
/// inverse takes to small numbers: their quotients. (Granlund and Montgomery, Division by Invariant
/// Integers using Multiplication, 1994, section 9.)
#define DIVIDE_EXACTLY(NAME, TYPE)                                                        \
  ECQ_DISPATCHED int NAME(TYPE *values, size_t n, TYPE divisor) {                         \
    int shift = __builtin_ctzll(divisor);                                                 \
    TYPE odd = divisor >> shift;                                                          \
    TYPE inverse = odd; /* right in its lowest three bits; each step doubles them */      \
    for (int bits = 3; bits < (int)sizeof(TYPE) * 8; bits *= 2) inverse *= 2 - odd * inverse; \
    TYPE limit = (TYPE)~(TYPE)0 / odd, low_bits = ((TYPE)1 << shift) - 1;                 \
    TYPE wrong = 0;                                                                       \
    for (size_t i = 0; i < n; i++)                                                        \
      wrong |= (TYPE)((TYPE)(values[i] * inverse) > limit) | (values[i] & low_bits);      \
    if (wrong != 0) return 0;                                                             \
    for (size_t i = 0; i < n; i++) values[i] = (TYPE)((values[i] >> shift) * inverse);    \
    return 1;                                                                             \
  }

DIVIDE_EXACTLY(ecq_divide_exactly_u32, uint32_t)
DIVIDE_EXACTLY(ecq_divide_exactly_u64, uint64_t)
