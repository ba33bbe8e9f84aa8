#ifndef ECQ_EXPAND_H
#define ECQ_EXPAND_H

#include <stddef.h>
#include <stdint.h>

/// Expansions that are sequential by nature: written so that no branch depends on the data.

/// Expands runs: value r stands for lengths[r] rows. The output has room for ECQ_RUN_SLACK values
/// more than the lengths add up to.
#define ECQ_RUN_SLACK 8
void ecq_expand_runs_u32(const uint32_t *values, const uint32_t *lengths, size_t runs,
                         uint32_t *output);
void ecq_expand_runs_u64(const uint64_t *values, const uint32_t *lengths, size_t runs,
                         uint64_t *output);

/// Expands repeats: row i takes the next of `changed` where bit i is set, else the row before's.
/// Bit 0 is set, and `changed` has as many values as bits are set.
void ecq_expand_repeats_u32(const uint32_t *changed, const uint8_t *bits, size_t n,
                            uint32_t *output);
void ecq_expand_repeats_u64(const uint64_t *changed, const uint8_t *bits, size_t n,
                            uint64_t *output);

/// Where bit i is set, row i is one more than the last such row's, counted from `base`; other rows
/// take the next of `others`, which is readable one value further.
void ecq_expand_newcomers_u32(const uint32_t *others, const uint8_t *bits, uint32_t base, size_t n,
                              uint32_t *output);
void ecq_expand_newcomers_u64(const uint64_t *others, const uint8_t *bits, uint64_t base, size_t n,
                              uint64_t *output);

/// Undoes zigzag differences in place: values[0] is kept, values[i] becomes values[i - 1] + delta.
void ecq_add_deltas_u32(uint32_t *values, size_t n);
void ecq_add_deltas_u64(uint64_t *values, size_t n);

/// The number of runs of equal neighbours among n values.
size_t ecq_count_runs_u32(const uint32_t *values, size_t n);

/// Row i is the next of `heads` where clusters[i] differs from clusters[i - 1] (and in row 0), else
/// the row before plus the next zigzag difference of `gaps`. Both are readable one value further.
void ecq_clustered_deltas_u64(const uint32_t *clusters, const uint64_t *heads,
                              const uint64_t *gaps, size_t n, uint64_t *output);

#endif
