#include "expand.h"

#define EXPAND_RUNS(NAME, TYPE)                                                       \
  void NAME(const TYPE *restrict values, const uint32_t *restrict lengths, size_t runs, \
            TYPE *restrict output) {                                                  \
    for (size_t run = 0; run < runs; run++) {                                         \
      TYPE value = values[run];                                                       \
      size_t length = lengths[run];                                                   \
      for (int i = 0; i < ECQ_RUN_SLACK; i++) output[i] = value;                      \
      for (size_t i = ECQ_RUN_SLACK; i < length; i++) output[i] = value;              \
      output += length;                                                               \
    }                                                                                 \
  }

EXPAND_RUNS(ecq_expand_runs_u32, uint32_t)
EXPAND_RUNS(ecq_expand_runs_u64, uint64_t)

#define EXPAND_REPEATS(NAME, TYPE)                                                    \
  void NAME(const TYPE *restrict changed, const uint8_t *restrict bits, size_t n,     \
            TYPE *restrict output) {                                                  \
    const TYPE *next = changed - 1;                                                   \
    size_t whole = n / 8;                                                             \
    for (size_t byte = 0; byte < whole; byte++) {                                     \
      unsigned mask = bits[byte];                                                     \
      for (int i = 0; i < 8; i++) {                                                   \
        next += mask >> i & 1;                                                        \
        output[byte * 8 + (size_t)i] = *next;                                         \
      }                                                                               \
    }                                                                                 \
    for (size_t i = whole * 8; i < n; i++) {                                          \
      next += bits[i / 8] >> (i % 8) & 1;                                             \
      output[i] = *next;                                                              \
    }                                                                                 \
  }

EXPAND_REPEATS(ecq_expand_repeats_u32, uint32_t)
EXPAND_REPEATS(ecq_expand_repeats_u64, uint64_t)

#define EXPAND_NEWCOMERS(NAME, TYPE)                                                  \
  void NAME(const TYPE *restrict others, const uint8_t *restrict bits, TYPE base,     \
            size_t n, TYPE *restrict output) {                                        \
    for (size_t i = 0; i < n; i++) {                                                  \
      TYPE is_new = bits[i / 8] >> (i % 8) & 1;                                       \
      base += is_new;                                                                 \
      TYPE keep = (TYPE)(0 - is_new);                                                 \
      output[i] = (base & keep) | (*others & (TYPE)~keep);                            \
      others += 1 - is_new;                                                           \
    }                                                                                 \
  }

EXPAND_NEWCOMERS(ecq_expand_newcomers_u32, uint32_t)
EXPAND_NEWCOMERS(ecq_expand_newcomers_u64, uint64_t)

#define ADD_DELTAS(NAME, TYPE)                                                        \
  void NAME(TYPE *values, size_t n) {                                                 \
    if (n == 0) return;                                                               \
    TYPE value = values[0];                                                           \
    for (size_t i = 1; i < n; i++) {                                                  \
      TYPE delta = values[i];                                                         \
      value += delta >> 1 ^ (TYPE)(0 - (delta & 1));                                  \
      values[i] = value;                                                              \
    }                                                                                 \
  }

ADD_DELTAS(ecq_add_deltas_u32, uint32_t)
ADD_DELTAS(ecq_add_deltas_u64, uint64_t)

size_t ecq_count_runs_u32(const uint32_t *values, size_t n) {
  size_t runs = n > 0;
  for (size_t i = 1; i < n; i++) runs += values[i] != values[i - 1];
  return runs;
}

void ecq_clustered_deltas_u64(const uint32_t *restrict clusters, const uint64_t *restrict heads,
                              const uint64_t *restrict gaps, size_t n,
                              uint64_t *restrict output) {
  if (n == 0) return;
  uint64_t value = *heads++;
  output[0] = value;
  for (size_t i = 1; i < n; i++) {
    uint64_t starts = clusters[i] != clusters[i - 1];
    uint64_t gap = *gaps, keep = starts - 1;
    // Either the head, or the value before and the difference: chosen by masks, not by a branch.
    uint64_t step = (gap >> 1 ^ (0 - (gap & 1))) + value;
    value = (*heads & ~keep) | (step & keep);
    heads += starts;
    gaps += 1 - starts;
    output[i] = value;
  }
}
