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

/// As ecq_expand_runs_u32, for runs given by one past their last row.
void ecq_expand_ends_u32(const uint32_t *values, const uint32_t *ends, size_t runs,
                         uint32_t *output);

/// The numbers of the set bits among the first n, ascending; `positions` has room for eight more.
/// Returns how many there are.
size_t ecq_bit_positions(const uint8_t *bits, size_t n, uint32_t *positions);

/// Clusters given by one past their last row: each starts with its head and goes on by differences
/// (not zigzag-coded). `differences` is readable, and `output` writable, ECQ_RUN_SLACK further.
void ecq_clustered_sums_u64(const uint32_t *ends, size_t clusters, const uint64_t *heads,
                            const int64_t *differences, uint64_t *output);

/// Undoes the zigzag coding of n numbers in place.
void ecq_unzigzag_u64(uint64_t *values, size_t n);

/// Rows that share an entry of an index of runs.
#define ECQ_INDEX_STRETCH 32

/// For each stretch of rows, the run of its first: first[s] is the run of row s * ECQ_INDEX_STRETCH.
void ecq_index_runs(const uint32_t *ends, size_t runs, uint32_t *first);

/// The codes of rows, in any order, of runs with such an index.
void ecq_pick_runs(const uint32_t *codes, const uint32_t *ends, size_t runs, const uint32_t *first,
                   const uint32_t *rows, size_t n, uint32_t *output);

#endif
