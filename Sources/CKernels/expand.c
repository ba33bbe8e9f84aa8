#include "expand.h"

#include "dispatch.h"

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

void ecq_expand_ends_u32(const uint32_t *restrict values, const uint32_t *restrict ends,
                         size_t runs, uint32_t *restrict output) {
  size_t start = 0;
  for (size_t run = 0; run < runs; run++) {
    uint32_t value = values[run];
    size_t end = ends[run];
    for (int i = 0; i < ECQ_RUN_SLACK; i++) output[start + (size_t)i] = value;
    for (size_t i = start + ECQ_RUN_SLACK; i < end; i++) output[i] = value;
    start = end;
  }
}

size_t ecq_bit_positions(const uint8_t *restrict bits, size_t n, uint32_t *restrict positions) {
  size_t found = 0;
  for (size_t byte = 0; byte * 8 < n; byte += 8) {
    uint64_t word = 0;
    size_t bytes = (n + 7) / 8 - byte;
    __builtin_memcpy(&word, bits + byte, bytes < 8 ? bytes : 8);
    if (n - byte * 8 < 64) word &= ((uint64_t)1 << (n - byte * 8)) - 1;
    size_t next = found + (size_t)__builtin_popcountll(word);
    while (word != 0) {
      // Four at a time: what is written too much is overwritten by the next.
      for (int i = 0; i < 4; i++) {
        positions[found + (size_t)i] =
            (uint32_t)(byte * 8) + (word == 0 ? 0 : (uint32_t)__builtin_ctzll(word));
        word &= word - 1;
      }
      found += 4;
    }
    found = next;
  }
  return found;
}

void ecq_clustered_sums_u64(const uint32_t *restrict ends, size_t clusters,
                            const uint64_t *restrict heads, const int64_t *restrict differences,
                            uint64_t *restrict output) {
  size_t start = 0;
  for (size_t cluster = 0; cluster < clusters; cluster++) {
    size_t length = ends[cluster] - start;
    uint64_t value = heads[cluster];
    uint64_t *out = output + start;
    out[0] = value;
    for (int i = 1; i < ECQ_RUN_SLACK; i++) {
      value += (uint64_t)differences[i - 1];
      out[i] = value;
    }
    for (size_t i = ECQ_RUN_SLACK; i < length; i++) {
      value += (uint64_t)differences[i - 1];
      out[i] = value;
    }
    differences += length - 1;
    start += length;
  }
}

ECQ_DISPATCHED void ecq_unzigzag_u64(uint64_t *values, size_t n) {
  for (size_t i = 0; i < n; i++) values[i] = values[i] >> 1 ^ (0 - (values[i] & 1));
}

void ecq_index_runs(const uint32_t *ends, size_t runs, uint32_t *first) {
  size_t stretch = 0;
  for (size_t run = 0; run < runs; run++)
    while (stretch * ECQ_INDEX_STRETCH < ends[run]) first[stretch++] = (uint32_t)run;
}

ECQ_DISPATCHED void ecq_pick_runs(const uint32_t *restrict codes, const uint32_t *restrict ends,
                                  size_t runs, const uint32_t *restrict first,
                                  const uint32_t *restrict rows, size_t n,
                                  uint32_t *restrict output) {
  for (size_t i = 0; i < n; i++) {
    uint32_t row = rows[i];
    size_t run = first[row / ECQ_INDEX_STRETCH];
    if (run + ECQ_INDEX_STRETCH <= runs) {
      // No more runs than rows begin in a stretch; counting those that have ended takes no branch.
      uint32_t ended = 0;
      for (int k = 0; k < ECQ_INDEX_STRETCH; k++) ended += ends[run + (size_t)k] <= row;
      run += ended;
    } else {
      while (ends[run] <= row) run++;
    }
    output[i] = codes[run];
  }
}
