#include "blend.h"

#include "dispatch.h"

#define BLEND(NAME, TYPE)                                                                    \
  ECQ_DISPATCHED void NAME(const uint8_t *restrict flags, size_t n, const TYPE *restrict yes, \
                           int yes_is_one, const TYPE *restrict no, int no_is_one,           \
                           TYPE *restrict output) {                                          \
    if (n == 0) return;                                                                      \
    TYPE one = yes[0], other = no[0];                                                        \
    if (yes_is_one && no_is_one) {                                                           \
      for (size_t i = 0; i < n; i++) output[i] = flags[i] ? one : other;                     \
    } else if (yes_is_one) {                                                                 \
      for (size_t i = 0; i < n; i++) output[i] = flags[i] ? one : no[i];                     \
    } else if (no_is_one) {                                                                  \
      for (size_t i = 0; i < n; i++) output[i] = flags[i] ? yes[i] : other;                  \
    } else {                                                                                 \
      for (size_t i = 0; i < n; i++) output[i] = flags[i] ? yes[i] : no[i];                  \
    }                                                                                        \
  }

BLEND(ecq_blend_u64, uint64_t)
BLEND(ecq_blend_u8, uint8_t)
